package io.machineroom.domain.replication.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.gateway.Gateway;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The gateway of a site: everything goes on as it is, artifacts come from the disk. */
final class SiteGatewayTest {
    private static final String A = "/v1/artifacts/a.tar.gz";

    private final RelayWorld world = new RelayWorld(1 << 20);

    @Test
    void passesRequestsOnAsTheyAreAndNothingThatIsNotTheirs() {
        byte[] body = "{\"token\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of(
                "Authorization", "Bearer good",
                "Content-Type", "application/json",
                "Mr-Epoch", "e",
                "Mr-Lane", "urgent",
                "If-None-Match", "\"3\"",
                "Cookie", "a=b",
                "Proxy-Authorization", "Basic x");
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> out.add(world.ask("POST", "/v1/enrol?wait=5", headers, body)));
        assertEquals(200, out.getFirst().status());
        assertArrayEquals(body, out.getFirst().body());
        Gateway.Request came = world.asked.getFirst();
        assertEquals("POST /v1/enrol wait=5", came.method() + " " + came.path() + " " + came.query());
        assertArrayEquals(body, came.body());
        for (String name : List.of("Authorization", "Content-Type", "Mr-Epoch", "Mr-Lane", "If-None-Match")) {
            assertEquals(Optional.of(headers.get(name)), came.header(name), name);
        }
        assertTrue(came.header("cookie").isEmpty()
                && came.header("proxy-authorization").isEmpty());
    }

    @Test
    void bringsAnswersBackWithTheirTags() {
        Gateway.Response answer = world.get("/v1/desired/CONFIG/machines", "good");
        assertEquals(200, answer.status());
        assertEquals("\"7\"", answer.headers().get("etag"));
        assertEquals("7", answer.headers().get("mr-revision"));
        assertFalse(answer.headers().containsKey("set-cookie"));
        Gateway.Response refused = world.get("/v1/desired/CONFIG/machines", "unknown");
        assertEquals(401, refused.status());
        assertEquals("session.expired", RelayWorld.code(refused));
    }

    @Test
    void asksTheSaasOnlyWhatBelongsToTheProtocol() {
        assertEquals(404, world.get("/metrics", "good").status());
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> out.add(world.ask("DELETE", "/v1/time", Map.of(), new byte[0])));
        assertEquals(405, out.getFirst().status());
        assertEquals(List.of(), world.asked);
    }

    @Test
    void fiftyFollowersThatAskAtOnceCauseOneDownload() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> {
            for (int i = 0; i < 50; i++) {
                world.tasks.fork(
                        "follower " + i,
                        () -> out.add(world.ask("GET", A, Map.of("Authorization", "Bearer good"), new byte[0])));
            }
            world.tasks.sleep(Duration.ofSeconds(30));
        });
        assertEquals(50, out.stream().filter(r -> r.status() == 200).count());
        out.forEach(r -> assertArrayEquals(content, r.body()));
        assertEquals(List.of(A), world.line.downloads());
        assertEquals(300_000, world.line.bytes());
    }

    @Test
    void aCopyIsSentWhenTheSaasSaysThatItIsStillTheSame() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        Gateway.Response first = world.get(A, "good");
        Gateway.Response again = world.get(A, "good");
        assertArrayEquals(content, again.body());
        assertEquals(first.headers().get("etag"), again.headers().get("etag"));
        assertEquals(1, world.line.downloads().size());
        byte[] other = world.offer("a.tar.gz", 2, 200_000);
        assertArrayEquals(other, world.get(A, "good").body());
        assertEquals(2, world.line.downloads().size());
    }

    @Test
    void theTagIsThatOfTheSaasSoThatADownloadCanGoOnHere() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        String etag = world.get(A, "good").headers().get("etag");
        Gateway.Response rest = world.get(A, "good", "Range", "bytes=299990-", "If-Range", etag);
        assertEquals(206, rest.status());
        assertArrayEquals(java.util.Arrays.copyOfRange(content, 299_990, 300_000), rest.body());
        assertEquals(304, world.get(A, "good", "If-None-Match", etag).status());
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItWas() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        world.line.breakOffOnce(200_000);
        assertArrayEquals(content, world.get(A, "good").body());
        assertEquals(300_000, world.line.bytes());
    }

    @Test
    void whatCameBeforeTheLineWentDownIsUsedWhenItIsBack() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        world.line.breakOffOnce(200_000);
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> {
            world.tasks.fork(
                    "follower",
                    () -> out.add(world.ask("GET", A, Map.of("Authorization", "Bearer good"), new byte[0])));
            world.tasks.sleep(Duration.ofMillis(500));
            world.line.cut(true);
            world.tasks.sleep(Duration.ofSeconds(60));
        });
        assertEquals(503, out.getFirst().status());
        assertEquals("site.offline", RelayWorld.code(out.getFirst()));
        world.line.cut(false);
        assertArrayEquals(content, world.get(A, "good").body());
        assertEquals(300_000, world.line.bytes());
    }

    @Test
    void whileTheSaasIsAwayOnlySessionsThatItAcceptedLatelyGetACopy() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        world.get(A, "good");
        world.line.cut(true);
        assertArrayEquals(content, world.get(A, "good").body());
        Gateway.Response stranger = world.get(A, "unknown");
        assertEquals("site.offline", RelayWorld.code(stranger));
        assertEquals("10", stranger.headers().get("retry-after"));
        assertEquals("site.offline", RelayWorld.code(world.get("/v1/artifacts/b", "good")));
        assertEquals("site.offline", RelayWorld.code(world.get("/v1/desired/CONFIG/machines", "good")));
        world.tasks.advance(Duration.ofMinutes(16));
        assertEquals("site.offline", RelayWorld.code(world.get(A, "good")));
        world.line.cut(false);
        assertEquals(200, world.get(A, "good").status());
        assertEquals(1, world.line.downloads().size());
    }

    @Test
    void aSessionThatTheSaasNoLongerTakesGetsNothingAfterwards() {
        world.offer("a.tar.gz", 1, 1_000);
        world.get(A, "good");
        world.placeOfSession.remove("good");
        assertEquals(401, world.get(A, "good").status());
        world.line.cut(true);
        assertEquals("site.offline", RelayWorld.code(world.get(A, "good")));
    }

    @Test
    void aSessionOfAnotherCustomerGetsNoCopyAndLeavesNone() {
        world.offer("a.tar.gz", 1, 1_000);
        assertEquals("site.foreign", RelayWorld.code(world.get(A, "other")));
        assertEquals(403, world.get(A, "other").status());
        world.get(A, "good");
        world.line.cut(true);
        assertEquals("site.offline", RelayWorld.code(world.get(A, "other")));
        assertEquals(1, world.line.downloads().size());
    }

    @Test
    void anArtifactThatIsGoneAtTheSaasIsGoneHere() {
        assertEquals("artifact.absent", RelayWorld.code(world.get("/v1/artifacts/never", "good")));
        assertEquals(List.of(), world.line.downloads());
    }

    @Test
    void copiesOutliveTheProcessAndSessionsDoNot() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        world.get(A, "good");
        world.restart();
        world.line.cut(true);
        assertEquals("site.offline", RelayWorld.code(world.get(A, "good")));
        world.line.cut(false);
        assertArrayEquals(content, world.get(A, "good").body());
        assertEquals(1, world.line.downloads().size());
    }

    @Test
    void copiesThatAreDamagedAreFetchedAnew() {
        byte[] content = world.offer("a.tar.gz", 1, 300_000);
        world.get(A, "good");
        String file = "artifacts/copies/" + world.files.list("artifacts/copies").getFirst();
        world.files.replace(file, new byte[100], 0600);
        world.restart();
        assertArrayEquals(content, world.get(A, "good").body());
        world.files.replace("artifacts/index.json", "{".getBytes(StandardCharsets.UTF_8), 0600);
        world.restart();
        assertArrayEquals(content, world.get(A, "good").body());
        assertEquals(3, world.line.downloads().size());
        assertEquals(1, world.files.list("artifacts/copies").size());
    }

    @Test
    void theLeastRecentlyUsedCopiesMakeRoom() {
        for (int i = 0; i < 3; i++) {
            world.offer("f" + i, i, 300_000);
            world.get("/v1/artifacts/f" + i, "good");
            world.tasks.advance(Duration.ofMinutes(2));
        }
        world.get("/v1/artifacts/f0", "good");
        world.tasks.advance(Duration.ofMinutes(2));
        world.offer("f3", 3, 300_000);
        assertEquals(200, world.get("/v1/artifacts/f3", "good").status());
        assertEquals(3, world.files.list("artifacts/copies").size());
        world.get("/v1/artifacts/f0", "good");
        assertEquals(4, world.line.downloads().size());
        world.get("/v1/artifacts/f1", "good");
        assertEquals(5, world.line.downloads().size());
    }

    @Test
    void whatFitsNowhereIsSaid() {
        world.offer("big", 1, (1 << 20) + 1);
        assertEquals("site.artifacts-full", RelayWorld.code(world.get("/v1/artifacts/big", "good")));
        for (int i = 0; i < 3; i++) {
            world.offer("f" + i, i, 300_000);
            world.get("/v1/artifacts/f" + i, "good");
        }
        world.offer("f3", 3, 300_000);
        Gateway.Response inUse = world.get("/v1/artifacts/f3", "good");
        assertEquals("site.artifacts-full", RelayWorld.code(inUse));
        assertEquals(503, inUse.status());
        world.tasks.advance(Duration.ofMinutes(2));
        assertEquals(200, world.get("/v1/artifacts/f3", "good").status());
    }

    @Test
    void whoWaitsLongForSomebodyElsesDownloadIsAskedToComeAgain() {
        world.offer("a.tar.gz", 1, 300_000);
        List<Gateway.Response> out = new ArrayList<>();
        world.tasks.run(() -> {
            world.line.latency(Duration.ofSeconds(90));
            for (int i = 0; i < 2; i++) {
                world.tasks.fork(
                        "follower " + i,
                        () -> out.add(world.ask("GET", A, Map.of("Authorization", "Bearer good"), new byte[0])));
            }
            world.tasks.sleep(Duration.ofMinutes(10));
        });
        assertEquals(
                List.of(503, 200), out.stream().map(Gateway.Response::status).toList());
        assertEquals("site.fetching", RelayWorld.code(out.getFirst()));
    }

    @Test
    void noSessionIsWrittenDown() {
        world.offer("a.tar.gz", 1, 1_000);
        world.placeOfSession.put("very-secret-session", RelayWorld.PLACE);
        world.get(A, "very-secret-session");
        for (String name : world.files.walk("artifacts")) {
            String text = new String(
                    world.files.read("artifacts/" + name, 1 << 20).orElseThrow(), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains("very-secret-session"), name);
        }
    }
}
