package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The backplane opens governors of its customers that somebody left closed, each over the line to its account. */
final class GovernorWatchTest {
    private final OfficeWorld world = new OfficeWorld(55);
    private final SimNetwork network = new SimNetwork(world.tasks);
    private final SimMeter meter = new SimMeter();
    private final IngestPorts ports =
            new IngestPorts(world.tasks, world.tasks.time(), world.tasks.entropy(), meter, world.json, world.format);
    private final AccountLines lines =
            new AccountLines(ports, world.office.book().sites());
    private final Supervisor supervisor = new Supervisor(
            SupervisorSettings.defaults(), world.tasks, world.tasks.time(), world.tasks.entropy(), meter);

    private SimStreams account(String customer) {
        SimStreams streams = network.serve(customer + "-broker");
        SimTransport nats = SimTransport.nats(network, "backplane");
        Endpoint endpoint = new Endpoint(
                List.of(URI.create("nats://" + customer + "-broker:4222")),
                TrustPolicy.system(),
                new Endpoint.Credentials.NatsCredsFile(Secret.of("creds")),
                "backplane",
                Duration.ofSeconds(5));
        world.tasks.run(() -> lines.open(
                customer,
                supervisor,
                name -> new Line(
                        name,
                        nats,
                        () -> Optional.of(endpoint),
                        link -> world.tasks.sleep(Duration.ofHours(1)),
                        world.tasks)));
        streams.governors().ensure(new Rules("BACKUP", 1, Duration.ofMinutes(10), 1));
        return streams;
    }

    @Test
    void streamsW51OpensWhatAKilledCommandLeftAtEachCustomer() {
        SimStreams acme = account("acme");
        SimStreams globex = account("globex");
        acme.governors().leaveClosed("BACKUP", "killed");
        globex.governors().leaveClosed("BACKUP", "killed too");
        world.tasks.fork("governors", new GovernorWatch(lines, ports)::run);
        assertTrue(world.tasks.runUntil(() -> meter.counter("mr_governors_opened_total") == 2, Duration.ofMinutes(2)));
        assertEquals(1, acme.governors().enterAs("BACKUP", "n1"));
        assertEquals(1, globex.governors().enterAs("BACKUP", "n1"));
        assertTrue(
                world.tasks.failures().isEmpty(), () -> world.tasks.failures().toString());
    }

    /** One whose line is down is looked at when it is up again; the others do not wait for it. */
    @Test
    void aCustomerThatCannotBeReachedHoldsUpNobody() {
        SimStreams acme = account("acme");
        SimStreams globex = account("globex");
        acme.governors().leaveClosed("BACKUP", "killed");
        globex.governors().leaveClosed("BACKUP", "killed");
        network.cut("backplane", "acme-broker");
        world.tasks.fork("governors", new GovernorWatch(lines, ports)::run);
        assertTrue(world.tasks.runUntil(() -> meter.counter("mr_governors_opened_total") == 1, Duration.ofMinutes(2)));
        assertEquals(1, globex.governors().enterAs("BACKUP", "n1"));
    }
}
