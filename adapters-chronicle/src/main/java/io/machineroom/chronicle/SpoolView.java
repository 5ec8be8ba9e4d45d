package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import java.util.Map;
import java.util.function.Predicate;

/** A look at a spool that changes nothing. Any task. */
final class SpoolView implements AutoCloseable {
    private final Map<Lane, SpoolLane> lanes;
    private final BacklogAge age;
    private final Evidence evidence;
    private final long tornBytes;

    SpoolView(Map<Lane, SpoolLane> lanes, BacklogAge age, Evidence evidence, long tornBytes) {
        this.lanes = lanes;
        this.age = age;
        this.evidence = evidence;
        this.tornBytes = tornBytes;
    }

    Stats stats() {
        Stats all = new Stats(0, 0, 0, tornBytes, evidence.count(), 0);
        for (SpoolLane lane : lanes.values()) {
            Stats of = stats(lane);
            all = new Stats(
                    all.records() + of.records(),
                    all.bytes() + of.bytes(),
                    all.diskBytes() + of.diskBytes(),
                    tornBytes,
                    all.damagedRecords(),
                    Math.max(all.oldestAgeSeconds(), of.oldestAgeSeconds()));
        }
        return all;
    }

    Stats stats(SpoolLane lane) {
        Journal journal = lane.writer().journal();
        Place slowest = lane.pruner().oldest();
        LaneTail tail = lane.writer().tail();
        long waiting = Math.max(0, tail.records() - slowest.records());
        return new Stats(
                waiting,
                Math.max(0, tail.bytes() - slowest.bytes()),
                journal.diskBytes(),
                journal.tornBytes(),
                0,
                waiting == 0 ? 0 : age.seconds(lane.parts().lane(), journal, slowest));
    }

    void walk(Predicate<Delivery> visitor) throws InterruptedException {
        boolean more = true;
        for (SpoolLane lane : lanes.values()) {
            if (more) {
                more = walk(lane, visitor);
            }
        }
    }

    private static boolean walk(SpoolLane lane, Predicate<Delivery> visitor) throws InterruptedException {
        LaneParts parts = lane.parts();
        boolean more = true;
        try (LaneCursor cursor = parts.cursor(lane.pruner().oldest())) {
            Item item = cursor.next();
            while (item != null && more) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!wasTrimmed(item, lane)) {
                    more = visitor.test(Deliveries.of(item, parts.epochs(), parts.lane(), 1));
                }
                item = cursor.next();
            }
        }
        return more;
    }

    /** A trim in the middle of a walk takes records away that looked like a gap. */
    private static boolean wasTrimmed(Item item, SpoolLane lane) {
        return item.message() == null
                && !lane.pruner().oldest().isBefore(item.after())
                && LaneCursor.DAMAGED.equals(item.head().voidCause());
    }

    @Override
    public void close() {
        age.close();
    }
}
