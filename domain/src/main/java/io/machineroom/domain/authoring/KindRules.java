package io.machineroom.domain.authoring;

import io.machineroom.domain.expression.CronExpression;
import io.machineroom.domain.expression.Nearest;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules about what a kind of watcher does not do, whatever its machine says. */
final class KindRules {
    /** Where cron lines are counted from; five years of them are looked at. */
    private static final ZonedDateTime BEGIN =
            Instant.parse("2026-01-01T00:00:00Z").atZone(ZoneOffset.UTC);

    /** Lines whose days are all alike, so that one tells of all. */
    private static final Pattern EVERY_DAY = Pattern.compile("\\S+\\s+\\S+(\\s+[*?]){3}");

    private static final Duration SHORTEST_PERIOD = Duration.ofMinutes(1);
    private static final Pattern SHELL = Pattern.compile("\\|\\|?|&&?|;|>>?|<|2>&1|\\$\\(.*|`.*");
    private static final Pattern PLAIN_HTTP =
            Pattern.compile("(?i)http://(?!(localhost|127\\.0\\.0\\.1|\\[::1])[:/]).*");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");

    private KindRules() {}

    static void look(Subject subject) {
        for (WatcherSpec watcher : subject.machine().watchers()) {
            unused(subject, watcher);
            sameWay(subject, watcher);
            switch (watcher.type()) {
                case "schedule" -> schedule(subject, watcher);
                case "httpswitch" -> switchStates(subject, watcher);
                case "archive" -> archive(subject, watcher);
                case "exec", "metric" -> shell(subject, watcher);
                default -> {}
            }
        }
    }

    /** Transitions and intervals that the kind never looks at. */
    private static void unused(Subject subject, WatcherSpec watcher) {
        List<String> fires = Subject.fires(watcher);
        unused(subject, watcher, "success_transition", watcher.success(), fires);
        unused(subject, watcher, "fail_transition", watcher.failure(), fires);
        boolean own = Set.of("metric", "timer", "schedule", "httpswitch").contains(watcher.type());
        if (own && subject.sheet().document().lineOf(Subject.at(watcher, "interval")) > 0 && says(subject, watcher)) {
            subject.warning(
                    "interval-ignored",
                    Subject.at(watcher, "interval"),
                    "a " + watcher.type() + " watcher does not look at 'interval'",
                    watcher.type().equals("metric") ? "set the property 'interval'" : "remove it");
        }
    }

    /** Whether the manifest itself has an interval there. */
    private static boolean says(Subject subject, WatcherSpec watcher) {
        return subject.sheet().document().root() instanceof Value.Obj root
                && root.list("watchers").stream()
                        .anyMatch(w -> w instanceof Value.Obj one
                                && one.text("name").equals(Optional.of(watcher.name()))
                                && one.get("interval").isPresent());
    }

    private static void unused(Subject subject, WatcherSpec watcher, String key, String event, List<String> fires) {
        if (!event.isEmpty() && !fires.contains(event)) {
            subject.warning(
                    "transition-without-use",
                    Subject.at(watcher, key),
                    "a " + watcher.type() + " watcher never fires a " + key,
                    watcher.type().equals("nagios")
                            ? "it fires OK, WARNING, CRITICAL and UNKNOWN: name transitions so"
                            : "remove it, or let another watcher fire '" + event + "'");
        }
    }

    private static void sameWay(Subject subject, WatcherSpec watcher) {
        boolean same = !watcher.success().isEmpty()
                && watcher.type().equals("exec")
                && subject.active(watcher).stream().allMatch(state -> {
                    Optional<String> good = subject.table().destination(state, watcher.success());
                    return good.isPresent() && good.equals(subject.table().destination(state, watcher.failure()));
                });
        if (same) {
            subject.warning(
                    "outcome-ignored",
                    Subject.at(watcher, "fail_transition"),
                    "success and failure of '" + watcher.name()
                            + "' lead to the same state, so nobody learns of a failure",
                    "lead a failure to a state of its own");
        }
    }

