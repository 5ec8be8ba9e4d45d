package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Epochs that another node uses, too: a clone, or the self that a snapshot was taken of. What this spool holds of
 * such an epoch and lane without a receipt travels under an epoch of its own, numbered from 1, so that the SaaS keeps
 * both apart. At most {@value #MAX}; lives as long as the process. One task.
 */
final class Branches {
    private static final int MAX = 64;

    private final Entropy entropy;
    private final Map<Place, Branch> byOriginal = new LinkedHashMap<>();

    Branches(Entropy entropy) {
        this.entropy = entropy;
    }

    private record Place(Epoch epoch, Lane lane) {}

    /** A new name of an epoch; {@code base} is the last number before it, unknown until the first is sent. */
    private static final class Branch {
        private final Epoch name;
        private long base = -1;

        private Branch(Epoch name) {
            this.name = name;
        }
    }

    /** From now on this epoch and lane has another name on the wire; the caller goes back to the last receipt. */
    void leave(Epoch wire, Lane lane) {
        Epoch epoch = original(wire, lane);
        Place place = new Place(epoch, lane);
        byOriginal.remove(place);
        byOriginal.put(place, new Branch(new Epoch(epoch.lineage(), epoch.ordinal(), entropy.hex(16))));
        if (byOriginal.size() > MAX) {
            byOriginal.remove(byOriginal.keySet().iterator().next());
        }
    }

    private Epoch original(Epoch wire, Lane lane) {
        for (Map.Entry<Place, Branch> one : byOriginal.entrySet()) {
            if (one.getKey().lane() == lane && one.getValue().name.equals(wire)) {
                return one.getKey().epoch();
            }
        }
        return wire;
    }

    /** As it goes out. */
    Delivery wire(Delivery delivery) {
        if (byOriginal.isEmpty()) {
            return delivery;
        }
        Stamp stamp = delivery.stamp();
        Branch branch = byOriginal.get(new Place(stamp.epoch(), stamp.lane()));
        Stamp.EpochEnd previous = previous(stamp);
        Stamp out;
        if (branch == null) {
            out = new Stamp(stamp.epoch(), previous, stamp.lane(), stamp.from(), stamp.through(), stamp.voidCause());
        } else {
            if (branch.base < 0) {
                branch.base = stamp.from() - 1;
            }
            out = new Stamp(
                    branch.name,
                    null,
                    stamp.lane(),
                    stamp.from() - branch.base,
                    stamp.through() - branch.base,
                    stamp.voidCause());
        }
        return new Delivery(delivery.position(), out, delivery.message(), delivery.attempt());
    }

    private Stamp.@Nullable EpochEnd previous(Stamp stamp) {
        Stamp.EpochEnd previous = stamp.previous();
        Branch branch = previous == null ? null : byOriginal.get(new Place(previous.epoch(), stamp.lane()));
        return previous == null || branch == null || branch.base < 0 || previous.last() <= branch.base
                ? previous
                : new Stamp.EpochEnd(branch.name, previous.last() - branch.base);
    }

    /** A receipt in the numbers of the spool. */
    DoneMark original(DoneMark wire) {
        Epoch epoch = original(wire.epoch(), wire.lane());
        Branch branch = byOriginal.get(new Place(epoch, wire.lane()));
        return branch == null || !branch.name.equals(wire.epoch()) || branch.base < 0
                ? wire
                : new DoneMark(epoch, wire.lane(), wire.through() + branch.base, wire.storeId());
    }
}
