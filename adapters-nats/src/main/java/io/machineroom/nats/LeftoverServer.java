package io.machineroom.nats;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that outlived the process that started it, as after a {@code kill -9}: it still holds the port and
 * the store. Found by its ports file, and ended only when its command line names our configuration and its
 * parent is gone.
 */
final class LeftoverServer {
    private static final System.Logger LOG = System.getLogger(LeftoverServer.class.getName());
    private static final Pattern PORTS = Pattern.compile("nats-server_([0-9]{1,9})\\.ports");
    private static final Duration GRACE = Duration.ofSeconds(10);

    private LeftoverServer() {}

    /** Ends the server of a ports file, if it is one of those. */
    static void end(Path portsFile, Path config) throws InterruptedException {
        Matcher name = PORTS.matcher(String.valueOf(portsFile.getFileName()));
        if (!name.matches()) {
            return;
        }
        Optional<ProcessHandle> server =
                ProcessHandle.of(Long.parseLong(name.group(1))).filter(handle -> isLeftover(handle, config));
        if (server.isPresent()) {
            LOG.log(System.Logger.Level.WARNING, "ending nats-server " + name.group(1) + " of an earlier run");
            server.get().destroy();
            if (!awaitEnd(server.get())) {
                server.get().destroyForcibly();
                awaitEnd(server.get());
            }
        }
    }

    private static boolean isLeftover(ProcessHandle handle, Path config) {
        List<String> arguments = List.of(handle.info().arguments().orElse(new String[0]));
        boolean ours = arguments.contains(config.toString());
        boolean child = handle.parent()
                .filter(parent -> parent.pid() == ProcessHandle.current().pid())
                .isPresent();
        return ours && !child;
    }

    private static boolean awaitEnd(ProcessHandle handle) throws InterruptedException {
        CompletableFuture<ProcessHandle> end = handle.onExit();
        try {
            end.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !handle.isAlive();
        }
    }
}
