package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimStreams;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What reaches the vendor, whatever nodes managed to get into the log. */
final class VendorStreamsTest {
    private final SimTasks tasks = new SimTasks(23);
    private final SimStorage disk = new SimStorage(tasks::await);
    private final EventLog log =
            SimEventLog.open(disk, new SpoolProvider.LogSettings(Path.of("/log"), 8 << 20, 0), tasks.entropy());
    private final SimNetwork network = new SimNetwork(tasks);
    private final SimStreams broker = network.serve("broker");
    private final SimFiles files = SimFiles.fresh(tasks);
    private long stored;

    private VendorStreams start() {
        SimJson json = new SimJson();
        EventDecoder decoder = new EventDecoder(List.of(new SimEvents()), json);
        VendorStreams streams = new VendorStreams(log, files, json, decoder, tasks.time());
        streams.load();
        tasks.fork("vendor-streams", () -> {
            try (Link link = SimTransport.nats(network, "backplane").connect(endpoint())) {
                streams.over(link);
            }
        });
        return streams;
    }

    private static Endpoint endpoint() {
        return new Endpoint(
                List.of(URI.create("nats://broker:4222")),
                TrustPolicy.system(),
                new Endpoint.Credentials.NatsCredsFile(Secret.of("creds")),
                "backplane",
                Duration.ofSeconds(5));
    }

    private static Message message(String subject, String id, byte[] body) {
        return new Message(
                Subject.of(subject),
                id,
                Map.of(Message.CONTENT_TYPE, "application/cloudevents+json"),
                ByteBuffer.wrap(body),
                SimTasks.START);
    }

    private void store(String identity, long number, Message message) {
        EventLog.Entry entry = new EventLog.Entry(
                "acme",
                "",
                identity,
                NODE.nodeKey(),
                event(NODE, epoch(1), null, number, message.id()).stamp(),
                message,
                SimTasks.START);
        tasks.run(() -> log.append(List.of(entry)));
        stored++;
    }

    private void store(long number, String id) {
        store("n1", number, message("choria.machine.transition", id, new byte[] {'{', '}'}));
    }

    private List<String> ids(String stream) {
        List<String> out = new ArrayList<>();
        for (Message message : broker.messages(stream)) {
            String id = message.headers().getOrDefault("Mr-Id", "");
            out.add(id.substring(id.lastIndexOf('.') + 1));
        }
        return out;
    }

