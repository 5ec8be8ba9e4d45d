package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.watcher.WatcherContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands as machines run them (spec 1.12, 1.13): in the machine's directory, with an environment of their own. */
final class MachinePrograms {
    /** Kept output of one command: 1 MiB; the rest is read and dropped. */
    static final int MAX_OUTPUT = 1024 * 1024;

    private final ProcessRunner runner;
    private final WatcherContext context;

    private MachinePrograms(ProcessRunner runner, WatcherContext context) {
        this.runner = runner;
        this.context = context;
    }

    /**
     * Commands of a watcher.
     *
     * @throws PortException.Refused {@code exec.unavailable} when this build runs none
     */
    static MachinePrograms of(WatcherContext context) {
        ProcessRunner runner = context.port(ProcessRunner.class)
                .orElseThrow(() -> new PortException.Refused("exec.unavailable", "this build runs no commands"));
        return new MachinePrograms(runner, context);
    }

    ProcessRunner runner() {
        return runner;
    }

    /** What every command of a machine sees; the answer may be changed. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("MACHINE_WATCHER_NAME", context.watcherName());
        environment.put("MACHINE_NAME", context.machineName());
        environment.put("PATH", runner.searchPath() + ":" + context.directory());
        return environment;
    }

    /**
     * The words of a command, its program found: a relative name with a separator is meant from the machine's directory.
     *
     * @throws PortException.Refused {@code exec.command} when it is empty or does not end
     */
    List<String> words(String command) {
        List<String> words = CommandLine.split(command);
        if (words.isEmpty()) {
            throw new PortException.Refused("exec.command", "the command is empty");
        }
        List<String> argv = new ArrayList<>(words);
        String program = words.getFirst();
        if (program.contains("/") && !Path.of(program).isAbsolute()) {
            argv.set(0, context.directory().resolve(program).normalize().toString());
        }
        return argv;
    }

    /** Runs words with the plain environment to their end; standard error goes with standard output. */
    ProcessRunner.Result run(List<String> words, Duration timeout) throws InterruptedException {
        return runner.run(
                new ProcessRunner.Command(words, environment(), context.directory(), timeout, MAX_OUTPUT, true));
    }
}
