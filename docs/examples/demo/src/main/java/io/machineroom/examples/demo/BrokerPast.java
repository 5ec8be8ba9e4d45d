package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * An older state of the broker's store, put back later: what a restored snapshot of its disk, or a disk that lied about
 * its writes, does to it. One thread uses it.
 */
final class BrokerPast {
    private static final Duration SOON = Duration.ofSeconds(90);

    private final Saas saas;
    private final Path copy;
    private long taken;
    private boolean there;

    BrokerPast(Saas saas, Path copy) {
        this.saas = saas;
        this.copy = copy;
    }

    boolean isThere() {
        return there;
    }

    /** Copies the store while its server is stopped in the middle of whatever it does; false when none runs just now. */
    boolean take() throws IOException, InterruptedException {
        var server = saas.natsServer();
        if (server.isEmpty()) {
            return false;
        }
        remove(copy);
        long pid = server.get().pid();
        try {
            Program.signal(pid, "STOP");
            // the signal is on its way to the threads that run just now
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            copy(saas.brokerStore(), copy);
        } finally {
            Program.signal(pid, "CONT");
        }
        there = server.get().isAlive();
        taken = System.nanoTime();
        return there;
    }

    /**
     * Kills the broker and lets it begin anew from the copy. Either the backplane dies too, or it is only held still
     * meanwhile and has to notice for itself that its broker forgot.
     *
     * @return how much the broker has forgotten
     */
    Duration putBack(boolean backplaneDies) throws Exception {
        Workshop.await(
                "there is a nats-server to put back",
                SOON,
                () -> saas.natsServer().isPresent());
        ProcessHandle server = saas.natsServer().orElseThrow();
        long backplane = saas.pid();
        if (backplaneDies) {
            saas.kill();
        } else {
            Program.signal(backplane, "STOP");
        }
        try {
            server.destroyForcibly();
            Workshop.await("the nats-server is gone", SOON, () -> !saas.natsAnswers());
            Path forgotten = copy.resolveSibling("broker-forgotten");
            Files.move(saas.brokerStore(), forgotten);
            Files.move(copy, saas.brokerStore());
            there = false;
            remove(forgotten);
        } finally {
            if (!backplaneDies) {
                Program.signal(backplane, "CONT");
            }
        }
        if (backplaneDies) {
            saas.start();
        }
        return Duration.ofNanos(System.nanoTime() - taken);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(each);
            }
        }
    }
}
