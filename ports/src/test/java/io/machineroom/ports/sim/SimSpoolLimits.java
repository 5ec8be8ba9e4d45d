package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The bounds of a simulated spool, and what they take out. Guarded by its files. */
final class SimSpoolLimits {
    private static final int SLACK = 128;

    private final SimSpoolFiles files;
    private final SpoolBounds bounds;

    private record Load(long records, long bytes) {
        Load plus(Load more) {
            return new Load(records + more.records, bytes + more.bytes);
        }

        boolean within(long maxRecords, long maxBytes) {
            return records <= maxRecords && bytes <= maxBytes;
        }
    }

    SimSpoolLimits(SimSpoolFiles files, SpoolBounds bounds) {
        this.files = files;
        this.bounds = bounds;
    }

    /** How many of the messages, from the first on, may be added. */
    int room(Lane lane, List<Message> messages, long nowNanos) {
        if (fits(lane, messages)) {
            return messages.size();
        }
        expire(lane, nowNanos);
        if (fits(lane, messages)) {
            return messages.size();
        }
        return switch (bounds.lane(lane).overflow()) {
            case REFUSE -> throw full(lane);
            case DROP_OLDEST -> {
                dropOldest(lane, messages);
                yield messages.size();
            }
            case DROP_NEWEST -> {
                int kept = messages.size() - 1;
                while (kept > 0 && !fits(lane, messages.subList(0, kept))) {
                    kept--;
                }
                yield kept;
            }
        };
    }

    private boolean fits(Lane lane, List<Message> messages) {
        LaneLimits limits = bounds.lane(lane);
        Load more = load(messages);
        Load all = more;
        for (Lane each : Lane.values()) {
            all = all.plus(waiting(each));
        }
        return all.within(bounds.maxRecords(), bounds.maxBytes())
                && waiting(lane).plus(more).within(limits.maxRecords(), limits.maxBytes());
    }

    private static Load load(List<Message> messages) {
        return new Load(
                messages.size(),
                messages.stream()
                        .mapToLong(m -> SimSpoolFiles.OVERHEAD + m.size())
                        .sum());
    }

    private Load waiting(Lane lane) {
        SimSpoolFiles.LaneFiles of = files.lane(lane);
        long records = 0;
        long bytes = 0;
        for (long place = Math.max(of.first, files.slowest(lane)); place < of.end(); place++) {
            SimSpoolFiles.SimRecord record = of.at(place);
            records += record.dropped() ? 0 : 1;
            bytes += record.bytes();
        }
        return new Load(records, bytes);
    }

    private void dropOldest(Lane lane, List<Message> messages) {
        LaneLimits limits = bounds.lane(lane);
        Load rest = load(messages);
        for (Lane other : Lane.values()) {
            rest = other == lane ? rest : rest.plus(waiting(other));
        }
        if (!load(messages).within(limits.maxRecords(), limits.maxBytes())
                || !rest.within(bounds.maxRecords(), bounds.maxBytes())) {
            throw full(lane);
        }
        SimSpoolFiles.LaneFiles of = files.lane(lane);
        long slack = Math.min(limits.maxRecords(), bounds.maxRecords()) / SLACK;
        long place = Math.max(of.first, files.slowest(lane));
        while (place < of.end() && (!fits(lane, messages) || slack-- > 0)) {
            if (!of.at(place).dropped()) {
                drop(of, place, LaneLimits.OVERFLOW);
            }
            place++;
        }
    }

    private static void drop(SimSpoolFiles.LaneFiles of, long place, String cause) {
        of.records.set((int) (place - of.first), of.at(place).drop(cause));
    }

    /** Takes out what waited too long. */
    void expire(long nowNanos) {
        for (Lane lane : Lane.values()) {
            expire(lane, nowNanos);
        }
    }

    private void expire(Lane lane, long nowNanos) {
        long age = bounds.lane(lane).maxAge().toNanos();
        SimSpoolFiles.LaneFiles of = files.lane(lane);
        long place = Math.max(of.first, files.slowest(lane));
        while (age > 0 && place < of.synced && of.at(place).nanos() < nowNanos - age) {
            drop(of, place, LaneLimits.EXPIRED);
            place++;
        }
    }

    /** Takes out what a later record of the same subject replaces. */
    void supersede() {
        SimSpoolFiles.LaneFiles of = files.lane(Lane.NEWEST);
        Set<String> later = new HashSet<>();
        for (long place = of.synced - 1; place >= of.first; place--) {
            Stamp stamp = of.at(place).stamp();
            boolean first = later.add(of.at(place).message().subject().text());
            if (!stamp.isVoid() && !first) {
                drop(of, place, LaneLimits.SUPERSEDED);
            }
        }
    }

    private PortException.Refused full(Lane lane) {
        Load now = waiting(lane);
        return new PortException.Refused(
                "spool.full",
                "lane " + lane.wireName() + " holds " + now.records() + " records, " + now.bytes() + " bytes");
    }
}
