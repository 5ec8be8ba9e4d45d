package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of three servers (W-37). */
final class NatsClusterIT extends NatsClusterStage {
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

    private static List<String> ids(int many) {
        return java.util.stream.IntStream.range(0, many)
                .mapToObj(i -> "id-" + i)
                .toList();
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

    @Test
    void w37TakesConnectionsBeforeThereIsAMajorityAndStoresNothingThen() throws Exception {
        cluster.start(1);
        Link link = cluster.link(1);
        assertEquals(Link.State.CONNECTED, link.state());
        assertThrows(PortException.Unavailable.class, () -> link.ensureStream(INTAKE, 3));
        assertThrows(PortException.Unavailable.class, () -> link.store(List.of(message(1))));
        cluster.start(2);
        cluster.start(3);
        soon(() -> link.ensureStream(INTAKE, 3));
        store(link, 0, 1);
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
        soon(() -> link.ensureStream(other, 3));
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

    /** All leaders of a customer have certificates of one CA: the password tells sites apart. */
    @Test
    void w37WhoHasTheCertificateAndAnotherPasswordDoesNotJoin() throws Exception {
        startAll();
        cluster.kill(2);
        cluster.lose(2);
        String other = new StringBuilder(TestCluster.PASSWORD).reverse().toString();
        var stranger = saas.broker.start(cluster.spec(2, "server", other), Duration.ofSeconds(20));
        try {
            // it tries again every second or so: one that was let in would have heard of the head
            until("it is turned away again and again", () -> turnedAway(1) >= 8 && turnedAway(3) >= 8);
            assertFalse(knowsTheHead(2), cluster.log(2));
        } finally {
            stranger.stop(Duration.ofSeconds(5));
        }
        cluster.replace(2);
        until("with the password it joins", () -> knowsTheHead(2));
    }

    private boolean knowsTheHead(int member) {
        return cluster.log(member).contains("JetStream cluster new metadata leader");
    }

    private long turnedAway(int member) {
        return cluster.log(member)
                .lines()
                .filter(line -> line.contains("rid:") && line.contains("authentication error"))
                .count();
    }

    @Test
    void w37ThePasswordOfTheRoutesIsInNoLogAndARenewedCertificateIsTakenOver() throws Exception {
        saas.certificates.renew("renewed");
        cluster.certify(1, "renewed");
        startAll();
        BigInteger before = cluster.shownAtItsRoutePort(1);
        saas.certificates.renew("renewed");
        assertEquals(before, cluster.shownAtItsRoutePort(1), "it reads the files when it is told to");
        cluster.running(1).reload(cluster.spec(1), Duration.ofSeconds(20));
        assertNotEquals(before, cluster.shownAtItsRoutePort(1));
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

    @Test
    void w37CopiesAreCurrentOnlyWhileAllThreeHaveAll() throws Exception {
        startAll();
        Link link = cluster.link(1);
        soon(() -> {
            link.ensureBucket("OWN", 3);
            return true;
        });
        until("all three have all", () -> soon(link::copiesCurrent));
        store(link, 0, 20);
        cluster.kill(3);
        until("one is missing", () -> !soon(link::copiesCurrent));
        cluster.replace(3);
        until("it is filled", () -> soon(link::copiesCurrent));
        assertTrue(isWhole(1));
    }
}
