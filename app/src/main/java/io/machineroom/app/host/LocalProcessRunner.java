package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Programs of this host. Their input is empty. Output is read by platform threads, because a pipe has no
 * waiting that a virtual thread could give way in, and a grandchild may hold it for long.
 */
public final class LocalProcessRunner implements ProcessRunner {
    private static final Path PROCESSES = Path.of("/proc");

    private final SearchPath searchPath;
    private final Confiner confiner;
    private final Set<RunningChild> children = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean hooked = new AtomicBoolean();

    public LocalProcessRunner() {
        this(new SearchPath(), Path.of("/proc/self/status"));
    }

    /**
     * A runner with another PATH or other privileges.
     *
     * @param status what the kernel tells of this process
     */
    LocalProcessRunner(SearchPath searchPath, Path status) {
        this.searchPath = searchPath;
        this.confiner = new Confiner(searchPath, status);
    }

    @Override
    public Result run(Command command) throws InterruptedException {
        Launched launched = launch(command);
        Process process = launched.process();
        OutputReader output = OutputReader.head(process.getInputStream(), command.maxOutputBytes());
        OutputReader errors = OutputReader.head(process.getErrorStream(), command.maxOutputBytes());
        boolean ended;
        try {
            ended = process.waitFor(TimeUnit.NANOSECONDS.convert(command.timeout()), TimeUnit.NANOSECONDS);
            if (!ended) {
                launched.tree().kill();
                process.waitFor(10, TimeUnit.SECONDS);
            }
            output.await();
            errors.await();
        } catch (InterruptedException e) {
            launched.tree().kill();
            throw e;
        }
        int code = process.isAlive() ? 137 : process.exitValue();
        return new Result(code, output.bytes(), errors.bytes(), !ended, output.truncated() || errors.truncated());
    }

    @Override
    public String searchPath() {
        return searchPath.text();
    }

    @Override
    public Child start(Command command) {
        if (hooked.compareAndSet(false, true)) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform()
                            .name("stop-children")
                            .unstarted(() -> children.forEach(RunningChild::kill)));
        }
        RunningChild child = new RunningChild(launch(command));
        children.removeIf(ended -> !ended.alive());
        children.add(child);
        return child;
    }

    /** A process that was started, and how it is killed with all that it starts. */
    private record Launched(Process process, ProcessTree tree) {}

    private Launched launch(Command command) {
        List<String> argv = new ArrayList<>(command.argv());
        argv.set(0, program(command).toString());
        Confiner.Confined confined = confiner.confine(argv, command);
        ProcessBuilder builder = new ProcessBuilder(confined.argv())
                .directory(command.directory().toFile())
                .redirectErrorStream(command.mergeErrors())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(confined.environment());
        String mark = ProcessTree.newMark();
        builder.environment().put(ProcessTree.MARK, mark);
        try {
            Process process = builder.start();
            return new Launched(process, new ProcessTree(process, PROCESSES, mark));
        } catch (IOException e) {
            throw notStartable(argv.getFirst(), "the system refuses to start it, or its directory is missing", e);
        }
    }

    private Path program(Command command) {
        String name = command.argv().getFirst();
        if (!name.contains("/")) {
            Optional<Path> found = searchPath.find(name);
            return found.orElseThrow(
                    () -> new PortException.Refused("exec.not-found", "there is no program " + name + " in the PATH"));
        }
        Path path = command.directory().resolve(name).toAbsolutePath().normalize();
        if (!Files.exists(path)) {
            throw new PortException.Refused("exec.not-found", "there is no program " + path);
        }
        if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
            throw notStartable(path.toString(), "it is not an executable file", new IOException(name));
        }
        return path;
    }

    private static PortException.Refused notStartable(String program, String why, IOException cause) {
        return new PortException.Refused("exec.not-startable", "cannot start " + program + ": " + why, cause);
    }

    /** A child that goes on. */
    private static final class RunningChild implements Child {
        private final Process process;
        private final ProcessTree tree;
        private final OutputReader output;
        private final OutputReader errors;

        RunningChild(Launched launched) {
            process = launched.process();
            tree = launched.tree();
            output = OutputReader.tail(process.getInputStream(), 8 * 1024);
            errors = OutputReader.tail(process.getErrorStream(), 8 * 1024);
        }

        void kill() {
            tree.kill();
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean alive() {
            return process.isAlive();
        }

        @Override
        public boolean await(Duration time) throws InterruptedException {
            return process.waitFor(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
        }

        @Override
        public int exitCode() {
            if (process.isAlive()) {
                throw new IllegalStateException("process " + process.pid() + " still runs");
            }
            return process.exitValue();
        }

        @Override
        public String tail() {
            String all = output.text() + errors.text();
            return all.substring(Math.max(0, all.length() - 8 * 1024));
        }

        @Override
        public void stop(Duration grace) throws InterruptedException {
            List<ProcessHandle> family = process.descendants().toList();
            process.destroy();
            try {
                await(grace);
            } finally {
                tree.kill(family);
            }
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