    private static void schedule(Subject subject, WatcherSpec watcher) {
        Properties properties = new Properties(watcher.properties(), watcher.path(), path -> 0);
        List<String> lines = properties.texts("schedules");
        Duration length = WatcherRules.duration(watcher, "duration").orElse(SHORTEST_PERIOD);
        String path = watcher.path() + ".schedules";
        for (int i = 0; i < lines.size(); i++) {
            String at = lines.size() > 1 ? path + "[" + i + "]" : path;
            Optional<ZonedDateTime> first = next(lines.get(i), BEGIN);
            if (first.isEmpty()) {
                subject.fault(
                        "schedule-never",
                        at,
                        "'" + lines.get(i) + "' names no day that there is, so '" + watcher.name()
                                + "' never goes on by it",
                        "check day and month, or remove the line");
                continue;
            }
            boolean always =
                    EVERY_DAY.matcher(lines.get(i).strip()).matches() && covers(lines.get(i), first.get(), length);
            if (always) {
                subject.warning(
                        "schedule-always-on",
                        at,
                        "'" + lines.get(i) + "' comes again before its duration is over, so '" + watcher.name()
                                + "' never goes off",
                        "make 'duration' shorter than the time between two occurrences");
            }
        }
    }

    /** Whether for a day each occurrence comes before the one before it is over. */
    private static boolean covers(String line, ZonedDateTime first, Duration length) {
        ZonedDateTime now = first;
        while (now.isBefore(first.plusDays(1))) {
            Optional<ZonedDateTime> then = next(line, now);
            if (then.isEmpty() || Duration.between(now, then.get()).compareTo(length) > 0) {
                return false;
            }
            now = then.get();
        }
        return true;
    }

    private static Optional<ZonedDateTime> next(String line, ZonedDateTime after) {
        return CronExpression.parse(line).next(after);
    }

    private static void switchStates(Subject subject, WatcherSpec watcher) {
        Properties properties = new Properties(watcher.properties(), watcher.path(), path -> 0);
        for (String property : List.of("on_when", "off_when", "disable_when")) {
            for (String state : properties.texts(property)) {
                if (!subject.table().states().contains(state)) {
                    subject.fault(
                            "state-unknown",
                            watcher.path() + "." + property,
                            "the machine has no state '" + state + "', which " + property + " of '" + watcher.name()
                                    + "' names",
                            "its states are " + subject.reachable()
                                    + Nearest.hint(state, subject.table().states()));
                }
            }
        }
    }

    private static void archive(Subject subject, WatcherSpec watcher) {
        Properties properties = new Properties(watcher.properties(), watcher.path(), path -> 0);
        String source = properties.text("source").orElse("");
        if (PLAIN_HTTP.matcher(source).matches()) {
            subject.warning(
                    "archive-http",
                    watcher.path() + ".source",
                    "'" + watcher.name() + "' wants http from another host, which is refused when it runs",
                    "use an https URL");
        }
        for (String property : List.of("checksum", "verify_checksum")) {
            String digest = properties.text(property).orElse("");
            if (!digest.isEmpty()
                    && !digest.contains("{{")
                    && !DIGEST.matcher(digest).matches()) {
                subject.warning(
                        "archive-checksum",
                        watcher.path() + "." + property,
                        "the " + property + " of '" + watcher.name() + "' is no SHA-256, so no archive can ever fit",
                        "write the 64 hex digits that sha256sum prints");
            }
        }
    }

    /** What only a shell understands, in a command that no shell reads. */
    private static void shell(Subject subject, WatcherSpec watcher) {
        String command = new Properties(watcher.properties(), watcher.path(), path -> 0)
                .text("command")
                .orElse("");
        List<String> words = List.of(command.replaceAll("\"[^\"]*\"|'[^']*'|\\{\\{.*?}}", "q")
                .strip()
                .split("\\s+"));
        boolean shell = words.getFirst().matches("(.*/)?(sh|bash|dash|ksh|zsh|env)");
        words.stream()
                .skip(1)
                .filter(word -> !shell && SHELL.matcher(word).matches())
                .findFirst()
                .ifPresent(word -> subject.warning(
                        "command-shell",
                        watcher.path() + ".command",
                        "the command of '" + watcher.name() + "' gets '" + word + "' as an argument: no shell reads it",
                        "put it into a script of the machine, or write sh -c '…'"));
    }
}
