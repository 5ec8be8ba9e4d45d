package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs programs. Safe from any task. */
@Port
public interface ProcessRunner {
    /**
     * Runs a command to its end, its time-out or the interruption of the calling task. At the latter two the whole
     * process tree is killed, whosever its processes are; what detached itself from the tree too, where the host lets it be
     * found. What a command that ended by itself left behind goes on. Returns even when a grandchild keeps the output open.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code exec.not-found},
     *     {@code exec.not-startable} naming the program; {@code exec.confinement} when the command cannot be
     *     confined as asked, naming what is missing and what to do
     */
    Result run(Command command) throws InterruptedException;

    /**
     * Starts a child that goes on until stopped or until this process ends.
     *
     * @throws io.machineroom.ports.PortException.Refused as {@link #run}
     */
    Child start(Command command);

    /** The PATH in which programs are looked up: that of this process. */
    default String searchPath() {
        return "/usr/local/bin:/usr/bin:/bin";
    }

    /**
     * What to run.
     *
     * @param argv program and arguments; a program without a separator is looked up in PATH
     * @param environment the child's environment; nothing is inherited. A mark of the run may stand beside it. A command of
     *     another user gets {@code HOME}, {@code USER} and {@code LOGNAME} of that user, where it does not name them
     * @param directory working directory
     * @param timeout limit for {@link #run}; ignored by {@link #start}
     * @param maxOutputBytes kept output; the rest is read and dropped
     * @param mergeErrors whether standard error goes with standard output
     * @param confinement another user and limits
     */
    record Command(
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Duration timeout,
            int maxOutputBytes,
            boolean mergeErrors,
            Confinement confinement) {
        public Command {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
            if (argv.isEmpty()) {
                throw new IllegalArgumentException("a command needs a program");
            }
        }

        /** A command that runs as this process does. */
        public Command(
                List<String> argv,
                Map<String, String> environment,
                Path directory,
                Duration timeout,
                int maxOutputBytes,
                boolean mergeErrors) {
            this(argv, environment, directory, timeout, maxOutputBytes, mergeErrors, Confinement.NONE);
        }

        /** The same command, confined. */
        public Command confined(Confinement to) {
            return new Command(argv, environment, directory, timeout, maxOutputBytes, mergeErrors, to);
        }
    }

    /**
     * How a command ended.
     *
     * @param exitCode exit code; 128 plus the signal when killed
     * @param output kept standard output
     * @param errors kept standard error; empty when merged
     * @param timedOut whether it was killed for its time-out
     * @param truncated whether output was dropped
     */
    record Result(int exitCode, byte[] output, byte[] errors, boolean timedOut, boolean truncated) {}

    /** A running child. */
    interface Child {
        long pid();

        boolean alive();

        /** Waits for its end; false when it still runs after that time. */
        boolean await(Duration time) throws InterruptedException;

        int exitCode();

        /** The last lines it printed, at most 8 KiB, for error messages. */
        String tail();

        /** Asks it to end, then kills it and its children after the grace. */
        void stop(Duration grace) throws InterruptedException;
    }
}
