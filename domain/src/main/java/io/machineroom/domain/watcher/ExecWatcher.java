package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command (spec 4.3): exit code 0 succeeds, everything else fails. Its output may become machine data. Runs at
 * its interval and when the machine changes state, not at the start unless {@code gather_initial_state} asks.
 */
final class ExecWatcher implements Watcher {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final long GATHER_SPREAD_MILLIS = 30_000;

    private final Settings settings;
    private final WatcherContext context;
    /** Of one that gathers the initial state: it begins with that, and its interval counts from there. */
    private final @Nullable Due rhythm;

    private String previous;
    private long runNanos;
    private @Nullable Integer exitCode;

    private ExecWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
        this.rhythm = settings.gather
                        && context.interval().filter(Duration::isPositive).isPresent()
                ? new Due(context.time(), Duration.ofMillis(context.entropy().below(GATHER_SPREAD_MILLIS)))
                : null;
        this.previous = context.remembered()
                .flatMap(last -> last.text("previous_outcome"))
                .orElse("unknown");
        this.exitCode = context.remembered()
                .flatMap(last -> last.whole("exit_code"))
                .map(Long::intValue)
                .orElse(null);
    }

    private record Settings(
            String command,
            List<String> environment,
            Governed governed,
            Duration timeout,
            boolean parseAsData,
            boolean quiet,
            boolean gather,
            boolean disown,
            Confinement confinement) {
        static Settings read(Properties properties) {
            Duration timeout = properties.duration("timeout", DEFAULT_TIMEOUT);
            Settings settings = new Settings(
                    Texts.required(properties, "command"),
                    Texts.list(properties, "environment"),
                    Governed.read(properties),
                    timeout.isPositive() ? timeout : DEFAULT_TIMEOUT,
                    properties.bool("parse_as_data", false),
                    properties.bool("suppress_success_announce", false),
                    properties.bool("gather_initial_state", false),
                    properties.bool("disown", false),
                    Confining.read(properties));
            if (settings.disown && settings.parseAsData) {
                properties.problem("parse_as_data", "cannot parse output as data while disowning child processes");
            }
            return settings;
        }
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        Due next = rhythm;
        if (next == null) {
            boolean asked = trigger != Trigger.START && trigger != Trigger.WOKEN;
            return asked ? run() : new Outcome.Unchanged(previous);
        }
        Duration interval = context.interval().orElse(Duration.ZERO);
        if (trigger == Trigger.STATE_CHANGED) {
            next.skip(interval); // what was due while it was not active is not made up for
            return again(run(), next.left());
        }
        if (trigger == Trigger.START || !next.now()) {
            return new Outcome.Unchanged(previous, false, next.left());
        }
        Outcome outcome = run();
        next.in(interval);
        return again(outcome, interval);
    }

    private static Outcome again(Outcome outcome, Duration in) {
        return switch (outcome) {
            case Outcome.Succeeded s -> new Outcome.Succeeded(s.detail(), s.announce(), s.fire(), in);
            case Outcome.Failed f -> new Outcome.Failed(f.detail(), f.reason(), f.announce(), f.fire(), in);
            case Outcome.Requested r -> r;
            case Outcome.Unchanged u -> new Outcome.Unchanged(u.detail(), u.announce(), in);
        };
    }

    private Outcome run() throws InterruptedException {
        try {
            JsonFormat json = context.port(JsonFormat.class).orElse(null);
            // what is kept of the output is kept outside: work in a slot may be interrupted at any time
            return settings.governed.run(context, () -> timed(json)).judged(this, json);
        } catch (PortException e) {
            return failed(e.code() + ": " + e.getMessage());
        }
    }

    /** How a command ended. */
    private sealed interface Ended {
        Outcome judged(ExecWatcher watcher, @Nullable JsonFormat json);
    }

    private record Awaited(ProcessRunner.Result result) implements Ended {
        @Override
        public Outcome judged(ExecWatcher watcher, @Nullable JsonFormat json) {
            return watcher.awaited(result, json);
        }
    }

    private record Disowned(int exitCode) implements Ended {
        @Override
        public Outcome judged(ExecWatcher watcher, @Nullable JsonFormat json) {
            return exitCode == 0 ? watcher.succeeded() : watcher.exited(exitCode);
        }
    }

    private Ended timed(@Nullable JsonFormat json) throws InterruptedException {
        long start = context.time().ticks();
        try {
            return run(json);
        } finally {
            runNanos = context.time().ticks() - start;
        }
    }

    private Ended run(@Nullable JsonFormat json) throws InterruptedException {
        MachinePrograms commands = MachinePrograms.of(context);
        List<String> words = commands.words(context.expand(settings.command));
        Scratch scratch = context.port(Scratch.class).orElse(null);
        List<String> files = new ArrayList<>();
        try {
            Map<String, String> environment = commands.environment();
            if (scratch != null && json != null && !settings.confinement.otherUser()) {
                environment.put("WATCHER_DATA", file(scratch, json.write(context.data()), files));
                environment.put("WATCHER_FACTS", file(scratch, json.write(context.facts()), files));
            }
            own(environment);
            ProcessRunner.Command command = new ProcessRunner.Command(
                    words,
                    environment,
                    context.directory(),
                    settings.timeout,
                    MachinePrograms.MAX_OUTPUT,
                    !settings.parseAsData,
                    settings.confinement);
            return settings.disown
                    ? disowned(commands.runner(), command)
                    : new Awaited(commands.runner().run(command));
        } finally {
            if (scratch != null) {
                files.forEach(scratch::delete);
            }
        }
    }

    private String file(Scratch scratch, byte[] content, List<String> files) {
        String name = scratch.write(content, context.entropy());
        files.add(name);
        return scratch.path(name).toString();
    }

    private void own(Map<String, String> environment) {
        for (String entry : settings.environment) {
            String expanded = context.expand(entry);
            int cut = expanded.indexOf('=');
            if (cut > 0) {
                // an entry without a value sets nothing
                environment.put(expanded.substring(0, cut), expanded.substring(cut + 1));
            }
        }
    }

    private Outcome awaited(ProcessRunner.Result result, @Nullable JsonFormat json) {
        if (result.timedOut()) {
            return failed("exec.timeout: killed after " + Durations.print(settings.timeout));
        }
        if (result.exitCode() != 0) {
            return exited(result.exitCode());
        }
        if (settings.parseAsData) {
            if (result.truncated() || json == null) {
                return failed("exec.output: the output is larger than " + MachinePrograms.MAX_OUTPUT + " bytes");
            }
            if (!(json.read(result.output(), MachinePrograms.MAX_OUTPUT) instanceof Value.Obj fields)) {
                return failed("exec.output: the output is not a JSON object");
            }
            context.putAll(fields);
        }
        return succeeded();
    }

    private static Disowned disowned(ProcessRunner runner, ProcessRunner.Command command) throws InterruptedException {
        ProcessRunner.Child child = runner.start(command);
        while (!child.await(Duration.ofMinutes(10))) {
            if (!child.alive()) {
                break;
            }
        }
        return new Disowned(child.exitCode());
    }

    private Outcome succeeded() {
        previous = "success";
        exitCode = null;
        return new Outcome.Succeeded(previous, !settings.quiet, true, null);
    }

    private Outcome exited(int code) {
        Outcome outcome = failed(Confining.failure(settings.confinement, code));
        exitCode = code;
        return outcome;
    }

    private Outcome failed(String reason) {
        previous = "error";
        exitCode = null;
        return new Outcome.Failed(previous, reason);
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (!active) {
            previous = "skipped";
            exitCode = null;
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        Value.Obj state = Value.obj(
                "command", Value.text(settings.command),
                "previous_outcome", Value.text(previous),
                "previous_run_time", Value.num(runNanos));
        // success says its code already; such events stay as Choria writes them
        return exitCode == null ? state : state.with("exit_code", Value.num(exitCode));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "exec";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofMillis(500), null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new ExecWatcher(Settings.read(properties), context);
        }
    }
}
