package io.machineroom.app.config;

import io.machineroom.app.config.ConfigKey.Kind;
import io.machineroom.app.config.ConfigKey.Setter;
import io.machineroom.ports.stream.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The settings that each lane of the spool has. */
final class LaneKeys {
    static final String OVERFLOW = ".overflow";
    static final List<String> POLICIES = List.of("refuse", "drop-oldest", "drop-newest");

    private static final Set<Setter> TUNED = Set.of(Setter.SAAS, Setter.OPERATOR);

    private LaneKeys() {}

    static List<ConfigKey> all() {
        List<ConfigKey> keys = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            boolean newest = lane == Lane.NEWEST;
            String what = "lane " + lane.wireName();
            keys.add(new ConfigKey(
                    name(lane) + ".max_bytes",
                    Kind.BYTES,
                    "0",
                    "0",
                    "1TiB",
                    TUNED,
                    "Bound of undelivered events in " + what + "; 0: only those of the whole spool."));
            keys.add(new ConfigKey(
                    name(lane) + ".max_records",
                    Kind.WHOLE,
                    newest ? "10000" : "0",
                    "0",
                    "1000000000",
                    TUNED,
                    "Bound of undelivered events in number in " + what + "; 0: only that of the whole spool."));
            keys.add(new ConfigKey(
                    name(lane) + ".max_age",
                    Kind.DURATION,
                    "0s",
                    "0s",
                    "87600h",
                    TUNED,
                    "How long an event may wait in " + what
                            + ", counted on the spool's own clock; older ones become a void (expired). 0s: for ever."));
            keys.add(new ConfigKey(
                    name(lane) + OVERFLOW,
                    Kind.CHOICE,
                    newest ? "drop-oldest" : "refuse",
                    "",
                    "",
                    TUNED,
                    "What happens in " + what
                            + " when there is no room: refuse leaves a void (capacity) for the new event, "
                            + "drop-oldest and drop-newest leave voids (overflow)."));
        }
        return List.copyOf(keys);
    }

    static String name(Lane lane) {
        return "spool." + lane.wireName();
    }
}
