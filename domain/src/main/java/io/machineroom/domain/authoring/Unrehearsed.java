package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.watcher.Properties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a rehearsal cannot show, because it has no link, no sockets and no agent around it. Stateless. */
final class Unrehearsed {
    private Unrehearsed() {}

    /** One sentence for each watcher that does less than in life. */
    static List<String> of(List<Sheet> sheets) {
        List<String> out = new ArrayList<>();
        for (Sheet sheet : sheets) {
            sheet.definition()
                    .ifPresent(machine -> machine.watchers()
                            .forEach(watcher -> why(watcher)
                                    .ifPresent(why -> out.add(machine.name() + ": '" + watcher.name() + "' " + why))));
        }
        return List.copyOf(out);
    }

    private static Optional<String> why(WatcherSpec watcher) {
        return switch (watcher.type()) {
            case "gossip" -> Optional.of("publishes to nobody, because a rehearsal has no link");
            case "kv" ->
                has(watcher, "republish_trigger")
                        ? Optional.of("looks at its interval and at changes only, because a rehearsal has no link")
                        : Optional.empty();
            case "metric" ->
                has(watcher, "graphite_host")
                        ? Optional.of("sends nothing to Graphite, because a rehearsal has no sockets")
                        : Optional.empty();
            case "nagios" ->
                text(watcher, "builtin").equals("choria_status")
                        ? Optional.of("finds no status of an agent, because a rehearsal has none")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean has(WatcherSpec watcher, String property) {
        return !text(watcher, property).isEmpty();
    }

    private static String text(WatcherSpec watcher, String property) {
        return new Properties(watcher.properties(), watcher.path(), path -> 0)
                .text(property)
                .orElse("");
    }
}
