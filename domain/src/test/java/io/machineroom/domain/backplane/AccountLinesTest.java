package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the receipts of a node are published. */
final class AccountLinesTest {
    private static final Endpoint BROKER = new Endpoint(
            List.of(URI.create("nats://broker:4222")),
            TrustPolicy.system(),
            new Endpoint.Credentials.NatsCredsFile(Secret.of("creds")),
            "backplane",
            Duration.ofSeconds(5));

    private final OfficeWorld world = new OfficeWorld(54);
    private final SimNetwork network = new SimNetwork(world.tasks);
    private final IngestPorts ports = new IngestPorts(
            world.tasks, world.tasks.time(), world.tasks.entropy(), new SimMeter(), world.json, world.format);
    private final AccountLines lines =
            new AccountLines(ports, world.office.book().sites());

    private List<String> heardOf(Origin node) {
        List<String> heard = new ArrayList<>();
        network.serve("broker");
        SimTransport nats = SimTransport.nats(network, "backplane");
        Supervisor supervisor = new Supervisor(
                SupervisorSettings.defaults(), world.tasks, world.tasks.time(), world.tasks.entropy(), new SimMeter());
        world.tasks.run(() -> lines.open(
                "acme",
                supervisor,
                customer -> new Line(
                        customer,
                        nats,
                        () -> Optional.of(BROKER),
                        link -> world.tasks.sleep(Duration.ofHours(1)),
                        world.tasks)));
        world.tasks.fork("listener", () -> {
            Mailbox<Message> box = world.tasks.mailbox(10);
            try (Link link = nats.connect(BROKER)) {
                link.subscribe(Subject.of("machine_room.>"), box);
                while (true) {
                    heard.add(box.take().subject().text());
                }
            }
        });
        world.tasks.advance(Duration.ofSeconds(5));
        world.tasks.run(() -> lines.send(node, new SignedMark("text", "signature")));
        world.tasks.advance(Duration.ofSeconds(5));
        assertTrue(
                world.tasks.failures().isEmpty(), () -> world.tasks.failures().toString());
        return heard;
    }

    @Test
    void givesTheReceiptOfASitesNodeToItsLeaderToo() {
        world.site("acme", "plant", "boss");
        assertEquals(
                List.of("machine_room.receipt.UN1", "machine_room.site_receipt.plant.UN1"),
                heardOf(new Origin("acme", "plant", "n1", "UN1")));
    }

    @Test
    void givesTheReceiptOfAnyOtherNodeToNobodyElse() {
        world.site("acme", "plant", "boss");
        assertEquals(List.of("machine_room.receipt.UN1"), heardOf(new Origin("acme", "hall", "n1", "UN1")));
    }
}
