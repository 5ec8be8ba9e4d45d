package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The intake stream of one customer, with whatever its nodes put into it. */
final class CustomerIntakeTest {
    private static final Origin GOOD = new Origin("acme", "", "good", "UGOOD");
    private static final Origin BAD = new Origin("acme", "", "bad", "UBAD");

    private final OfficeWorld world = new OfficeWorld(31);
    private final SimNetwork network = new SimNetwork(world.tasks);
    private final SimStreams broker = network.serve("broker");
    private final SimMeter meter = new SimMeter();
    private final List<Message> sent = new ArrayList<>();

    private void enrol(Origin node) {
        world.office
                .register()
                .put(new EnrolledNode(node, node.identity().repeat(8), "0".repeat(64), "1.0.0", 0, Value.obj()));
    }

    private void send(Origin node, long number, String id, byte[] body, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(
                event(node, epoch(1), null, number, id).stamp().headers());
        headers.put("Mr-Id", id);
        headers.put("Content-Type", "application/cloudevents+json");
        headers.putAll(more);
        sendAs("mr." + node.nodeKey() + ".choria.machine.transition", node, body, headers);
    }

    private void sendAs(String subject, Origin node, byte[] body, Map<String, String> headers) {
        sent.add(new Message(
                Subject.of(subject),
                node.nodeKey() + sent.size(),
                headers,
                ByteBuffer.wrap(body),
                world.tasks.time().wall()));
    }

    private void run() throws InterruptedException {
        CustomerIntake intake = new CustomerIntake("acme", world.office, world.ingest, world.tasks, meter);
        broker.ensureStream(CustomerIntake.stream());
        world.tasks.run(() -> {
            try (Link link = connect()) {
                link.store(raw());
            }
        });
        world.tasks.fork("account-acme", () -> {
            try (Link link = connect()) {
                intake.over(link);
            }
        });
        assertTrue(
                world.tasks.runUntil(
                        () -> broker.messages(CustomerIntake.STREAM).isEmpty(), Duration.ofMinutes(2)),
                () -> world.tasks.dump());
        assertTrue(
                world.tasks.failures().isEmpty(), () -> world.tasks.failures().toString());
    }

    /** A link to the stream puts its own {@code Mr-Id} into what it stores; nodes choose theirs. */
    private List<Message> raw() {
        return sent.stream()
                .map(m -> new Message(
                        m.subject(), m.headers().getOrDefault("Mr-Id", ""), m.headers(), m.body(), m.created()))
                .toList();
    }

    private Link connect() throws InterruptedException {
        return SimTransport.nats(network, "backplane")
                .connect(new Endpoint(
                        List.of(URI.create("nats://broker:4222")),
                        TrustPolicy.system(),
                        new Endpoint.Credentials.NatsCredsFile(Secret.of("creds")),
                        "backplane",
                        Duration.ofSeconds(5)));
    }

    private List<String> stored(Origin node) {
        List<String> out = new ArrayList<>();
        world.tasks.run(() -> {
            try (EventLog.Reader reader = world.log.reader(0)) {
                reader.read(10_000, Duration.ZERO).stream()
                        .map(EventLog.Stored::entry)
                        .filter(e -> e.nodeKey().equals(node.nodeKey()))
                        .forEach(e -> out.add(e.message().id()));
            }
        });
        return out;
    }

