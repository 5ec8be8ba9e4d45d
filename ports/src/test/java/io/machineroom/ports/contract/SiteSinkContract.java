package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.SiteSink.Fate;
import io.machineroom.ports.stream.SiteSink.Forwarded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link SiteSink} promises, for site {@code north}. */
public abstract class SiteSinkContract {
    private static final int TOO_LARGE = 3 * 1024 * 1024;

    protected abstract SiteSink sink() throws InterruptedException;

    /** What the next hop took, in order. */
    protected abstract List<Message> taken() throws InterruptedException;

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static Forwarded forwarded(String node, Delivery delivery) {
        Message m = delivery.message();
        Map<String, String> headers = new LinkedHashMap<>(m.headers());
        headers.putAll(delivery.stamp().headers());
        headers.put("Mr-Id", m.id());
        headers.put("Mr-Created", m.created().toString());
        headers.put("Nats-Expected-Last-Sequence", "999");
        headers.put("Nats-TTL", "1s");
        headers.put("Nats-Rollup", "all");
        Message whole = new Message(m.subject(), m.id(), headers, ByteBuffer.wrap(m.bytes()), m.created());
        return new Forwarded(node, node + "." + m.id(), whole);
    }

    private static List<Forwarded> batch(String name, int count) {
        List<Forwarded> out = new ArrayList<>();
        Deliveries one = new Deliveries(name + "1", Lane.NORMAL);
        Deliveries two = new Deliveries(name + "2", Lane.NORMAL);
        for (int i = 0; i < count; i++) {
            out.add(forwarded(i % 2 == 0 ? "UONE" : "UTWO", i % 2 == 0 ? one.message() : two.message()));
        }
        return out;
    }

    private static List<String> subjects(List<Forwarded> batch) {
        return batch.stream()
                .map(f -> "ms.north." + f.nodeKey() + "." + f.message().subject())
                .toList();
    }

    @Test
    void passesRecordsOfManyNodesOnWithoutWhatWouldActAgainW01() throws InterruptedException {
        within(() -> {
            List<Forwarded> batch = batch("many", 20);
            List<Fate> fates = sink().begin(batch).await();
            assertTrue(fates.stream().allMatch(f -> f.equals(new Fate.Taken(false))), fates::toString);
            List<Message> taken = taken();
            assertEquals(
                    subjects(batch), taken.stream().map(m -> m.subject().text()).toList());
            assertEquals(
                    batch.stream()
                            .map(f -> f.message().headers().get("Mr-Number"))
                            .toList(),
                    taken.stream().map(m -> m.headers().get("Mr-Number")).toList());
            assertTrue(
                    taken.stream().flatMap(m -> m.headers().keySet().stream()).noneMatch(n -> n.startsWith("Nats-")));
        });
    }

    @Test
    void keepsTheIdOfAMessageSoThatARepeatIsKnown() throws InterruptedException {
        within(() -> {
            SiteSink sink = sink();
            List<Forwarded> batch = batch("twice", 6);
            sink.begin(batch).await();
            assertEquals(6, sink.begin(batch).await().size());
            assertEquals(6, taken().size());
        });
    }

    @Test
    void keepsTheOrderOfBatchesOnTheWayTogetherW07() throws InterruptedException {
        within(() -> {
            SiteSink sink = sink();
            List<Forwarded> all = batch("together", 20 * sink.depth());
            List<SiteSink.Sending> onTheWay = new ArrayList<>();
            for (int i = 0; i < sink.depth(); i++) {
                onTheWay.add(sink.begin(all.subList(i * 20, i * 20 + 20)));
            }
            for (SiteSink.Sending sending : onTheWay) {
                assertEquals(20, sending.await().size());
            }
            assertEquals(
                    subjects(all), taken().stream().map(m -> m.subject().text()).toList());
        });
    }

    @Test
    void judgesEachRecordByItselfW06() throws InterruptedException {
        within(() -> {
            List<Forwarded> batch = batch("bad", 5);
            Delivery big = new Deliveries("big", Lane.NORMAL).message("big.one", new byte[TOO_LARGE]);
            batch.set(2, forwarded("UONE", big));
            List<Fate> fates = sink().begin(batch).await();
            assertInstanceOf(Fate.Refused.class, fates.get(2));
            for (int i : new int[] {0, 1, 3, 4}) {
                assertInstanceOf(Fate.Taken.class, fates.get(i), "record " + i);
            }
            assertEquals(4, taken().size());
        });
    }
}
