package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers at three places that keep one store together (W-37). */
final class NatsClusterIT {
    private static final StreamSpec INTAKE = new StreamSpec(
                    "MR_INTAKE",
                    List.of(Subject.of("mr.>")),
                    StreamSpec.Retention.SEALED_QUEUE,
                    10_000_000,
                    Duration.ZERO,
                    0,
                    StreamSpec.Discard.NEW)
            .withReplicas(3);
    private static final Duration SOON = Duration.ofSeconds(60);

    private TestSaas saas;
    private TestCluster cluster;

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

    private interface Try<T> {
        T run() throws InterruptedException;
    }

    /** Tried again while a cluster finds its majority. */
    private static <T> T soon(Try<T> work) throws InterruptedException {
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

    private static void until(String what, Try<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.run()) {
            assertTrue(System.nanoTime() - end < 0, what);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static Message message(int number) {
        return new Message(
                Subject.of("mr.UNODE.event"), "id-" + number, Map.of(), ByteBuffer.allocate(10), Instant.EPOCH);
    }

    /** An id that was stored already is stored once. */
    private static void store(Link link, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            Message one = message(i);
            soon(() -> {
                link.store(List.of(one));
                return true;
            });
        }
    }

    private static List<String> readAll(Link link, int many) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        try (Intake intake = soon(() -> link.intake("MR_INTAKE", "uplink"))) {
            until("all of it", () -> {
                List<Intake.Arrival> some = intake.read(100, Duration.ofMillis(500));
                some.forEach(a -> ids.add(a.message().id()));
                intake.settle(some);
                return ids.size() >= many;
            });
        }
        return ids;
    }

    private ClusterInfo state(int through) throws InterruptedException {
        return state(through, "MR_INTAKE");
    }

    private ClusterInfo state(int through, String stream) throws InterruptedException {
        Connection raw = cluster.raw(through);
        try {
            return raw.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
        } catch (IOException | JetStreamApiException e) {
            throw new PortException.Unavailable("stream.unreachable", "not now", e);
        } finally {
            raw.close();
        }
    }

    private static int member(String server) {
        return Integer.parseInt(server.substring("plant-".length()));
    }

    private boolean isWhole(int through) throws InterruptedException {
        ClusterInfo now = soon(() -> state(through));
        return now.getReplicas() != null
                && now.getReplicas().size() == 2
                && now.getReplicas().stream().allMatch(r -> r.isCurrent() && !r.isOffline());
    }

    private void startAll() throws InterruptedException {
        for (int member : List.of(1, 2, 3)) {
            cluster.start(member);
        }
        Link link = cluster.link(1);
        soon(() -> link.ensureStream(INTAKE));
        until("three copies", () -> isWhole(1));
    }

    @Test
    void streamsW37GoesOnWhenTheServerThatLeadsIsKilledAndAnotherMachineTakesItsPlace() throws Exception {
        startAll();
        store(cluster.link(2), 0, 20);
        int first = member(soon(() -> state(1)).getLeader());
        cluster.kill(first);
        int second = first % 3 + 1;
        int third = second % 3 + 1;
        store(cluster.link(second), 20, 40);
        assertEquals(ids(40), readAll(cluster.link(third), 40));
        store(cluster.link(third), 40, 60);
        cluster.replace(first);
        until("the replaced one is up to date", () -> isWhole(second));
        cluster.kill(second);
        store(cluster.link(first), 60, 80);
        assertEquals(ids(80).subList(40, 80), readAll(cluster.link(first), 40));
    }

    private static List<String> ids(int many) {
        return java.util.stream.IntStream.range(0, many)
                .mapToObj(i -> "id-" + i)
                .toList();
    }

    @Test
    void w37TakesConnectionsBeforeThereIsAMajorityAndStoresNothingThen() throws Exception {
        cluster.start(1);
        Link link = cluster.link(1);
        assertEquals(Link.State.CONNECTED, link.state());
        assertThrows(PortException.Unavailable.class, () -> link.ensureStream(INTAKE));
        assertThrows(PortException.Unavailable.class, () -> link.store(List.of(message(1))));
        cluster.start(2);
        cluster.start(3);
        soon(() -> link.ensureStream(INTAKE));
        store(link, 0, 1);
    }