    @Test
    void oneNodesRubbishIsDroppedAndTheOthersAreServed() throws InterruptedException {
        enrol(GOOD);
        enrol(BAD);
        for (long n = 1; n <= 20; n++) {
            send(GOOD, n, "good-" + n, new byte[10], Map.of());
            send(BAD, n, "bad-" + n, new byte[10], Map.of("Mr-Number", "-" + n));
            send(BAD, n, "odd-" + n, new byte[10], Map.of("Trace", "a\r\nNats-Rollup: all"));
            send(BAD, n, "old-" + n, new byte[10], Map.of("Mr-Previous", epoch(1).wire() + "/0"));
            send(new Origin("acme", "", "x", "USTRANGER"), n, "stranger-" + n, new byte[10], Map.of());
        }
        run();
        assertEquals(20, stored(GOOD).size());
        assertEquals("good-20", stored(GOOD).getLast());
        assertEquals(List.of(), stored(BAD));
        assertEquals(60, meter.counter("mr_backplane_arrivals_refused_total{code=\"arrival.malformed\"}"));
        assertEquals(20, meter.counter("mr_backplane_arrivals_refused_total{code=\"arrival.stranger\"}"));
    }

    @Test
    void largeEventsAreHandedOnAFewAtATime() throws InterruptedException {
        enrol(GOOD);
        for (long n = 1; n <= 60; n++) {
            send(GOOD, n, "good-" + n, new byte[1 << 20], Map.of());
        }
        run();
        assertEquals(60, stored(GOOD).size());
        assertEquals(0, meter.counter("mr_backplane_intake_busy_total"));
    }

    private void passOn(String site, Origin node, long number, String id, String subject) {
        Map<String, String> headers = new LinkedHashMap<>(
                event(node, epoch(1), null, number, id).stamp().headers());
        headers.put("Mr-Id", id);
        headers.put("Content-Type", "application/cloudevents+json");
        sendAs("ms." + site + "." + node.nodeKey() + subject, node, new byte[10], headers);
    }

    private List<String> subjects(Origin node) {
        List<String> out = new ArrayList<>();
        world.tasks.run(() -> {
            try (EventLog.Reader reader = world.log.reader(0)) {
                reader.read(10_000, Duration.ZERO).stream()
                        .map(EventLog.Stored::entry)
                        .filter(e -> e.nodeKey().equals(node.nodeKey()))
                        .forEach(e -> out.add(e.site() + " " + e.message().subject()));
            }
        });
        return out;
    }

    @Test
    void w63TheSiteIsInTheSubjectOfWhatItsLeaderPassesOn() throws InterruptedException {
        world.site("acme", "plant", "boss");
        Origin follower = new Origin("acme", "plant", "n1", "UN1");
        Origin boss = new Origin("acme", "plant", "boss", "UBOSS");
        enrol(follower);
        enrol(boss);
        passOn("plant", follower, 1, "f-1", ".choria.lifecycle.event");
        send(follower, 2, "f-2", new byte[10], Map.of());
        passOn("plant", follower, 3, "f-3", ".ms.plant.UN1.x");
        send(boss, 1, "b-1", new byte[10], Map.of());
        passOn("plant", boss, 2, "b-2", ".choria.machine.transition");
        run();
        assertEquals(List.of("f-1", "f-2", "f-3"), stored(follower));
        assertEquals(
                List.of("plant choria.lifecycle.event", "plant choria.machine.transition", "plant ms.plant.UN1.x"),
                subjects(follower));
        assertEquals(List.of("b-1", "b-2"), stored(boss));
    }

