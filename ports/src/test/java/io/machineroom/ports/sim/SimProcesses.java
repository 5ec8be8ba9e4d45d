package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Programs as lambdas, found by the first word of a command: they print, hang, die or shout. Limits are shown to them, and
 * theirs to keep: nothing of the host is really used.
 */
public final class SimProcesses implements ProcessRunner {
    private static final int KILLED = 137;

    private final Tasks tasks;
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final List<Command> started = new ArrayList<>();
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private boolean privileged = true;
    private long pids = 1_000;

    public SimProcesses(Tasks tasks) {
        this.tasks = tasks;
    }

    /** A user of the simulated host; the group of that number bears the user's name. */
    public record User(int id, int group, String home) {}

    /** Adds a user, as whom commands may run. */
    public SimProcesses user(String name, User user) {
        users.put(name, user);
        return this;
    }

    /** The user of a command; root when none is asked for. */
    public User userOf(Command command) {
        return users.getOrDefault(command.confinement().user(), new User(0, 0, "/root"));
    }

    /** From now on no command can run as another user. */
    public SimProcesses unprivileged() {
        privileged = false;
        return this;
    }

    /** From now on the program is missing that sets another user ({@code setpriv}) or limits ({@code prlimit}). */
    public SimProcesses without(String helper) {
        missing.add(helper);
        return this;
    }

    /** What a program does; returns its exit code. Interrupted when killed. */
    public interface Program {
        int run(Command command, Console console) throws InterruptedException;
    }

    /** Where a program prints. */
    public interface Console {
        void out(String text);

        void err(String text);
    }

    /** Installs a program under a name or path. */
    public SimProcesses program(String name, Program program) {
        programs.put(name, program);
        return this;
    }

    /** Installs a program that prints a text and exits. */
    public SimProcesses program(String name, String output, int exitCode) {
        return program(name, (command, console) -> {
            console.out(output);
            return exitCode;
        });
    }

    /** Commands started so far, oldest first. */
    public List<Command> started() {
        return List.copyOf(started);
    }

    @Override
    public Result run(Command command) throws InterruptedException {
        SimChild child = launch(command);
        boolean ended;
        try {
            ended = child.await(command.timeout());
        } catch (InterruptedException e) {
            child.kill();
            throw e;
        }
        if (!ended) {
            child.kill();
        }
        return child.result(!ended);
    }

    @Override
    public Child start(Command command) {
        return launch(command);
    }

    private SimChild launch(Command command) {
        String name = command.argv().getFirst();
        Program program = programs.get(name);
        if (program == null) {
            throw new PortException.Refused("exec.not-found", "there is no program " + name);
        }
        Command confined = confined(command);
        started.add(confined);
        return new SimChild(confined, program, pids++);
    }

    private Command confined(Command command) {
        Confinement to = command.confinement();
        if (to.limited()) {
            need("prlimit");
        }
        if (!to.otherUser()) {
            return command;
        }
        User user = users.get(to.user());
        if (user == null || !to.group().isEmpty() && !users.containsKey(to.group())) {
            throw refused("there is no user or group " + to.user() + " " + to.group() + ": add it, or name another");
        }
        if (!privileged) {
            throw refused("only root becomes the user " + to.user() + ": run the agent as root, or name no user");
        }
        need("setpriv");
        Map<String, String> environment = new LinkedHashMap<>(command.environment());
        environment.putIfAbsent("HOME", user.home());
        environment.putIfAbsent("USER", to.user());
        environment.putIfAbsent("LOGNAME", to.user());
        return new Command(
                command.argv(),
                environment,
                command.directory(),
                command.timeout(),
                command.maxOutputBytes(),
                command.mergeErrors(),
                to);
    }

    private void need(String program) {
        if (missing.contains(program)) {
            throw refused("there is no " + program + " in the PATH: install util-linux, or confine nothing");
        }
    }

    private static PortException.Refused refused(String why) {
        return new PortException.Refused("exec.confinement", why);
    }

    private final class SimChild implements Child, Console {
        private final Command command;
        private final long pid;
        private final StringBuilder output = new StringBuilder();
        private final StringBuilder errors = new StringBuilder();
        private final Tasks.Task task;
        private boolean truncated;
        private boolean over;
        private int code = KILLED;

        SimChild(Command command, Program program, long pid) {
            this.command = command;
            this.pid = pid;
            task = tasks.fork(command.argv().getFirst(), () -> {
                int exit = program.run(command, this);
                if (!over) {
                    code = exit;
                }
                over = true;
            });
        }

        @Override
        public void out(String text) {
            print(output, text);
        }

        @Override
        public void err(String text) {
            print(command.mergeErrors() ? output : errors, text);
        }

        private void print(StringBuilder into, String text) {
            int room = Math.max(0, command.maxOutputBytes() - into.length());
            truncated |= text.length() > room;
            into.append(text, 0, Math.min(room, text.length()));
        }

        void kill() {
            over = true;
            task.cancel();
        }

        Result result(boolean timedOut) {
            byte[] out = output.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] err = errors.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return new Result(code, out, err, timedOut, truncated);
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean alive() {
            return !over && !task.done();
        }

        @Override
        public boolean await(Duration time) throws InterruptedException {
            return over || task.join(time);
        }

        @Override
        public int exitCode() {
            if (alive()) {
                throw new IllegalStateException("it still runs");
            }
            return code;
        }

        @Override
        public String tail() {
            String all = output.toString() + errors;
            return all.substring(Math.max(0, all.length() - 8 * 1024));
        }

        @Override
        public void stop(Duration grace) throws InterruptedException {
            task.cancel();
            task.join(grace);
            kill();
        }
    }
}