    @Test
    void w37BucketsAreHeldByAllAndAKeyThatIsNotRenewedEnds() throws Exception {
        startAll();
        Link link = cluster.link(1);
        soon(() -> {
            link.ensureBucket(BucketSpec.CONFIG, 3);
            return true;
        });
        Bucket places = link.bucket(BucketSpec.SITE);
        assertTrue(soon(() -> places.make(BucketSpec.site(3))));
        assertEquals(3, places.facts().spec().replicas());
        assertEquals(3, link.bucket(BucketSpec.CONFIG).facts().spec().replicas());
        long revision = soon(() -> places.create("carrier", "one".getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
        Bucket elsewhere = cluster.link(2).bucket(BucketSpec.SITE);
        assertEquals(Optional.empty(), elsewhere.create("carrier", "two".getBytes(StandardCharsets.UTF_8)));
        assertTrue(places.update("carrier", "one".getBytes(StandardCharsets.UTF_8), revision)
                .isPresent());
        until(
                "the key ends",
                () -> elsewhere
                        .create("carrier", "two".getBytes(StandardCharsets.UTF_8))
                        .isPresent());
        assertEquals(Set.of("carrier"), places.keys());
    }

    /** What one of many does. */
    private interface Turn<T> {
        Optional<T> take(Link link, int number) throws InterruptedException;
    }

    /** What came of many turns over all three at once. */
    private <T> List<T> crowd(int turns, Turn<T> turn) throws InterruptedException {
        List<T> out = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Tasks.Task> tasks = new ArrayList<>();
        for (int member : List.of(1, 2, 3)) {
            Link link = cluster.link(member);
            tasks.add(new LiveRuntime().fork("crowd-" + member, () -> {
                for (int i = 0; i < turns; i++) {
                    turn.take(link, i).ifPresent(out::add);
                }
            }));
        }
        for (Tasks.Task task : tasks) {
            assertTrue(task.join(SOON), task.name());
            assertEquals(Optional.empty(), task.failure());
        }
        return out;
    }

    @Test
    void w37OneOfManyWinsAKey() throws Exception {
        startAll();
        soon(() -> cluster.link(1).bucket(BucketSpec.SITE).make(BucketSpec.site(3)));
        List<Integer> won = crowd(
                100,
                (link, i) -> link.bucket(BucketSpec.SITE)
                        .create("key-" + i, new byte[] {1})
                        .map(_ -> i));
        assertEquals(
                java.util.stream.IntStream.range(0, 100).boxed().toList(),
                won.stream().sorted().toList());
    }

    @Test
    void w37NoMoreEnterAGovernorThanItHasSlotsAndWhoHoldsOneHoldsItWhenAServerDies() throws Exception {
        startAll();
        Slots slots = cluster.link(1).slots();
        soon(() -> {
            slots.ensure(new Slots.Rules("BACKUP", 2, Duration.ofMinutes(10), 3));
            return true;
        });
        List<Long> entered = crowd(
                50,
                (link, i) -> link.slots()
                        .enter("BACKUP", "n" + i, java.util.UUID.randomUUID().toString()));
        assertEquals(2, entered.size(), entered::toString);
        int head = member(soon(() -> state(1, "GOVERNOR_BACKUP")).getLeader());
        cluster.kill(head);
        Slots second = cluster.link(head % 3 + 1).slots();
        assertEquals(
                entered.stream().sorted().toList(),
                soon(() -> second.view("BACKUP")).stream()
                        .map(Slots.Slot::number)
                        .toList());
        assertEquals(Optional.empty(), soon(() -> second.enter("BACKUP", "late", "a")));
        assertTrue(second.leave("BACKUP", entered.getFirst()));
        assertTrue(soon(() -> second.enter("BACKUP", "next", "b")).isPresent());
        cluster.replace(head);
        until(
                "the replaced one holds it too",
                () -> soon(() -> state(head, "GOVERNOR_BACKUP")).getReplicas().stream()
                        .allMatch(r -> r.isCurrent() && !r.isOffline()));
        cluster.kill(head % 3 + 1);
        Slots third = cluster.link(head).slots();
        assertEquals(2, soon(() -> third.view("BACKUP")).size());
        assertEquals(Optional.empty(), soon(() -> third.enter("BACKUP", "late", "c")));
    }

    @Test
    void w37AStreamOfOneServerIsBroughtToThree() throws Exception {
        startAll();
        Link link = cluster.link(3);
        StreamSpec other = new StreamSpec(
                "OTHER",
                List.of(Subject.of("other.>")),
                StreamSpec.Retention.LIMITS,
                0,
                Duration.ZERO,
                0,
                StreamSpec.Discard.OLD);
        soon(() -> link.ensureStream(other));
        soon(() -> link.ensureStream(other.withReplicas(3)));
        soon(() -> link.ensureStream(other));
        Connection raw = cluster.raw(1);
        try {
            assertEquals(
                    3,
                    raw.jetStreamManagement()
                            .getStreamInfo("OTHER")
                            .getConfiguration()
                            .getReplicas());
        } finally {
            raw.close();
        }
    }

    @Test
    void w37WhoseCertificateIsOfAnotherCaDoesNotJoin() throws Exception {
        cluster.start(1);
        var stranger = saas.broker.start(cluster.spec(2, "other"), Duration.ofSeconds(20));
        try {
            until("it is turned away", () -> cluster.log(1).contains("TLS route handshake error"));
            assertFalse(cluster.log(1).contains("JetStream cluster new metadata leader"), cluster.log(1));
        } finally {
            stranger.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void w37ThePasswordOfTheRoutesIsInNoLogAndARenewedCertificateIsTakenOver() throws Exception {
        startAll();
        cluster.running(1).reload(cluster.spec(1, "server"), Duration.ofSeconds(20));
        Link link = cluster.link(2);
        store(link, 0, 5);
        cluster.kill(3);
        cluster.start(3);
        until("it is back over new routes", () -> isWhole(1));
        for (int member : List.of(1, 2, 3)) {
            assertFalse(cluster.log(member).contains(TestCluster.PASSWORD));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(cluster.home(member).resolve(Orphans.CONFIG))));
        }
        assertFalse(cluster.spec(1, "server").toString().contains(TestCluster.PASSWORD));
    }
}
