package io.machineroom.domain.authoring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
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

    private final List<TestScript.Command> script;
    private final Tasks tasks;
    private final Map<TestScript.Command, Long> runs = new LinkedHashMap<>();
    private final Set<String> unscripted = new LinkedHashSet<>();

    ScriptedProcesses(List<TestScript.Command> script, Tasks tasks) {
        this.script = script;
        this.tasks = tasks;
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
        String line = String.join(" ", command.argv());
        Optional<TestScript.Command> found = script.stream()
                .filter(c -> line.contains(c.match()))
                .filter(c -> c.watcher().isEmpty()
                        || c.watcher().equals(command.environment().get("MACHINE_WATCHER_NAME")))
                .findFirst();
        if (found.isEmpty()) {
            unscripted.add(line);
            return new Result(
                    NOT_FOUND, "not in the script\n".getBytes(StandardCharsets.UTF_8), new byte[0], false, false);
        }
        TestScript.Result result = next(found.get());
        Duration limit = command.timeout();
        if (result.takes().compareTo(limit) > 0) {
            tasks.sleep(limit);
            return new Result(137, new byte[0], new byte[0], true, false);
        }
        tasks.sleep(result.takes());
        return new Result(result.exit(), result.output(), new byte[0], false, false);
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
        throw new PortException.Refused(
                "exec.not-startable", "commands that stay behind are not rehearsed: " + command.argv());
    }
}
