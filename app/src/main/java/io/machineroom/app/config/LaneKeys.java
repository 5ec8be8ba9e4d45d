package io.machineroom.app.config;

import io.machineroom.app.config.ConfigKey.Kind;
import io.machineroom.app.config.ConfigKey.Setter;
import io.machineroom.ports.stream.Lane;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The settings that each lane of the spool has. */
final class LaneKeys {
    static final String OVERFLOW = ".overflow";
    static final List<String> POLICIES = List.of("refuse", "drop-oldest", "drop-newest");

    private static final Set<Setter> TUNED = Set.of(Setter.SAAS, Setter.OPERATOR);

    private LaneKeys() {}

    static List<ConfigKey> all() {
        return Stream.of(Lane.values()).flatMap(LaneKeys::of).toList();
    }

    private static Stream<ConfigKey> of(Lane lane) {
        boolean newest = lane == Lane.NEWEST;
        String what = "lane " + lane.wireName();
        return Stream.of(
                bound(
                        lane,
                        ".max_bytes",
                        Kind.BYTES,
                        "0",
                        "Bound of undelivered events in " + what + "; 0: only those of the whole spool."),
                bound(
                        lane,
                        ".max_records",
                        Kind.WHOLE,
                        newest ? "10000" : "0",
                        "Bound of undelivered events in number in " + what + "; 0: only that of the whole spool."),
                bound(
                        lane,
                        ".max_age",
                        Kind.DURATION,
                        "0s",
                        "How long an event may wait in " + what
                                + ", counted on the spool's own clock; older ones become a void (expired). 0s: for ever."),
                new ConfigKey(
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

    private static ConfigKey bound(Lane lane, String name, Kind kind, String fallback, String sentence) {
        String most = switch (kind) {
            case BYTES -> "1TiB";
            case DURATION -> "87600h";
            default -> "1000000000";
        };
        String least = kind == Kind.DURATION ? "0s" : "0";
        return new ConfigKey(name(lane) + name, kind, fallback, least, most, TUNED, sentence);
    }

    static String name(Lane lane) {
        return "spool." + lane.wireName();
    }
}
