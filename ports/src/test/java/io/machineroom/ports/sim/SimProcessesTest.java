package io.machineroom.ports.sim;

import io.machineroom.ports.contract.ProcessRunnerContract;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

final class SimProcessesTest extends ProcessRunnerContract {
    private final SimTasks tasks = new SimTasks(1);
    private final SimProcesses runner = host();

    private SimProcesses host() {
        SimProcesses host = new SimProcesses(tasks).user("nobody", new SimProcesses.User(65534, 65534, "/nonexistent"));
        return host.program("who", (command, console) -> {
                    SimProcesses.User user = host.userOf(command);
                    console.out(user.id() + " " + user.group() + " " + user.group());
                    for (String name : List.of("HOME", "USER", "LOGNAME")) {
                        console.out(" " + command.environment().getOrDefault(name, ""));
                    }
                    return 0;
                })
                .program("limits", (command, console) -> {
                    Confinement to = command.confinement();
                    console.out(to.memoryBytes() / 1024 + " " + to.cpuSeconds() + " " + to.processes() + " "
                            + to.openFiles());
                    return 0;
                })
                .program("burns", (command, console) -> {
                    tasks.sleep(Duration.ofSeconds(command.confinement().cpuSeconds()));
                    return 152;
                })
                .program("prints", (command, console) -> {
                    console.out(command.argv().get(1));
                    console.err(command.argv().get(2));
                    return Integer.parseInt(command.argv().get(3));
                })
                .program("hangs", (command, console) -> {
                    tasks.sleep(Duration.ofDays(1_000));
                    return 0;
                })
                .program("variable", (command, console) -> {
                    console.out(
                            command.environment().getOrDefault(command.argv().get(1), ""));
                    return 0;
                })
                .program("bytes", (command, console) -> {
                    console.out("x".repeat(Integer.parseInt(command.argv().get(1))));
                    return 0;
                });
    }

    @Override
    protected ProcessRunner runner() {
        return runner;
    }

    @Override
    protected Tasks tasks() {
        return tasks;
    }

    @Override
    protected void within(Tasks.Body body) {
        tasks.run(body);
    }

    @Override
    protected Path directory() {
        return Path.of("/sim");
    }

    @Override
    protected List<String> prints(String output, String errors, int code) {
        return List.of("prints", output, errors, String.valueOf(code));
    }

    @Override
    protected List<String> hangs() {
        return List.of("hangs");
    }

    @Override
    protected List<String> printsVariable(String name) {
        return List.of("variable", name);
    }

    @Override
    protected List<String> printsBytes(int count) {
        return List.of("bytes", String.valueOf(count));
    }

    @Override
    protected boolean root() {
        return true;
    }

    @Override
    protected List<String> printsWho() {
        return List.of("who");
    }

    @Override
    protected List<String> printsLimits() {
        return List.of("limits");
    }

    @Override
    protected List<String> burns() {
        return List.of("burns");
    }

    @Override
    protected ProcessRunner without(String helper) {
        return host().without(helper);
    }

    @Override
    protected ProcessRunner unprivileged() {
        return host().unprivileged();
    }
}
