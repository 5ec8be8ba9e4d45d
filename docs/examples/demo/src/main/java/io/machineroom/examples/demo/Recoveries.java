package io.machineroom.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** How long each killed process is missed: from its kill until it does again what it is for. One thread uses it. */
final class Recoveries {
    private final Map<String, Wound> open = new HashMap<>();
    private final Map<Victim, Duration> longest = new EnumMap<>(Victim.class);

    private record Wound(Victim victim, long since, Callable<Boolean> healed) {}

    /** One that is killed again before it is back counts from its first kill. */
    void begin(Victim victim, String name, Callable<Boolean> healed) {
        Wound before = open.get(name);
        open.put(name, new Wound(victim, before == null ? System.nanoTime() : before.since(), healed));
    }

    /** Asks all that are missed. */
    void look() throws Exception {
        List<String> back = new ArrayList<>();
        for (Map.Entry<String, Wound> entry : open.entrySet()) {
            if (entry.getValue().healed().call()) {
                back.add(entry.getKey());
            }
        }
        for (String name : back) {
            Wound wound = open.remove(name);
            if (wound != null) {
                Duration missed = Duration.ofNanos(System.nanoTime() - wound.since());
                longest.merge(wound.victim(), missed, (a, b) -> a.compareTo(b) < 0 ? b : a);
            }
        }
    }

    boolean isBack(String name) throws Exception {
        look();
        return !open.containsKey(name);
    }

    boolean areAllBack() throws Exception {
        look();
        return open.isEmpty();
    }

    /** The longest time that one was missed, by kind. */
    Map<Victim, Duration> longest() {
        return Map.copyOf(longest);
    }
}
