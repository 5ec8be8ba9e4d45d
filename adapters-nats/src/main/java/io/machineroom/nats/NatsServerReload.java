package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Has a running {@code nats-server} read its configuration anew: the program itself sends the signal, to the one process
 * named, and the server's log tells what came of it.
 */
final class NatsServerReload {
    private static final String DONE = "Reloaded server configuration";
    private static final String FAILED = "Failed to reload server configuration";
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MOST_LOG = 1 << 20;

    private final ProcessRunner processes;
    private final Path program;
    private final NatsServerVersion version;

    NatsServerReload(ProcessRunner processes, Path program, NatsServerVersion version) {
        this.processes = processes;
        this.program = program;
        this.version = version;
    }

    /**
     * Writes the configuration and waits until the server has taken it over.
     *
     * @throws PortException.Unavailable {@code broker.reload}
     */
    void run(long pid, Broker.Spec changed, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Path log = NatsServerConfig.log(changed.directory());
        long before = log.toFile().length();
        try {
            NatsServerBroker.write(
                    changed.directory().resolve(Orphans.CONFIG), NatsServerConfig.render(changed, version));
            signal(pid, changed.directory(), patience);
            while (System.nanoTime() < deadline) {
                String said = since(log, before);
                if (said.contains(DONE)) {
                    return;
                }
                if (said.contains(FAILED)) {
                    throw new PortException.Unavailable("broker.reload", "nats-server does not take it over:\n" + said);
                }
                pause();
            }
        } catch (IOException e) {
            throw new PortException.Unavailable("broker.reload", "the broker's files cannot be used: " + e, e);
        }
        throw new PortException.Unavailable("broker.reload", "nats-server does not answer to the reload");
    }

    private void signal(long pid, Path directory, Duration patience) throws InterruptedException {
        ProcessRunner.Result sent = processes.run(new ProcessRunner.Command(
                List.of(program.toString(), "--signal", "reload=" + pid),
                Map.of("PATH", "/usr/bin:/bin"),
                directory,
                patience,
                4096,
                true));
        if (sent.exitCode() != 0) {
            throw new PortException.Unavailable(
                    "broker.reload",
                    "the reload could not be asked for: " + new String(sent.output(), StandardCharsets.UTF_8).strip());
        }
    }

    /** What the log got since; all of it when it was begun anew meanwhile. */
    private static String since(Path log, long before) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = file.length() < before ? 0 : before;
            byte[] text = new byte[(int) Math.min(MOST_LOG, file.length() - from)];
            file.seek(from);
            file.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(LOOK.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
