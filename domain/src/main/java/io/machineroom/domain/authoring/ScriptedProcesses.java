package io.machineroom.domain.authoring;

import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands that do what a script says, in virtual time. One task of that time runs at once, so nothing is guarded. */
final class ScriptedProcesses implements ProcessRunner {
    private static final int NOT_FOUND = 127;
    private static final int KILLED = 137;

    private final List<TestScript.Command> script;
    private final Tasks tasks;
    private final TimeSource time;
    private final Map<TestScript.Command, Long> runs = new LinkedHashMap<>();
    private final Set<String> unscripted = new LinkedHashSet<>();

    ScriptedProcesses(List<TestScript.Command> script, Tasks tasks, TimeSource time) {
        this.script = script;
        this.tasks = tasks;
        this.time = time;
    }

    /** Commands that the script does not know. */
    Set<String> unscripted() {
        return unscripted;
    }

    /** How often commands ran that match a text of the script. */
    long runs(String match) {
        return runs.entrySet().stream()
                .filter(run -> run.getKey().match().equals(match)
                        || run.getKey().watcher().equals(match))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public Result run(Command command) throws InterruptedException {
        Optional<TestScript.Result> found = result(command);
        if (found.isEmpty()) {
            return new Result(
                    NOT_FOUND, "not in the script\n".getBytes(StandardCharsets.UTF_8), new byte[0], false, false);
        }
        TestScript.Result result = found.get();
        Duration limit = command.timeout();
        if (result.takes().compareTo(limit) > 0) {
            tasks.sleep(limit);
            return new Result(KILLED, new byte[0], new byte[0], true, false);
        }
        tasks.sleep(result.takes());
        return new Result(result.exit(), result.output(), new byte[0], false, false);
    }

    /** What comes of this run; empty, and remembered, when the script does not know the command. */
    private Optional<TestScript.Result> result(Command command) {
        String line = String.join(" ", command.argv());
        Optional<TestScript.Command> found = script.stream()
                .filter(c -> line.contains(c.match()))
                .filter(c -> c.watcher().isEmpty()
                        || c.watcher().equals(command.environment().get("MACHINE_WATCHER_NAME")))
                .findFirst();
        if (found.isEmpty()) {
            unscripted.add(line);
        }
        return found.map(this::next);
    }

    private TestScript.Result next(TestScript.Command command) {
        long before = runs.merge(command, 1L, Long::sum) - 1;
        for (TestScript.Result result : command.results()) {
            if (before < result.times()) {
                return result;
            }
            before -= result.times();
        }
        return command.results().getLast();
    }

    @Override
    public Child start(Command command) {
        return result(command)
                .map(result -> new ScriptedChild(result.exit(), result.output(), time.ticks(), result.takes()))
                .orElseGet(() -> new ScriptedChild(NOT_FOUND, new byte[0], time.ticks(), Duration.ZERO));
    }

    /** A command that stays behind. */
    private final class ScriptedChild implements Child {
        private final byte[] output;
        private final long end;
        private int exit;
        private boolean stopped;

        ScriptedChild(int exit, byte[] output, long begin, Duration takes) {
            this.exit = exit;
            this.output = output;
            this.end = begin + takes.toNanos();
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public boolean alive() {
            return !stopped && time.ticks() - end < 0;
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            Duration left = Duration.ofNanos(Math.max(0, end - time.ticks()));
            tasks.sleep(left.compareTo(limit) < 0 ? left : limit);
            return !alive();
        }

        @Override
        public int exitCode() {
            return exit;
        }

        @Override
        public String tail() {
            return new String(output, StandardCharsets.UTF_8);
        }

        @Override
        public void stop(Duration grace) {
            if (alive()) {
                stopped = true;
                exit = KILLED;
            }
        }
    }
}
