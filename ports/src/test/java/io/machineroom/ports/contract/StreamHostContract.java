package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.ReadPlan.StartAt;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link StreamHost} promises. */
public abstract class StreamHostContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final long MIB = 1L << 20;

    /** A fresh connection to the one server. */
    protected abstract StreamHost host() throws InterruptedException;

    /** Deletes a consumer behind everybody's back. */
    protected abstract void deleteConsumer(String stream, String consumer) throws InterruptedException;

    /** Deletes a stream behind everybody's back. */
    protected abstract void deleteStream(String stream) throws InterruptedException;

    /** Makes a bucket. */
    protected abstract void makeBucket(String name) throws InterruptedException;

    protected abstract Tasks tasks();

    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static CopyMessage message(String subject, int i) {
        return new CopyMessage(subject, Map.of("A", List.of("1", "2")), ("body " + i).getBytes(StandardCharsets.UTF_8));
    }

    private static List<CopyMessage> messages(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> message("in.a", i)).toList();
    }

    private static ReadPlan plan(StartAt start, String filter) {
        return new ReadPlan("IN", "SR_T", "Choria Stream Replicator T", filter, start, 0, false);
    }

    private static List<Long> numbers(List<Read> reads) {
        return reads.stream().map(Read::number).toList();
    }

    private static List<Read> read(StreamReader reader, int count) throws InterruptedException {
        List<Read> out = new ArrayList<>();
        while (out.size() < count) {
            List<Read> some = reader.read(count - out.size(), MIB, LONG);
            assertFalse(some.isEmpty(), "only " + out.size() + " of " + count + " came");
            out.addAll(some);
        }
        return out;
    }

    @Test
    void tellsAboutStreams() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                assertTrue(host.connected());
                assertTrue(host.stream("IN").isEmpty());
                host.makeStream("IN", List.of("in.>"));
                host.makeStream("IN", List.of("other.>"));
                StreamFacts empty = host.stream("IN").orElseThrow();
                assertEquals(List.of("in.>"), empty.subjects());
                assertEquals(0, empty.last());
                assertTrue(host.last("IN").isEmpty());
                assertNull(host.write(messages(3), "IN").fault());
                StreamFacts three = host.stream("IN").orElseThrow();
                assertEquals(List.of(1L, 3L, 3L), List.of(three.first(), three.last(), three.messages()));
                assertEquals(empty.created(), three.created());
                assertEquals(3, host.last("IN").orElseThrow().number());
                assertEquals(3, host.lastOf("IN", "in.a").orElseThrow().number());
                assertTrue(host.lastOf("IN", "in.b").isEmpty());
            }
        });
    }

    @Test
    void bringsWholeMessagesInOrderAndKeepsThePlace() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                assertEquals(150, host.write(messages(150), "IN").accepted());
                try (StreamReader reader = host.reader(plan(new StartAt.All(), ""))) {
                    List<Read> all = read(reader, 100);
                    assertEquals(
                            IntStream.rangeClosed(1, 100)
                                    .mapToObj(i -> (long) i)
                                    .toList(),
                            numbers(all));
                    Read first = all.getFirst();
                    assertEquals("in.a", first.message().subject());
                    assertEquals(List.of("1", "2"), first.message().headers().get("A"));
                    assertArrayEquals(
                            "body 1".getBytes(StandardCharsets.UTF_8),
                            first.message().body());
                    reader.settle(all);
                }
            }
            try (StreamHost again = host();
                    StreamReader reader = again.reader(plan(new StartAt.All(), ""))) {
                assertEquals(101, read(reader, 50).getFirst().number());
            }
        });
    }

    @Test
    void keepsTheOrderAfterAReaderLeftWithWhatItHad() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                host.write(messages(20), "IN");
                try (StreamReader gone = host.reader(plan(new StartAt.All(), ""))) {
                    List<Read> ten = read(gone, 10);
                    gone.settle(ten.subList(0, 4));
                }
                try (StreamReader next = host.reader(plan(new StartAt.All(), ""))) {
                    assertEquals(List.of(5L, 6L, 7L), numbers(read(next, 3)));
                }
                ReadPlan further =
                        new ReadPlan("IN", "SR_T", "Choria Stream Replicator T", "", new StartAt.All(), 15, false);
                try (StreamReader next = host.reader(further)) {
                    assertEquals(List.of(16L, 17L), numbers(read(next, 2)));
                }
            }
        });
    }

    @Test
    void beginsWhereItIsTold() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                host.write(messages(10), "IN");
                try (StreamReader reader = host.reader(plan(new StartAt.Number(7), ""))) {
                    assertEquals(List.of(7L, 8L, 9L, 10L), numbers(read(reader, 4)));
                }
                deleteConsumer("IN", "SR_T");
                try (StreamReader reader = host.reader(plan(new StartAt.New(), ""))) {
                    assertEquals(List.of(), reader.read(5, MIB, SHORT));
                    host.write(List.of(message("in.a", 11)), "IN");
                    assertEquals(List.of(11L), numbers(read(reader, 1)));
                }
            }
        });
    }

    @Test
    void filtersSubjects() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                host.write(List.of(message("in.a", 1), message("in.b", 2), message("in.a", 3)), "IN");
                try (StreamReader reader = host.reader(plan(new StartAt.All(), "in.b"))) {
                    assertEquals(List.of(2L), numbers(read(reader, 1)));
                }
            }
        });
    }

    @Test
    void ephemeralReadersBeginAnew() throws InterruptedException {
        within(() -> {
            ReadPlan plan = new ReadPlan("IN", "SR_T", "", "", new StartAt.All(), 0, true);
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                host.write(messages(2), "IN");
                for (int i = 0; i < 2; i++) {
                    try (StreamReader reader = host.reader(plan)) {
                        List<Read> both = read(reader, 2);
                        assertEquals(List.of(1L, 2L), numbers(both));
                        reader.settle(both);
                    }
                }
            }
        });
    }

    @Test
    void saysWhenItsConsumerIsGone() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                try (StreamReader reader = host.reader(plan(new StartAt.All(), ""))) {
                    assertEquals(List.of(), reader.read(5, MIB, SHORT));
                    deleteConsumer("IN", "SR_T");
                    assertEquals(
                            "copy.consumer-gone",
                            assertThrows(PortException.class, () -> reader.read(5, MIB, LONG))
                                    .code());
                }
                deleteStream("IN");
                assertEquals(
                        "copy.no-stream",
                        assertThrows(PortException.class, () -> host.reader(plan(new StartAt.All(), "")))
                                .code());
            }
        });
    }

    @Test
    void knowsAMessageByItsId() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                CopyMessage one = message("in.a", 1).adding("Nats-Msg-Id", "x");
                assertEquals(0, host.write(List.of(one), "IN").duplicates());
                StreamHost.Written again = host.write(List.of(one), "IN");
                assertEquals(List.of(1, 1), List.of(again.accepted(), again.duplicates()));
                assertEquals(1, host.stream("IN").orElseThrow().messages());
            }
        });
    }

    @Test
    void saysWhatWasNotTakenAndWhatWas() throws InterruptedException {
        within(() -> {
            try (StreamHost host = host()) {
                host.makeStream("IN", List.of("in.>"));
                assertEquals(3, host.write(messages(3), "").accepted(), "any stream may acknowledge");
                StreamHost.Written written =
                        host.write(List.of(message("in.a", 1), message("nobody.takes.this", 2)), "IN");
                assertEquals(1, written.accepted());
                assertEquals("sink.no-stream", present(written.fault()).code());
                assertEquals(
                        "sink.no-stream",
                        present(host.write(messages(1), "ANOTHER").fault()).code());
            }
        });
    }

    private static PortException present(PortException fault) {
        assertNotNull(fault);
        return fault;
    }

    @Test
    void deliversWhatIsPublishedToOthers() throws InterruptedException {
        within(() -> {
            Mailbox<CopyMessage> box = tasks().mailbox(10);
            try (StreamHost host = host();
                    StreamHost other = host();
                    Link.Subscription _ = host.subscribe("talk.*", box)) {
                other.publish(message("talk.a", 1));
                assertEquals(message("talk.a", 1), box.poll(LONG).orElseThrow());
            }
        });
    }

    @Test
    void hasBuckets() throws InterruptedException {
        within(() -> {
            makeBucket("B");
            try (StreamHost host = host()) {
                Bucket bucket = host.bucket("B");
                long first = bucket.create("k", new byte[] {1}).orElseThrow();
                assertTrue(bucket.create("k", new byte[] {2}).isEmpty());
                assertTrue(bucket.update("k", new byte[] {3}, first).isPresent());
                assertTrue(bucket.update("k", new byte[] {4}, first).isEmpty());
            }
        });
    }
}
