package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What {@link Sink} promises. Batches here hold one epoch and lane each, as a pump makes them. */
public abstract class SinkContract {
    /**
     * One entry as the next hop has it.
     *
     * @param subject the node's own subject, without what the way put in front
     * @param id event id; for a void anything
     * @param stamp place in history
     * @param contentType encoding; for a void anything
     * @param body bytes; for a void none
     * @param created as sent; for a void anything
     */
    public record Taken(
            String subject, String id, Stamp stamp, String contentType, byte[] body, java.time.Instant created) {}

    /** A sink of a node over a fresh link. */
    protected abstract Sink sink() throws InterruptedException;

    /** Everything the next hop holds now, in its order, repeats included if it keeps repeats. */
    protected abstract List<Taken> taken() throws InterruptedException;

    /** Makes the next hop unreachable for the links that stand, and for new ones. */
    protected abstract void cut() throws InterruptedException;

    /** Makes the next hop refuse more for want of room; false when this way has no such thing. */
    protected boolean fill() throws InterruptedException {
        return false;
    }

    /** From now on the next hop takes, but its answers are lost; false when this cannot be played. */
    protected boolean loseAnswers() throws InterruptedException {
        return false;
    }

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    /** Bytes of one body that is certainly too large. */
    protected int tooLarge() {
        return 3 * 1024 * 1024;
    }

    /** What the hop holds, each number once, in order of numbers. */
    private List<Taken> once() throws InterruptedException {
        Map<Long, Taken> out = new LinkedHashMap<>();
        taken().stream()
                .sorted(java.util.Comparator.comparingLong(t -> t.stamp().from()))
                .forEach(t -> out.putIfAbsent(t.stamp().from(), t));
        return List.copyOf(out.values());
    }

    private static List<String> ids(List<Delivery> batch) {
        return batch.stream().map(d -> d.message().id()).toList();
    }

    @Test
    void handsOverABatchWhole() throws InterruptedException {
        within(() -> {
            List<Delivery> batch = new Deliveries("whole", Lane.NORMAL).messages(25);
            Sink.Receipt receipt = sink().append(batch, 0);
            assertEquals(new Sink.Receipt(25, 0), receipt);
            assertEquals(ids(batch), taken().stream().map(Taken::id).toList());
        });
    }

    @Test
    void handsOverEveryPartOfAMessage() throws InterruptedException {
        within(() -> {
            byte[] body = new byte[70_000];
            new Random(3).nextBytes(body);
            Delivery one = new Deliveries("parts", Lane.URGENT).message("choria.lifecycle.event.alive", body);
            assertEquals(1, sink().append(List.of(one), 0).accepted());
            Taken taken = taken().getFirst();
            assertEquals("choria.lifecycle.event.alive", taken.subject());
            assertEquals(one.message().id(), taken.id());
            assertEquals(one.stamp(), taken.stamp());
            assertEquals(one.message().contentType(), taken.contentType());
            assertEquals(one.message().created(), taken.created());
            assertArrayEquals(body, taken.body());
            assertEquals(body.length, one.message().body().remaining(), "the body is read, not consumed");
        });
    }

    @Test
    void handsOverAVoidInItsPlace() throws InterruptedException {
        within(() -> {
            Deliveries make = new Deliveries("void", Lane.NORMAL);
            List<Delivery> batch = List.of(make.message(), make.voided(3, "overflow"), make.message());
            assertEquals(3, sink().append(batch, 0).accepted());
            List<Taken> taken = once();
            assertEquals(
                    List.of(1L, 2L, 5L),
                    taken.stream().map(t -> t.stamp().from()).toList());
            assertEquals(batch.get(1).stamp(), taken.get(1).stamp());
            assertEquals("machine_room.void", taken.get(1).subject());
        });
    }

    @Test
    void takesAnEmptyBatch() throws InterruptedException {
        within(() -> assertEquals(new Sink.Receipt(0, 0), sink().append(List.of(), 0)));
    }

