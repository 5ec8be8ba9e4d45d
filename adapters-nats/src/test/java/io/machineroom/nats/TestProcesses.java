package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Child processes for these tests; the real runner is behind another wall. */
final class TestProcesses implements ProcessRunner {
    @Override
    public Result run(Command command) throws InterruptedException {
        Child child = start(command);
        boolean ended = child.await(command.timeout());
        if (!ended) {
            child.stop(Duration.ZERO);
        }
        byte[] output = child.tail().getBytes(StandardCharsets.UTF_8);
        return new Result(child.exitCode(), output, new byte[0], !ended, false);
    }

    @Override
    public Child start(Command command) {
        try {
            Path output = Files.createTempFile("child", ".out");
            output.toFile().deleteOnExit();
            ProcessBuilder builder = new ProcessBuilder(command.argv())
                    .directory(command.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(command.environment());
            return new TestChild(builder.start(), output);
        } catch (IOException e) {
            throw new PortException.Refused("exec.not-startable", command.argv().getFirst(), e);
        }
    }

    private record TestChild(Process process, Path output) implements Child {
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
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int exitCode() {
            return process.exitValue();
        }

        @Override
        public String tail() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                return e.toString();
            }
        }

        @Override
        public void stop(Duration grace) throws InterruptedException {
            process.destroy();
            if (!process.waitFor(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
