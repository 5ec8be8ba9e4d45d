package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three servers at three places that keep one store together; abstract because it holds no test. */
abstract class NatsClusterStage {
    static final StreamSpec INTAKE = new StreamSpec(
            "MR_INTAKE",
            List.of(Subject.of("mr.>")),
            StreamSpec.Retention.SEALED_QUEUE,
            10_000_000,
            Duration.ZERO,
            0,
            StreamSpec.Discard.NEW);

    static final Duration SOON = Duration.ofSeconds(60);

    TestSaas saas;

    TestCluster cluster;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        cluster = new TestCluster(saas, directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
        if (saas != null) {
            saas.close();
        }
    }

    interface Try<T> {
        T run() throws InterruptedException;
    }

    /** Tried again while a cluster finds its majority. */
    static <T> T soon(Try<T> work) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (true) {
            try {
                return work.run();
            } catch (PortException.Unavailable | PortException.Refused e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    static void until(String what, Try<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.run()) {
            assertTrue(System.nanoTime() - end < 0, what);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    static Message message(int number) {
        return new Message(
                Subject.of("mr.UNODE.event"), "id-" + number, Map.of(), ByteBuffer.allocate(10), Instant.EPOCH);
    }

    /** An id that was stored already is stored once. */
    static void store(Link link, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            Message one = message(i);
            soon(() -> {
                link.store(List.of(one));
                return true;
            });
        }
    }

    ClusterInfo state(int through) throws InterruptedException {
        return state(through, "MR_INTAKE");
    }

    ClusterInfo state(int through, String stream) throws InterruptedException {
        Connection raw = cluster.raw(through);
        try {
            return raw.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
        } catch (IOException | JetStreamApiException e) {
            throw new PortException.Unavailable("stream.unreachable", "not now", e);
        } finally {
            raw.close();
        }
    }

    static int member(String server) {
        return Integer.parseInt(server.substring("plant-".length()));
    }

    boolean isWhole(int through) throws InterruptedException {
        ClusterInfo now = soon(() -> state(through));
        return now.getReplicas() != null
                && now.getReplicas().size() == 2
                && now.getReplicas().stream().allMatch(r -> r.isCurrent() && !r.isOffline());
    }

    void startAll() throws InterruptedException {
        for (int member : List.of(1, 2, 3)) {
            cluster.start(member);
        }
        Link link = cluster.link(1);
        soon(() -> link.ensureStream(INTAKE, 3));
        until("three copies", () -> isWhole(1));
    }
}
