package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots.Closed;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.kv.Slots.Slot;
import io.machineroom.ports.kv.Slots.Standing;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The governors of one simulated server: streams that refuse what is too much, forget by age and know an id again. */
public final class SimGovernors {
    private static final Duration LONGEST_MEMORY = Duration.ofMinutes(2);

    private final TimeSource time;
    private final TreeMap<String, Governor> governors = new TreeMap<>();

    SimGovernors(TimeSource time) {
        this.time = time;
    }

    private record Held(Slot slot, long ticks) {}

    private record Known(long slot, long ticks) {}

    private static final class Governor {
        private final TreeMap<Long, Held> held = new TreeMap<>();
        private final Map<String, Known> known = new LinkedHashMap<>();
        private Rules rules;
        private long last;
        private @Nullable Instant lastActive;
        private @Nullable String change;

        Governor(Rules rules) {
            this.rules = rules;
        }
    }

    void wipe() {
        governors.clear();
    }

    /** Makes it or changes it. */
    public void ensure(Rules rules) {
        governors.computeIfAbsent(named(rules.name()), _ -> new Governor(rules));
        Governor there = find(rules.name());
        if (there.held.size() > rules.slots()) {
            throw new PortException.Refused("governor.held", there.held.size() + " slots are held");
        }
        Duration before = there.rules.lifetime();
        boolean shorter = !rules.lifetime().isZero()
                && (before.isZero() || rules.lifetime().compareTo(before) < 0);
        if (shorter && !there.held.isEmpty()) {
            throw new PortException.Refused("governor.held", "slots live shorter only while nobody holds one");
        }
        there.rules = rules;
        there.change = null;
    }

    /** As somebody leaves it who is killed while it becomes smaller. */
    public void leaveClosed(String name, String change) {
        find(name).change = change;
    }

    List<Closed> closed() {
        List<Closed> out = new ArrayList<>();
        governors.forEach((name, there) -> {
            if (there.change != null) {
                out.add(new Closed(name, there.change));
            }
        });
        return out;
    }

    boolean open(Closed left) {
        Governor there = governors.get(left.governor());
        if (there == null || !left.change().equals(there.change)) {
            return false;
        }
        there.change = null;
        return true;
    }

    static String named(String name) {
        if (!Rules.isName(name)) {
            throw new PortException.Refused("governor.name", "'" + name + "' is no name of a governor");
        }
        return name;
    }

    private Governor find(String name) {
        Governor there = governors.get(named(name));
        if (there == null) {
            throw new PortException.Refused("governor.unknown", "there is no governor '" + name + "'");
        }
        Duration life = there.rules.lifetime();
        Duration memory = life.isZero() || life.compareTo(LONGEST_MEMORY) > 0 ? LONGEST_MEMORY : life;
        long now = time.ticks();
        there.held.values().removeIf(h -> !life.isZero() && now - h.ticks() >= life.toNanos());
        there.known.values().removeIf(k -> now - k.ticks() >= memory.toNanos());
        return there;
    }

    Optional<Long> enter(String name, String holder, String attempt) {
        Governor there = find(name);
        Known before = there.known.get(attempt);
        if (before != null) {
            return Optional.of(before.slot());
        }
        if (there.change != null) {
            throw new PortException.Unavailable("governor.unreachable", "governor '" + name + "' is closed");
        }
        if (there.held.size() >= there.rules.slots()) {
            return Optional.empty();
        }
        long number = ++there.last;
        there.lastActive = time.wall();
        there.held.put(number, new Held(new Slot(number, holder, time.wall()), time.ticks()));
        there.known.put(attempt, new Known(number, time.ticks()));
        return Optional.of(number);
    }

    boolean leave(String name, long slot) {
        return find(name).held.remove(slot) != null;
    }

    Optional<Standing> look(String name) {
        if (!governors.containsKey(named(name))) {
            return Optional.empty();
        }
        Governor there = find(name);
        return Optional.of(new Standing(there.rules, there.held.size(), there.lastActive));
    }

    List<String> names() {
        return List.copyOf(governors.keySet());
    }

    /** Who holds slots now, oldest first. */
    public List<Slot> view(String name) {
        return find(name).held.values().stream().map(Held::slot).toList();
    }

    String evict(String name, long slot) {
        Held gone = find(name).held.remove(slot);
        if (gone == null) {
            throw new PortException.Refused("governor.no-slot", "nobody holds slot " + slot + " of '" + name + "'");
        }
        return gone.slot().holder();
    }

    void reset(String name) {
        find(name).held.clear();
    }

    /** Somebody else, such as a client of Choria, takes a slot; there must be one. */
    public long enterAs(String name, String holder) {
        return enter(name, holder, holder + " " + time.ticks()).orElseThrow();
    }

    /** Gives a slot back for somebody else. */
    public void leaveAs(String name, long slot) {
        leave(name, slot);
    }

    boolean delete(String name) {
        return governors.remove(named(name)) != null;
    }
}
