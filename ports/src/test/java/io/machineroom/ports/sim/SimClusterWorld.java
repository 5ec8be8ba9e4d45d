package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Three brokers of one cluster; abstract because it holds no test. */
abstract class SimClusterWorld {
    static final Path HOME = Path.of("broker");
    static final Duration ELECTED = SimCluster.ELECTION.plusSeconds(1);
    static final String BUCKET = "CONFIG";

    final SimTasks sim = new SimTasks(11);
    final SimNetwork network = new SimNetwork(sim);
    final Map<Integer, SimBroker> brokers = new TreeMap<>();

    void within(Tasks.Body body) {
        sim.run(body);
    }

    static String host(int member) {
        return "l" + member;
    }

    SimBroker broker(int member) {
        return brokers.computeIfAbsent(member, m -> new SimBroker(network, host(m)));
    }

    Broker.Running start(int member) throws InterruptedException {
        return start(broker(member), member);
    }

    static Broker.Running start(SimBroker broker, int member) throws InterruptedException {
        List<BrokerCluster.Route> routes = List.of(route(1), route(2), route(3));
        BrokerCluster told = new BrokerCluster("acme-plant", member, 9224, "route", Secret.of("r"), routes);
        return broker.start(
                new Broker.Spec("0.0.0.0", 9222, HOME, HOME, HOME, "jwt", List.of(), "ASYS", Optional.empty())
                        .within(new Broker.Membership(told, "plant-" + member, HOME)),
                Duration.ZERO);
    }

    static BrokerCluster.Route route(int member) {
        return new BrokerCluster.Route(member, host(member), 9224);
    }

    /** All three run, and a bucket and a stream are there. */
    void begin() throws InterruptedException {
        start(1);
        start(2);
        start(3);
        sim.sleep(ELECTED);
        Link link = link(1);
        link.ensureBucket(BUCKET);
        link.ensureStream(new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>")),
                StreamSpec.Retention.WORK_QUEUE,
                1_000_000,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW));
        link.close();
    }

    Link link(int member) throws InterruptedException {
        return link(host(member));
    }

    Link link(String host) throws InterruptedException {
        return SimTransport.nats(network, "client")
                .connect(new Endpoint(
                        List.of(URI.create("tls://" + host + ":9222")),
                        TrustPolicy.system(),
                        new Endpoint.Credentials.NatsUser(
                                Secret.of("jwt"), new KeyRole("leader", KeyRole.Form.NKEY_USER)),
                        "client",
                        Duration.ofSeconds(5)));
    }

    Bucket bucket(int member) throws InterruptedException {
        return link(member).bucket(BUCKET);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String value(int member) throws InterruptedException {
        return bucket(member)
                .get("key")
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                .orElse("");
    }

    Message message(String subject) {
        return new Message(
                Subject.of(subject),
                "m1",
                Map.of(),
                ByteBuffer.wrap(bytes("x")),
                sim.time().wall());
    }

    void part(int... members) {
        for (int one : members) {
            for (int other = 1; other <= 3; other++) {
                int there = other;
                if (IntStream.of(members).noneMatch(m -> m == there)) {
                    network.cut(host(one), host(other));
                }
            }
        }
    }

    void answersNobody(int member) throws InterruptedException {
        Link link = link(member);
        long before = sim.time().ticks();
        assertEquals(
                "bucket.unreachable",
                assertThrows(
                                PortException.Unavailable.class,
                                () -> link.bucket(BUCKET).put("key", bytes("refused")))
                        .code());
        assertEquals(SimLink.PATIENCE, Duration.ofNanos(sim.time().ticks() - before));
        assertThrows(PortException.Unavailable.class, () -> link.bucket(BUCKET).get("key"));
        assertThrows(PortException.Unavailable.class, () -> link.store(List.of(message("mr.a"))));
        assertThrows(PortException.Unavailable.class, () -> link.ensureBucket(BUCKET));
        assertThrows(PortException.Unavailable.class, () -> link.intake("MR_INTAKE", "x"));
        assertEquals(Link.State.CONNECTED, link.state());
    }
}
