package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds of what is kept of one node, whatever it sends. */
final class NodeHistoryTest {
    private static final long SECOND = 1_000_000_000L;

    private final SimMeter meter = new SimMeter();
    private final ForkBudget budget = new ForkBudget(1000, meter);
    private long now = SECOND;

    private NodeHistory history(NodeHistory.Limits limits) {
        return new NodeHistory(NODE, limits, budget);
    }

    private Taken offer(NodeHistory node, Arrived arrived) {
        return node.offer(arrived, true, now, new NodeHistory.Intake());
    }

    private static Epoch lineage(int which, long ordinal) {
        return new Epoch(
                String.valueOf((char) ('a' + which % 6)).repeat(31) + which / 6,
                ordinal,
                epoch(ordinal).nonce());
    }

    private static void assertCounts(NodeHistory node, ForkBudget budget, String when) {
        List<Arrived> held =
                node.tracks().stream().flatMap(t -> t.held().stream()).toList();
        assertEquals(held.size(), node.memory().heldRecords(), when);
        assertEquals(
                held.stream().mapToLong(Arrived::weight).sum(), node.memory().heldBytes(), when);
        int forks = node.tracks().stream().mapToInt(Track::forkIds).sum();
        assertEquals(forks, node.memory().forkIds(), when);
        assertEquals(forks, budget.used(), when);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void countsExactlyWhatItHoldsWhateverComesIsGivenUpOrThrownOut(long seed) {
        Random random = new Random(seed);
        NodeHistory node = history(new NodeHistory.Limits(60, 40_000, 100 * SECOND, 10 * SECOND, 20));
        boolean held = false;
        for (int step = 0; step < 3000; step++) {
            int which = random.nextInt(step % 1000 < 500 ? 3 : 24);
            Epoch epoch = lineage(which, 1 + random.nextInt(25));
            Stamp.EpochEnd previous = epoch.ordinal() == 1
                    ? null
                    : new Stamp.EpochEnd(lineage(which, epoch.ordinal() - 1), 1 + random.nextInt(6));
            String id = "id-" + random.nextInt(3);
            offer(node, event(NODE, epoch, previous, 1 + random.nextInt(12), id));
            if (random.nextInt(10) == 0) {
                now += random.nextInt(30) * SECOND;
                node.sweep(now, new NodeHistory.Intake());
            }
            held |= node.memory().heldRecords() > 20;
            assertCounts(node, budget, "seed " + seed + " step " + step);
        }
        assertTrue(held, "the sequence held enough to prove something");
        NodeHistory again = NodeHistory.load(
                (io.machineroom.ports.data.Value.Obj) new SimJson().read(new SimJson().write(node.save()), 1 << 24),
                NodeHistory.Limits.defaults(),
                new ForkBudget(1000, meter));
        assertEquals(node.memory().forkIds(), again.memory().forkIds());
        node.release();
        assertEquals(0, node.memory().heldRecords());
        assertEquals(0L, node.memory().heldBytes());
        assertEquals(0, budget.used());
    }

    @Test
    void holdsNoMoreAtOneNumberThanAFewClones() {
        NodeHistory node = history(NodeHistory.Limits.defaults());
        offer(node, event(1));
        for (int i = 0; i < 1000; i++) {
            offer(node, event(NODE, epoch(1), null, 3, "clone-" + i));
        }
        assertEquals(8, node.memory().heldRecords());
    }

    @Test
    void countsHeadersAndIdAgainstTheRoomOfANode() {
        NodeHistory node = history(new NodeHistory.Limits(100, 20_000, SECOND, SECOND, 10));
        offer(node, event(1));
        Arrived plain = event(3);
        Message fat = plain.message().withHeader("padding", "x".repeat(8000));
        assertEquals(Taken.HELD, offer(node, new Arrived(NODE, plain.stamp(), fat)));
        assertEquals(Taken.HELD, offer(node, new Arrived(NODE, event(4).stamp(), fat)));
        assertEquals(Taken.AHEAD, offer(node, new Arrived(NODE, event(5).stamp(), fat)));
    }

    @Test
    void storesEveryForkAndRemembersAsManyAsItMay() {
        NodeHistory node = history(new NodeHistory.Limits(100, 20_000, SECOND, SECOND, 10));
        offer(node, event(1));
        Set<String> stored = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            NodeHistory.Intake intake = new NodeHistory.Intake();
            assertEquals(Taken.STORED, node.offer(event(NODE, epoch(1), null, 1, "clone-" + i), true, now, intake));
            intake.stored().forEach(a -> stored.add(a.message().id()));
        }
        assertEquals(50, stored.size());
        assertEquals(10, node.memory().forkIds());
        assertEquals(40, meter.counter("mr_backplane_fork_ids_forgotten_total"));
        assertEquals(Taken.KNOWN, offer(node, event(NODE, epoch(1), null, 1, "clone-49")));
    }

