package io.machineroom.domain.watcher;

import io.machineroom.domain.watcher.CheckResult.Status;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.MetricFiles.Sample;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A check with the four answers of Nagios (spec 4.11). After each check the transition named as the answer is wanted;
 * in the state {@code FORCE_CHECK} it checks at once, whatever its gate says.
 */
final class NagiosWatcher implements Watcher {
    private static final String FORCE = "FORCE_CHECK";

    /** Unix seconds of the year 1, which stands for "never". */
    private static final long NEVER = -62_135_596_800L;

    private final NagiosSettings settings;
    private final WatcherContext context;
    private final PrometheusSamples prometheus;
    private final CheckHistory history = new CheckHistory();
    private final Instant made;
    private @Nullable Due due;
    private Status previous = Status.UNKNOWN;
    private String plugin;
    private CheckResult last = CheckResult.of(Status.UNKNOWN, "");
    private long checkTime = NEVER;
    private long runNanos;
    private long checks;
    private boolean open = true;
    private boolean reopened;

    private NagiosWatcher(NagiosSettings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
        this.prometheus = PrometheusSamples.checks(context);
        this.made = context.time().wall();
        this.plugin = settings.title();
        Duration interval = context.interval().orElse(Duration.ZERO);
        if (interval.isPositive()) {
            long spread = context.entropy().below(interval.toNanos());
            due = new Due(context.time(), interval.plusNanos(spread));
        }
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        Due next = due;
        boolean forced = trigger == Trigger.STATE_CHANGED && insists();
        if (next != null && trigger == Trigger.STATE_CHANGED && reopened) {
            // what was due while nothing was to be checked is not made up for: the rhythm goes on
            next.skip(context.interval().orElse(Duration.ZERO));
        }
        reopened = false;
        if (!forced && (next == null || !next.now())) {
            return new Outcome.Unchanged(previous.name(), false, next == null ? null : next.left());
        }
        Instant at = context.time().wall();
        long start = context.time().ticks();
        last = look();
        runNanos = context.time().ticks() - start;
        checkTime = at.getEpochSecond();
        checks++;
        previous = last.status();
        history.add(at, last);
        show();
        Optional<Duration> interval = context.interval();
        if (next != null) {
            next.in(interval.orElse(Duration.ZERO));
        }
        return new Outcome.Requested(previous.name(), previous.name(), true, interval.orElse(null));
    }

    /** Looks once; what keeps it from telling is told as the output. */
    private CheckResult look() throws InterruptedException {
        try {
            return settings.builtin().isEmpty() ? plugin() : settings.check().look(context);
        } catch (PortException e) {
            return CheckResult.unknown(String.valueOf(e.getMessage()));
        }
    }

    private CheckResult plugin() throws InterruptedException {
        plugin = settings.command().get();
        MachinePrograms command = MachinePrograms.of(context);
        ProcessRunner.Result result = command.run(command.words(plugin), settings.timeout());
        String output = new String(result.output(), StandardCharsets.UTF_8);
        if (result.timedOut()) {
            String why = "killed after " + Durations.print(settings.timeout());
            return CheckResult.unknown(output.isBlank() ? why : output);
        }
        return CheckResult.of(Status.of(result.exitCode()), output);
    }

    @Override
    public boolean stateChanged(boolean active) {
        reopened = active && !open;
        open = active;
        String state = context.state();
        Arrays.stream(Status.values())
                .filter(status -> status.name().equals(state))
                .findFirst()
                .ifPresent(status -> previous = status);
        show();
        return false;
    }

    @Override
    public boolean insists() {
        return context.state().equals(FORCE);
    }

    private void show() {
        Map<String, String> name = Map.of("name", context.machineName(), "watcher", context.watcherName());
        Map<String, String> status = new java.util.TreeMap<>(name);
        status.put("status", previous.name());
        String prefix = "choria_machine_nagios_";
        prometheus.show(List.of(
                new Sample(
                        prefix + "start_time",
                        "When the checks began, in Unix seconds",
                        false,
                        Map.of(),
                        Long.toString(made.getEpochSecond())),
                new Sample(
                        prefix + "watcher_status",
                        "Answer of the last check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN",
                        false,
                        status,
                        Integer.toString(previous.code())),
                new Sample(
                        prefix + "watcher_last_run_seconds",
                        "When the check ran last, in Unix seconds",
                        false,
                        name,
                        Long.toString(Math.max(0, checkTime))),
                new Sample(prefix + "watcher_checks_count", "Checks so far", true, name, Long.toString(checks))));
    }

    @Override
    public Value.Obj state() {
        Value.Obj annotations = Value.obj();
        for (Map.Entry<String, String> one : settings.annotations().entrySet()) {
            annotations = annotations.with(one.getKey(), Value.text(one.getValue()));
        }
        List<PerfData> data = last.perfData();
        return Value.obj("plugin", Value.text(plugin), "status", Value.text(previous.name()))
                .with("status_code", Value.num(previous.code()))
                .with("output", Value.text(last.output()))
                .with("check_time", Value.num(checkTime))
                .with("perfdata", data == null ? Value.nil() : PerfData.list(data))
                .with("runtime", Value.num(runNanos / 1e9))
                .with("history", history.toValue())
                .with("annotations", annotations);
    }

    @Override
    public void close() {
        prometheus.forget();
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "nagios";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofMillis(500), null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new NagiosWatcher(NagiosSettings.read(properties, context), context);
        }
    }
}