    @Test
    void w32ALeaderSpeaksForTheNodesOfItsOwnSiteOnly() throws InterruptedException {
        world.site("acme", "plant", "boss");
        world.site("acme", "hall", "hboss");
        world.site("bolt", "plant", "boss");
        Origin ours = new Origin("acme", "plant", "n1", "UN1");
        Origin theirs = new Origin("acme", "hall", "n2", "UN2");
        Origin lone = new Origin("acme", "", "n3", "UN3");
        Origin unregistered = new Origin("acme", "yard", "n4", "UN4");
        Origin elsewhere = new Origin("bolt", "plant", "n5", "UN5");
        List.of(ours, theirs, lone, unregistered, elsewhere).forEach(this::enrol);
        List<Origin> foreign = List.of(theirs, lone, elsewhere, new Origin("acme", "plant", "x", "USTRANGER"));
        foreign.forEach(node -> passOn("plant", node, 1, "forged-" + node.nodeKey(), ".choria.machine.transition"));
        passOn("yard", unregistered, 1, "forged-yard", ".choria.machine.transition");
        passOn("plant", ours, 1, "o-1", ".choria.machine.transition");
        sendAs("ms.plant", ours, new byte[1], Map.of());
        sendAs("ms.plant.UN1", ours, new byte[1], Map.of());
        send(lone, 1, "l-1", new byte[10], Map.of());
        run();
        assertEquals(List.of("o-1"), stored(ours));
        assertEquals(List.of("l-1"), stored(lone), "a refused forgery costs the node nothing");
        for (Origin node : List.of(theirs, unregistered, elsewhere)) {
            assertEquals(List.of(), stored(node));
        }
        assertEquals(5, meter.counter("mr_backplane_arrivals_refused_total{code=\"site.foreign\"}"));
        assertEquals(2, meter.counter("mr_backplane_arrivals_refused_total{code=\"arrival.stranger\"}"));
    }

    @Test
    void w54AnIntakeStreamFromBeforeSitesIsBroughtUpToDate() throws InterruptedException {
        StreamSpec now = CustomerIntake.stream();
        broker.ensureStream(new StreamSpec(
                now.name(),
                List.of(Subject.of("mr.>"), Subject.of("mu.>")),
                now.retention(),
                now.maxBytes(),
                now.maxAge(),
                now.maxMessagesPerSubject(),
                now.discard()));
        world.site("acme", "plant", "boss");
        Origin node = new Origin("acme", "plant", "n1", "UN1");
        enrol(node);
        CustomerIntake intake = new CustomerIntake("acme", world.office, world.ingest, world.tasks, meter);
        world.tasks.fork("account-acme", () -> {
            try (Link link = connect()) {
                intake.over(link);
            }
        });
        world.tasks.advance(Duration.ofSeconds(5));
        passOn("plant", node, 1, "p-1", ".choria.machine.transition");
        world.tasks.run(() -> {
            try (Link link = connect()) {
                link.store(raw());
            }
        });
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(List.of("p-1"), stored(node));
    }

    @Test
    void takesNothingForASiteThatWasRemoved() throws InterruptedException {
        world.site("acme", "plant", "boss");
        Origin node = new Origin("acme", "plant", "n1", "UN1");
        enrol(node);
        world.office.sites().remove("acme", "plant");
        passOn("plant", node, 1, "p-1", ".choria.machine.transition");
        send(node, 1, "m-1", new byte[10], Map.of());
        run();
        assertEquals(List.of("m-1"), stored(node));
        assertEquals(1, meter.counter("mr_backplane_arrivals_refused_total{code=\"site.foreign\"}"));
    }

    private Optional<String> inBucket(String key) throws InterruptedException {
        List<Optional<String>> out = new ArrayList<>();
        world.tasks.run(() -> {
            try (Link link = connect()) {
                out.add(link.bucket(BucketSpec.CONFIG)
                        .get(key)
                        .map(e -> new String(e.value(), StandardCharsets.UTF_8)));
            }
        });
        return out.getFirst();
    }

    @Test
    void w37TellsTheNodesOverNatsWhichSitesWereChanged() throws InterruptedException {
        CustomerIntake intake = new CustomerIntake("acme", world.office, world.ingest, world.tasks, meter);
        world.tasks.fork("account-acme", () -> {
            try (Link link = connect()) {
                intake.over(link);
            }
        });
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(Optional.empty(), inBucket("sites"));
        world.site("acme", "plant", "boss");
        long first = world.now().getEpochSecond();
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(Optional.of("{\"plant\":{\"changed\":" + first + "}}"), inBucket("sites"));
        world.office.sites().remove("acme", "plant");
        long second = world.now().getEpochSecond();
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(Optional.of("{\"plant\":{\"changed\":" + second + "}}"), inBucket("sites"));
        assertEquals(Optional.empty(), inBucket("machines"));
    }
}