    @Test
    void acceptsARepeatedBatch() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            List<Delivery> batch = new Deliveries("repeat", Lane.NORMAL).messages(5);
            sink.append(batch, 0);
            Sink.Receipt again = sink.append(batch, 0);
            assertEquals(5, again.accepted());
            assertTrue(again.duplicates() <= 5);
            assertEquals(ids(batch), once().stream().map(Taken::id).toList());
        });
    }

    @Test
    void acceptsAResend() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            List<Delivery> batch = new Deliveries("resend", Lane.NORMAL).messages(5);
            sink.append(batch, 0);
            assertEquals(new Sink.Receipt(5, 0), sink.append(batch, 1));
            assertEquals(ids(batch), once().stream().map(Taken::id).toList());
        });
    }

    @Test
    void takesTheEventOfACloneOnTheSameNumberForAnotherOne() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            List<Delivery> batch = new Deliveries("cloned", Lane.NORMAL).messages(3);
            List<Delivery> clone = batch.stream().map(SinkContract::cloned).toList();
            assertEquals(new Sink.Receipt(3, 0), sink.append(batch, 0));
            assertEquals(new Sink.Receipt(3, 0), sink.append(clone, 0));
            List<String> both = new ArrayList<>(ids(batch));
            both.addAll(ids(clone));
            assertEquals(both, taken().stream().map(Taken::id).toList());
        });
    }

    private static Delivery cloned(Delivery delivery) {
        Message m = delivery.message();
        Message other = new Message(m.subject(), m.id() + "-clone", m.headers(), m.body(), m.created());
        return new Delivery(delivery.position(), delivery.stamp(), other, delivery.attempt());
    }

    @Test
    void keepsTheOrderOfManyBatches() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            Deliveries make = new Deliveries("many", Lane.BULK);
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                List<Delivery> batch = make.messages(40);
                sent.addAll(ids(batch));
                assertEquals(40, sink.append(batch, 0).accepted());
            }
            assertEquals(sent, taken().stream().map(Taken::id).toList());
        });
    }

    @Test
    void keepsTheOrderOfBatchesThatAreOnTheWayTogether() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            Deliveries make = new Deliveries("together", Lane.NORMAL);
            List<String> sent = new ArrayList<>();
            Deque<Sink.Sending> onTheWay = new ArrayDeque<>();
            for (int i = 0; i < 6; i++) {
                List<Delivery> batch = make.messages(40);
                sent.addAll(ids(batch));
                onTheWay.add(sink.begin(batch, 0));
                if (onTheWay.size() == sink.depth()) {
                    assertEquals(40, onTheWay.remove().await().accepted());
                }
            }
            for (Sink.Sending sending : onTheWay) {
                assertEquals(40, sending.await().accepted());
            }
            assertEquals(sent, taken().stream().map(Taken::id).toList());
        });
    }

    @Test
    void tellsThePrefixOfABatchWhileTheNextOneIsOnTheWay() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            Deliveries make = new Deliveries("begun", Lane.NORMAL);
            List<Delivery> first =
                    List.of(make.message(), make.message(), make.message("big.one", new byte[tooLarge()]));
            Sink.Sending begun = sink.begin(first, 0);
            if (sink.depth() > 1) {
                sink.begin(make.messages(3), 0);
            }
            assertEquals(2, begun.await().accepted());
            Delivery big = first.getLast();
            assertThrows(
                    PortException.Refused.class,
                    () -> sink.begin(List.of(big), 0).await());
        });
    }

    @Test
    void refusesAMessageThatIsTooLarge() throws InterruptedException {
        within(() -> {
            Deliveries make = new Deliveries("large", Lane.NORMAL);
            List<Delivery> batch = List.of(make.message("big.one", new byte[tooLarge()]), make.message());
            PortException.Refused refused = assertThrows(PortException.Refused.class, () -> sink().append(batch, 0));
            assertEquals("sink.too-large", refused.code());
            assertEquals(List.of(), taken());
        });
    }

    @Test
    void acceptsThePrefixBeforeAMessageThatIsTooLarge() throws InterruptedException {
        within(() -> {
            Deliveries make = new Deliveries("prefix", Lane.NORMAL);
            List<Delivery> batch =
                    List.of(make.message(), make.message(), make.message("big.one", new byte[tooLarge()]));
            assertEquals(2, sink().append(batch, 0).accepted());
            assertEquals(
                    ids(batch.subList(0, 2)), once().stream().map(Taken::id).toList());
        });
    }

    @Test
    void isUnavailableWhenTheHopCannotBeReached() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            cut();
            List<Delivery> batch = new Deliveries("cut", Lane.NORMAL).messages(3);
            assertThrows(PortException.Unavailable.class, () -> sink.append(batch, 0));
        });
    }

    @Test
    void isUnavailableWhenTheHopIsFull() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            Assumptions.assumeTrue(fill(), "this way cannot be filled in a test");
            List<Delivery> batch = new Deliveries("full", Lane.NORMAL).messages(3);
            PortException.Unavailable full = assertThrows(PortException.Unavailable.class, () -> sink.append(batch, 0));
            assertEquals("sink.full", full.code());
        });
    }

    @Test
    void doesNotClaimWhatWasNotAcknowledged() throws InterruptedException {
        within(() -> {
            Sink sink = sink();
            Assumptions.assumeTrue(loseAnswers(), "answers cannot be lost here");
            List<Delivery> batch = new Deliveries("lost", Lane.NORMAL).messages(3);
            assertThrows(PortException.Unavailable.class, () -> sink.append(batch, 0));
            assertEquals(ids(batch), once().stream().map(Taken::id).toList());
        });
    }
}
