package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.graph.Rehearsal;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A life of a few seconds in a temporary folder, with an enrolment of its own and a server of its own on the
 * loopback interface: what the launcher records the start-up cache from. Nothing of this node's agent is
 * read or written, the environment sets nothing, and the vendor's facts and {@code onReady} are not asked.
 *
 * <p>{@code rehearse --serve FOLDER} is the server, {@code rehearse --with FOLDER} the agent, {@code rehearse} both.
 * The launcher uses two processes, because what only a server needs would fill the cache of every agent.
 */
final class Rehearse {
    static final String COMMAND = "rehearse";
    private static final String PREFIX = "machine-room-rehearsal-";
    private static final String SERVE = "--serve";
    private static final String WITH = "--with";

    private static final Duration UNTIL_LINKED = Duration.ofSeconds(20);
    /** Inventory is sent up to four seconds after the start, metrics and status are written each second. */
    private static final Duration LINKED = Duration.ofSeconds(5);

    /** Of a server that nobody stops. */
    private static final Duration SERVED = Duration.ofMinutes(2);

    private static final Duration STOP = Duration.ofSeconds(5);
    /** Settings of the vendor that choose what is loaded; the others might lead out of the folder. */
    private static final Set<String> KEPT = Set.of("event.encoding", "spool.provider", "log.format", "link.order");

    private final AgentOptions options;
    private final GraphFactory graph;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable AgentGraph agent;

    Rehearse(AgentOptions options, GraphFactory graph) {
        this.options = harmless(options);
        this.graph = graph;
    }

    private static AgentOptions harmless(AgentOptions o) {
        Map<String, String> defaults = new HashMap<>(o.defaults());
        defaults.keySet().retainAll(KEPT);
        return new AgentOptions(
                o.name(),
                o.version(),
                o.contact(),
                o.help(),
                o.issuer(),
                o.signingKey(),
                Value::obj,
                o.watchers(),
                o.optOuts(),
                ready -> {},
                defaults);
    }

    /** Whether a command line is one of a rehearsal. */
    static boolean asked(String... args) {
        return args.length > 0
                && args[0].equals(COMMAND)
                && (args.length == 1 || args.length == 3 && List.of(SERVE, WITH).contains(args[1]));
    }

    /** Returns when it is over and the folder is gone. */
    int run(String... args) throws Exception {
        String how = args.length == 3 ? args[1] : "";
        Path given = Path.of(args.length == 3 ? args[2] : "").toAbsolutePath().normalize();
        // a server ends by a signal: its folder is below one that the launcher removes
        Path directory = how.equals(SERVE)
                ? Files.createTempDirectory(given.getParent(), PREFIX)
                : Files.createTempDirectory(PREFIX);
        try {
            Path config = Files.writeString(directory.resolve("agent.cfg"), "status.interval = 1s\n");
            AgentRun run = new AgentRun(options, this::create, Map.of());
            Rehearsal rehearsal = run.graph(config).rehearsal();
            Path server = how.isEmpty() ? directory.resolve("server") : given;
            return switch (how) {
                case SERVE -> serve(rehearsal, server);
                case WITH -> live(run, config, rehearsal, server);
                default -> {
                    try (Rehearsal.Stage _ = rehearsal.serve(server)) {
                        yield live(run, config, rehearsal, server);
                    }
                }
            };
        } finally {
            delete(directory);
        }
    }

    private int serve(Rehearsal rehearsal, Path server) throws InterruptedException {
        try (Rehearsal.Stage _ = rehearsal.serve(server)) {
            over.await(SERVED.toMillis(), TimeUnit.MILLISECONDS);
            return 0;
        }
    }

    private int live(AgentRun run, Path config, Rehearsal rehearsal, Path server) throws Exception {
        rehearsal.enrol(Objects.requireNonNull(config.getParent()), server);
        Thread conductor = Thread.ofVirtual().start(this::conduct);
        int exit = run.run(config, false);
        over.countDown();
        conductor.join();
        return exit;
    }

    private AgentGraph create(AgentOptions chosen, ConfigSource source) {
        AgentGraph made = graph.create(chosen, source);
        agent = made;
        return made;
    }

    private void conduct() {
        try {
            long end = System.nanoTime() + UNTIL_LINKED.toNanos();
            while (!linked() && System.nanoTime() - end < 0) {
                if (over.await(100, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            over.await(LINKED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        AgentGraph now = agent;
        if (now != null) {
            now.lifecycle().stop(STOP);
        }
    }

    private boolean linked() {
        AgentGraph now = agent;
        return now != null
                && now.lifecycle()
                        .status()
                        .obj("machine_room")
                        .flatMap(room -> room.obj("link"))
                        .flatMap(link -> link.text("way"))
                        .filter(way -> way.equals("nats"))
                        .isPresent();
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