    @Test
    void keepsTheForkIdsOfAllNodesTogetherBounded() {
        ForkBudget small = new ForkBudget(25, meter);
        Map<Integer, NodeHistory> nodes = new HashMap<>();
        for (int n = 0; n < 5; n++) {
            nodes.put(n, new NodeHistory(NODE, new NodeHistory.Limits(10, 9000, SECOND, SECOND, 10), small));
        }
        for (NodeHistory node : nodes.values()) {
            offer(node, event(1));
            for (int i = 0; i < 50; i++) {
                assertEquals(Taken.STORED, offer(node, event(NODE, epoch(1), null, 1, "clone-" + i)));
            }
        }
        assertEquals(25, small.used());
    }

    @Test
    void storesWhatComesLateForANumberWhoseAbsenceItForgot() {
        NodeHistory node = history(new NodeHistory.Limits(10_000, 40 << 20, SECOND, SECOND, 10));
        offer(node, event(1));
        for (long n = 3; n < 3 + 4L * Ranges.MAX; n += 2) {
            offer(node, event(n));
            now += 2 * SECOND;
            node.sweep(now, new NodeHistory.Intake());
        }
        NodeHistory.Intake intake = new NodeHistory.Intake();
        assertEquals(Taken.STORED, node.offer(event(2), true, now, intake));
        assertEquals(1, intake.stored().size());
        assertEquals(List.of(), intake.forks());
    }

    @Test
    void storesAnEventOfACloneWhereTheOtherDeclaredAVoid() {
        NodeHistory node = history(NodeHistory.Limits.defaults());
        offer(node, event(1));
        offer(node, IngestWorld.nothing(2, 5, "overflow"));
        NodeHistory.Intake intake = new NodeHistory.Intake();
        assertEquals(Taken.STORED, node.offer(event(4), true, now, intake));
        assertEquals(
                List.of("id-4"),
                intake.stored().stream().map(a -> a.message().id()).toList());
        assertEquals(1, intake.forks().size());
        assertEquals(Taken.KNOWN, offer(node, event(4)));
    }

    @Test
    void keepsRangesBoundedWhenHolesAreFilledOneByOne() {
        Ranges ranges = new Ranges();
        ranges.add(1, 100_000);
        for (long n = 2; n < 50_000; n += 2) {
            assertEquals(1, ranges.remove(n, n));
        }
        assertTrue(ranges.save().fields().size() <= Ranges.MAX + 2);
        assertEquals(100_000 - 24_999, ranges.size());
        assertFalse(ranges.contains(2));
        assertTrue(ranges.doubts(3));
    }

    @Test
    void keepsFewLineagesOfANode() {
        NodeHistory node = history(NodeHistory.Limits.defaults());
        for (int i = 0; i < 60; i++) {
            offer(node, event(NODE, lineage(i, 1), null, 1, "of-" + i));
        }
        assertEquals(16, node.tracks().size());
        assertEquals(
                60, node.rows().stream().mapToLong(r -> r.totals().stored()).sum());
    }
}
