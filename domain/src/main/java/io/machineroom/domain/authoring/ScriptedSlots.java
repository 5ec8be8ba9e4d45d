package io.machineroom.domain.authoring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Governors that are as a script says: free unless it says otherwise. One task of virtual time runs at once. */
final class ScriptedSlots implements Slots {
    /** How a governor is. */
    enum Standing {
        FREE,
        FULL,
        MISSING
    }

    private final Map<String, Standing> standings = new LinkedHashMap<>();
    private long last;
    private long held;

    void become(String governor, Standing standing) {
        standings.put(governor, standing);
    }

    private boolean isFull(String governor) {
        Standing standing = standings.getOrDefault(governor, Standing.FREE);
        if (standing == Standing.MISSING) {
            throw new PortException.Refused(
                    "governor.unknown", "there is no governor '" + governor + "': the script says so");
        }
        return standing == Standing.FULL;
    }

    @Override
    public Optional<Long> enter(String governor, String holder, String attempt) {
        if (isFull(governor)) {
            return Optional.empty();
        }
        held++;
        return Optional.of(++last);
    }

    @Override
    public boolean leave(String governor, long slot) {
        held--;
        return true;
    }

    @Override
    public Optional<Slots.Standing> look(String governor) {
        long taken = isFull(governor) ? Rules.MOST_SLOTS : held;
        return Optional.of(new Slots.Standing(new Rules(governor, Rules.MOST_SLOTS, Duration.ZERO, 1), taken, null));
    }

    @Override
    public List<String> names() {
        return List.copyOf(standings.keySet());
    }

    @Override
    public List<Slot> view(String governor) {
        throw notHere();
    }

    @Override
    public void ensure(Rules rules) {
        throw notHere();
    }

    @Override
    public String evict(String governor, long slot) {
        throw notHere();
    }

    @Override
    public void reset(String governor) {
        throw notHere();
    }

    @Override
    public boolean delete(String governor) {
        throw notHere();
    }

    @Override
    public List<Closed> closed() {
        throw notHere();
    }

    @Override
    public boolean open(Closed left) {
        throw notHere();
    }

    private static PortException.Refused notHere() {
        return new PortException.Refused("governor.denied", "governors are not managed in a rehearsal");
    }
}
