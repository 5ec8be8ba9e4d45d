package io.machineroom.ports.sim;

import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A look at a simulated spool that changes nothing. */
final class SimSpoolView {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private SimSpoolView() {}

    static Stats stats(SimSpoolFiles files, List<Lane> lanes, long tornBytes, long nowNanos) {
        long records = 0;
        long bytes = 0;
        long diskBytes = 0;
        long damaged = 0;
        @Nullable Long oldest = null;
        synchronized (files) {
            for (Lane each : lanes) {
                SimSpoolFiles.LaneFiles lane = files.lane(each);
                long slowest = files.slowest(each);
                for (long place = lane.first; place < lane.end(); place++) {
                    SimSpoolFiles.SimRecord record = lane.at(place);
                    diskBytes += record.bytes();
                    damaged += record.stamp().cause().filter("damaged"::equals).isPresent() ? 1 : 0;
                    if (place >= slowest && !record.dropped()) {
                        records++;
                        bytes += record.bytes();
                        oldest = oldest == null ? record.nanos() : Math.min(oldest, record.nanos());
                    }
                }
            }
        }
        long age = oldest == null ? 0 : (nowNanos - oldest) / NANOS_PER_SECOND;
        return new Stats(records, bytes, diskBytes, tornBytes, damaged, age);
    }

    static void walk(SimSpoolFiles files, Predicate<Delivery> visitor) {
        List<Delivery> all = new ArrayList<>();
        synchronized (files) {
            for (Lane lane : Lane.values()) {
                SimSpoolFiles.LaneFiles of = files.lane(lane);
                for (long place = Math.max(of.first, files.slowest(lane)); place < of.synced; place++) {
                    SimSpoolFiles.SimRecord record = of.at(place);
                    all.add(new Delivery(new Position(place, 0), record.stamp(), record.message(), 1));
                }
            }
        }
        for (Delivery delivery : all) {
            if (!visitor.test(delivery)) {
                return;
            }
        }
    }
}
