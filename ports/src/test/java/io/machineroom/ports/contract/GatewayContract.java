package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What {@link Gateway} promises. */
public abstract class GatewayContract extends GatewayFilesContract {
    private static Gateway.Handler ok() {
        return request -> Gateway.Response.of(200, "text/plain", bytes("fine"));
    }

    private static Gateway.Handler failing(RuntimeException failure) {
        return request -> {
            throw failure;
        };
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    @Test
    void passesOnWhatWasAsked() throws InterruptedException {
        call(ok(), "POST", "/v1/a%20b?wait=5&x=%2F", bytes("hello"), "X-Thing", "value", "Content-Type", "text/plain");
        Gateway.Request request = seen().getFirst();
        assertEquals("POST", request.method());
        assertEquals("/v1/a b", request.path());
        assertEquals("wait=5&x=%2F", request.query());
        assertEquals("value", request.header("x-thing").orElseThrow());
        assertEquals("hello", new String(request.body(), StandardCharsets.UTF_8));
        assertFalse(request.remote().isEmpty());
    }

    @Test
    void answersWhatTheHandlerSays() throws InterruptedException {
        Answer answer = get(
                request ->
                        new Gateway.Response(202, Map.of("Content-Type", "a/b", "Mr-Revision", "7"), bytes("x"), null),
                "/");
        assertEquals(202, answer.status());
        assertEquals("a/b", answer.headers().get("content-type"));
        assertEquals("7", answer.headers().get("mr-revision"));
        assertEquals("x", answer.text());
        assertEquals(304, get(request -> Gateway.Response.empty(304), "/").status());
        assertEquals(0, get(request -> Gateway.Response.empty(204), "/").body().length);
    }

    @Test
    void unpacksTheBody() throws InterruptedException {
        byte[] plain = bytes("again and again ".repeat(500));
        assertEquals(
                200,
                call(ok(), "POST", "/", gzip(plain), "Content-Encoding", "gzip").status());
        assertArrayEquals(plain, seen().getFirst().body());
    }

    @Test
    void takesABodyOfTheLimit() throws InterruptedException {
        assertEquals(200, call(ok(), "POST", "/", new byte[MAX_BODY]).status());
        assertEquals(MAX_BODY, seen().getFirst().body().length);
    }

    @Test
    void refusesALargerBody() throws InterruptedException {
        Answer answer = call(ok(), "POST", "/", new byte[MAX_BODY + 1]);
        assertEquals(413, answer.status());
        assertEquals("gateway.too-large", answer.code());
        assertEquals(List.of(), seen());
    }

    @Test
    void refusesABodyThatUnpacksToMore() throws InterruptedException {
        Answer answer = call(ok(), "POST", "/", gzip(new byte[30_000_000]), "Content-Encoding", "gzip");
        assertEquals(413, answer.status());
        assertEquals("gateway.too-large", answer.code());
        assertEquals(List.of(), seen());
    }

    @Test
    void refusesWhatCannotBeUnpacked() throws InterruptedException {
        assertEquals(
                "gateway.body",
                call(ok(), "POST", "/", bytes("no"), "Content-Encoding", "gzip").code());
        byte[] torn = java.util.Arrays.copyOf(gzip(bytes("whole")), 15);
        assertEquals(
                "gateway.body",
                call(ok(), "POST", "/", torn, "Content-Encoding", "gzip").code());
        Answer other = call(ok(), "POST", "/", bytes("x"), "Content-Encoding", "br");
        assertEquals(415, other.status());
        assertEquals("gateway.encoding", other.code());
        assertEquals(List.of(), seen());
    }

    @Test
    void refusesALargeHeader() throws InterruptedException {
        Answer answer = get(ok(), "/", "X-Large", "x".repeat(17_000));
        assertEquals(431, answer.status());
        assertEquals("gateway.header", answer.code());
        assertEquals(List.of(), seen());
    }

    @Test
    void refusesPathsThatSaySomethingElse() throws InterruptedException {
        for (String target : List.of(
                "/a/../b", "/..", "/a/%2e%2e/b", "/a/.%2E/b", "/a//b", "/a%2Fb", "/a%5c..%5cb", "/./a", "/a%00b")) {
            Answer answer = get(ok(), target);
            assertEquals(400, answer.status(), target);
            assertEquals("gateway.path", answer.code(), target);
        }
        assertEquals(List.of(), seen());
    }

    @Test
    void makesProblemsOfPortErrors() throws InterruptedException {
        Answer later = get(
                failing(new PortException.Unavailable("log.full", "path /secret/place", null, Duration.ofSeconds(7))),
                "/");
        assertEquals(503, later.status());
        assertEquals("log.full", later.code());
        assertEquals("7", later.headers().get("retry-after"));
        assertFalse(later.text().contains("secret"), later.text());
        Map<String, Integer> statuses = Map.of(
                "desired.absent",
                404,
                "session.expired",
                401,
                "enrol.token",
                403,
                "ingest.gap",
                409,
                "batch.invalid",
                400,
                "batch.too-many",
                413);
        for (Map.Entry<String, Integer> expected : statuses.entrySet()) {
            Answer refused = get(failing(new PortException.Refused(expected.getKey(), "told why")), "/");
            assertEquals(expected.getValue(), refused.status(), expected.getKey());
            assertEquals(expected.getKey(), refused.code());
            assertTrue(refused.text().contains("told why"));
        }
    }

    @Test
    void hidesItsOwnFaults() throws InterruptedException {
        for (RuntimeException fault : List.of(
                new IllegalStateException("secret detail"),
                new PortException.Corrupted("log.damaged", "secret detail"))) {
            Answer answer = get(failing(fault), "/");
            assertEquals(500, answer.status());
            assertFalse(answer.code().isEmpty());
            assertFalse(answer.text().contains("secret detail"));
        }
    }

    @Test
    void cannotServeOnATakenPort() throws InterruptedException {
        try (Gateway.Running first = serve(0, ok())) {
            int port = first.url().getPort();
            PortException.Unavailable taken = assertThrows(PortException.Unavailable.class, () -> serve(port, ok()));
            assertEquals("gateway.port", taken.code());
        }
    }

    @Test
    void servesNobodyAfterClose() throws InterruptedException {
        Gateway.Running running = serve(0, ok());
        assertEquals(200, ask(running, "GET", "/", Map.of(), new byte[0]).status());
        running.close();
        running.close();
        assertThrows(PortException.Unavailable.class, () -> ask(running, "GET", "/", Map.of(), new byte[0]));
    }
}