    private void written(VendorStreams streams) {
        assertTrue(tasks.runUntil(() -> streams.position() == stored, Duration.ofSeconds(30)), () -> tasks.dump());
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void bringsBothEventsOfAForkAndDropsWhatIsWrittenTwice() {
        store(1, "mine");
        store(1, "of-the-clone");
        store(2, "next");
        written(start());
        assertEquals(List.of("mine", "of-the-clone", "next"), ids("MACHINE_ROOM_EVENTS"));
        files.delete("vendor-streams.json");
        written(start());
        assertEquals(List.of("mine", "of-the-clone", "next"), ids("MACHINE_ROOM_EVENTS"));
    }

    @Test
    void leavesOutInventoriesThatAreNoneAndServesTheOthers() {
        store(1, "before");
        store("n1", 2, message("choria.broadcast.agent.registration", "torn", new byte[] {'{'}));
        store("n1", 3, message("choria.broadcast.agent.registration", "empty", new byte[0]));
        String year = "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\","
                + "\"datacontenttype\":\"application/json\",\"time\":\"+999999999-01-01T00:00:00Z\",\"data\":{}}";
        store("n1", 4, message("choria.broadcast.agent.registration", "far", year.getBytes(StandardCharsets.UTF_8)));
        store(5, "after");
        written(start());
        assertEquals(List.of("before", "after"), ids("MACHINE_ROOM_EVENTS"));
    }

    @Test
    void leavesOutWhatTheBrokerCannotTakeAndServesTheOthers() {
        byte[] huge = new byte[1_000];
        List<String> asked = new ArrayList<>();
        broker.refusing(m -> {
            asked.add(m.id().substring(m.id().lastIndexOf('.') + 1));
            return m.size() == huge.length;
        });
        store(1, "before");
        store("n1", 2, message("choria.machine.transition", "huge", huge));
        store("n1", 3, message("choria.submission.in.x", "wide", huge));
        store(4, "between");
        store("n1", 5, message("a".repeat(1020), "long", new byte[] {'{', '}'}));
        store("n one", 6, message("choria.broadcast.agent.registration", "name", new byte[] {'{', '}'}));
        store(7, "after");
        written(start());
        assertEquals(List.of("before", "between", "after"), ids("MACHINE_ROOM_EVENTS"));
        assertEquals(List.of(), ids("MACHINE_ROOM_SUBMISSION"));
        assertEquals(List.of(), ids("MACHINE_ROOM_NODES"));
        assertTrue(asked.containsAll(List.of("huge", "wide")), asked.toString());
        asked.clear();
        store(8, "last");
        written(start());
        assertEquals(List.of("last"), asked, "what was refused for good is not offered again");
    }

    @Test
    void keepsItsPlaceWhileTheBrokerIsAwayAndWritesNothingTwice() {
        store(1, "one");
        VendorStreams first = start();
        written(first);
        network.cut("backplane", "broker");
        store(2, "two");
        tasks.advance(Duration.ofSeconds(60));
        assertEquals(List.of("one"), ids("MACHINE_ROOM_EVENTS"));
        assertEquals(1, first.position());
        network.heal();
        List<Throwable> lost = List.copyOf(tasks.failures());
        assertTrue(lost.size() <= 1, lost.toString());
        VendorStreams second = start();
        assertTrue(tasks.runUntil(() -> second.position() == 2, Duration.ofSeconds(30)));
        assertEquals(List.of("one", "two"), ids("MACHINE_ROOM_EVENTS"));
    }

    private void lostConnection(VendorStreams of) {
        network.cut("backplane", "broker");
        tasks.advance(Duration.ofSeconds(60));
        network.heal();
        tasks.settle();
        assertTrue(of.position() <= stored);
    }

    private void writtenAgain(VendorStreams streams) {
        assertTrue(tasks.runUntil(() -> streams.position() == stored, Duration.ofSeconds(30)), () -> tasks.dump());
        tasks.advance(Duration.ofSeconds(5));
    }

    /** Its node died between its spool and its submission directory. */
    @Test
    void aSubmissionThatCameUnderTwoNumbersIsWrittenOnce() {
        VendorStreams streams = start();
        byte[] body = {1, 2, 3};
        store("n1", 1, message("choria.submission.in.x", "same", body));
        store("n1", 2, message("choria.submission.in.x", "same", body));
        store("n1", 3, message("choria.machine.x", "alike", body));
        store("n1", 4, message("choria.machine.x", "alike", body));
        written(streams);
        assertEquals(List.of("same"), ids("MACHINE_ROOM_SUBMISSION"));
        assertEquals(List.of("alike", "alike"), ids("MACHINE_ROOM_EVENTS"));
    }

    @Test
    void writesAgainWhatTheBrokerForgotAndNothingElse() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        for (int i = 1; i <= 300; i++) {
            boolean submitted = i % 3 == 0;
            store("n1", i, message(submitted ? "choria.submission.in.x" : "choria.machine.x", "e" + i, new byte[] {
                '{', '}'
            }));
            all.add("e" + i);
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofMinutes(2));
        assertTrue(ids("MACHINE_ROOM_EVENTS").size() < 150, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        List<String> events = ids("MACHINE_ROOM_EVENTS");
        List<String> submissions = ids("MACHINE_ROOM_SUBMISSION");
        assertEquals(all.stream().filter(e -> !submissions.contains(e)).toList(), events);
        assertEquals(100, submissions.size());
        assertEquals(300, events.size() + submissions.size());
    }

    @Test
    void fillsAStreamThatIsGoneFromTheOldestPlaceItKnowsAndNoOtherTwice() {
        VendorStreams first = start();
        for (int i = 1; i <= 60; i++) {
            store("n1", i, message(i % 2 == 0 ? "choria.submission.in.x" : "choria.machine.x", "e" + i, new byte[] {
                '{', '}'
            }));
            tasks.advance(Duration.ofSeconds(5));
        }
        written(first);
        broker.dropStream("MACHINE_ROOM_SUBMISSION");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(30, ids("MACHINE_ROOM_EVENTS").size());
        assertEquals(30, ids("MACHINE_ROOM_SUBMISSION").size());
    }

    /** What the broker refuses is in no number of its streams: it must not count as one of the messages that are there. */
    @Test
    void writesAgainWhatTheBrokerForgotBesideWhatItRefused() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        byte[] huge = new byte[1_000];
        broker.refusing(m -> m.size() == huge.length);
        for (int i = 1; i <= 300; i++) {
            boolean refused = i % 4 == 0;
            store("n1", i, message("choria.machine.x", "e" + i, refused ? huge : new byte[] {'{', '}'}));
            if (!refused) {
                all.add("e" + i);
            }
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofSeconds(125));
        assertTrue(ids("MACHINE_ROOM_EVENTS").size() < all.size() - 30, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(all, ids("MACHINE_ROOM_EVENTS"));
    }

    /** The broker keeps one of two messages with one id: the second must not count as one of those that are there. */
    @Test
    void writesAgainWhatTheBrokerForgotBesideSubmissionsThatCameTwice() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        long number = 0;
        for (int i = 1; i <= 300; i++) {
            Message message = message("choria.submission.in.x", "s" + i, new byte[] {'{', '}'});
            store("n1", ++number, message);
            if (i % 3 == 0) {
                store("n1", ++number, message);
            }
            all.add("s" + i);
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofSeconds(125));
        assertTrue(ids("MACHINE_ROOM_SUBMISSION").size() < all.size() - 100, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(all, ids("MACHINE_ROOM_SUBMISSION"));
    }

    /** Whatever the time between: a repeat is none because of a restart, and none when the broker knows its id no more. */
    @Test
    void aSubmissionThatComesAgainAfterARestartIsWrittenOnce() {
        Message message = message("choria.submission.in.x", "same", new byte[] {1, 2, 3});
        VendorStreams first = start();
        store("n1", 1, message);
        written(first);
        lostConnection(first);
        tasks.advance(Duration.ofMinutes(5));
        store("n1", 2, message);
        store("n1", 3, message("choria.submission.in.x", "other", new byte[] {1}));
        writtenAgain(start());
        assertEquals(List.of("same", "other"), ids("MACHINE_ROOM_SUBMISSION"));
    }

    /** Its place was saved before the refusal, the broker has a message from behind it: that is not the refused one. */
    @Test
    void writesNothingTwiceWhenItDiesBetweenARefusalAndItsPlace() {
        byte[] huge = new byte[1_000];
        broker.refusing(m -> {
            if (m.id().endsWith(".dies")) {
                throw new PortException.Unavailable("sink.lost", "the broker died");
            }
            return m.size() == huge.length;
        });
        store(1, "before");
        store("n1", 2, message("choria.machine.transition", "huge", huge));
        store(3, "behind");
        store(4, "dies");
        VendorStreams first = start();
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(0, first.position());
        assertEquals(List.of("before", "behind"), ids("MACHINE_ROOM_EVENTS"));
        tasks.advance(Duration.ofMinutes(5));
        broker.refusing(m -> m.size() == huge.length);
        writtenAgain(start());
        assertEquals(List.of("before", "behind", "dies"), ids("MACHINE_ROOM_EVENTS"));
    }
}
