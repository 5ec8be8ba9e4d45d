package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Gateway} promises. */
public abstract class GatewayContract {
    /** Body limit of the gateways under test. */
    protected static final int MAX_BODY = 64 * 1024;

    @TempDir
    private Path directory;

    private final List<Gateway.Request> seen = new CopyOnWriteArrayList<>();

    /** Serves on a free port of this machine, or on the given one. */
    protected abstract Gateway.Running serve(int port, Gateway.Handler handler) throws InterruptedException;

    /** Asks a gateway; the target is a raw path with query. */
    protected abstract Answer ask(
            Gateway.Running gateway, String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException;

    /**
     * An answer.
     *
     * @param headers names in lower case
     */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String code() {
            assertEquals("application/problem+json", headers.get("content-type"));
            Value.Obj problem = (Value.Obj) new SimJson().read(body);
            assertEquals(status, problem.whole("status").orElseThrow());
            assertFalse(problem.text("detail").orElseThrow().isEmpty());
            assertFalse(problem.text("title").orElseThrow().isEmpty());
            return problem.text("code").orElseThrow();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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

    private Answer get(Gateway.Handler handler, String target, String... headers) throws InterruptedException {
        return call(handler, "GET", target, new byte[0], headers);
    }

    private Answer call(Gateway.Handler handler, String method, String target, byte[] body, String... headers)
            throws InterruptedException {
        Map<String, String> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], headers[i + 1]);
        }
        try (Gateway.Running running = serve(0, request -> {
            seen.add(request);
            return handler.handle(request);
        })) {
            return ask(running, method, target, map, body);
        }
    }

    private static Gateway.Handler ok() {
        return request -> Gateway.Response.of(200, "text/plain", bytes("fine"));
    }

    private static Gateway.Handler failing(RuntimeException failure) {
        return request -> {
            throw failure;
        };
    }

    private Gateway.Handler file(String content) throws InterruptedException {
        try {
            Path file = Files.writeString(directory.resolve("artifact"), content);
            return request -> Gateway.Response.file(file, "application/gzip");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void passesOnWhatWasAsked() throws InterruptedException {
        call(ok(), "POST", "/v1/a%20b?wait=5&x=%2F", bytes("hello"), "X-Thing", "value", "Content-Type", "text/plain");
        Gateway.Request request = seen.getFirst();
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
        assertArrayEquals(plain, seen.getFirst().body());
    }

    @Test
    void takesABodyOfTheLimit() throws InterruptedException {
        assertEquals(200, call(ok(), "POST", "/", new byte[MAX_BODY]).status());
        assertEquals(MAX_BODY, seen.getFirst().body().length);
    }

    @Test
    void refusesALargerBody() throws InterruptedException {
        Answer answer = call(ok(), "POST", "/", new byte[MAX_BODY + 1]);
        assertEquals(413, answer.status());
        assertEquals("gateway.too-large", answer.code());
        assertEquals(List.of(), seen);
    }

    @Test
    void refusesABodyThatUnpacksToMore() throws InterruptedException {
        Answer answer = call(ok(), "POST", "/", gzip(new byte[30_000_000]), "Content-Encoding", "gzip");
        assertEquals(413, answer.status());
        assertEquals("gateway.too-large", answer.code());
        assertEquals(List.of(), seen);
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
        assertEquals(List.of(), seen);
    }

    @Test
    void refusesALargeHeader() throws InterruptedException {
        Answer answer = get(ok(), "/", "X-Large", "x".repeat(17_000));
        assertEquals(431, answer.status());
        assertEquals("gateway.header", answer.code());
        assertEquals(List.of(), seen);
    }

    @Test
    void refusesPathsThatSaySomethingElse() throws InterruptedException {
        for (String target : List.of(
                "/a/../b", "/..", "/a/%2e%2e/b", "/a/.%2E/b", "/a//b", "/a%2Fb", "/a%5c..%5cb", "/./a", "/a%00b")) {
            Answer answer = get(ok(), target);
            assertEquals(400, answer.status(), target);
            assertEquals("gateway.path", answer.code(), target);
        }
        assertEquals(List.of(), seen);
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
    void sendsAFileAndItsTag() throws InterruptedException {
        Gateway.Handler file = file("0123456789");
        Answer whole = get(file, "/f");
        assertEquals(200, whole.status());
        assertEquals("0123456789", whole.text());
        assertEquals("application/gzip", whole.headers().get("content-type"));
        String etag = whole.headers().get("etag");
        assertEquals(304, get(file, "/f", "If-None-Match", etag).status());
        assertEquals(200, get(file, "/f", "If-None-Match", "\"other\"").status());
        Answer head = call(file, "HEAD", "/f", new byte[0]);
        assertEquals(200, head.status());
        assertEquals("10", head.headers().get("content-length"));
        assertEquals(0, head.body().length);
    }

    @Test
    void sendsTheRangeThatWasAskedFor() throws InterruptedException {
        Gateway.Handler file = file("0123456789");
        String etag = get(file, "/f").headers().get("etag");
        Answer middle = get(file, "/f", "Range", "bytes=2-4");
        assertEquals(206, middle.status());
        assertEquals("234", middle.text());
        assertEquals("bytes 2-4/10", middle.headers().get("content-range"));
        assertEquals("789", get(file, "/f", "Range", "bytes=7-").text());
        assertEquals("789", get(file, "/f", "Range", "bytes=-3").text());
        assertEquals(
                "89", get(file, "/f", "Range", "bytes=8-100", "If-Range", etag).text());
        assertEquals(
                "0123456789",
                get(file, "/f", "Range", "bytes=8-", "If-Range", "\"old\"").text());
        Answer beyond = get(file, "/f", "Range", "bytes=10-");
        assertEquals(416, beyond.status());
        assertEquals("bytes */10", beyond.headers().get("content-range"));
        assertEquals(416, get(file, "/f", "Range", "bytes=-0").status());
    }

    @Test
    void sendsAllForRangesItDoesNotUnderstand() throws InterruptedException {
        Gateway.Handler file = file("0123456789");
        for (String range : List.of(
                "bytes=1-2,4-5", "bytes=4-2", "bytes=-", "lines=1-2", "bytes=x-", "bytes=99999999999999999999-")) {
            Answer answer = get(file, "/f", "Range", range);
            assertEquals(200, answer.status(), range);
            assertEquals("0123456789", answer.text(), range);
        }
    }

    @Test
    void sendsAnEmptyFile() throws InterruptedException {
        Answer answer = get(file(""), "/f");
        assertEquals(200, answer.status());
        assertEquals(0, answer.body().length);
    }

    @Test
    void saysThatAFileIsNotThere() throws InterruptedException {
        Path absent = directory.resolve("absent");
        Answer answer = get(request -> Gateway.Response.file(absent, "application/gzip"), "/f");
        assertEquals(404, answer.status());
        assertEquals("gateway.absent", answer.code());
        Answer folder = get(request -> Gateway.Response.file(directory, "application/gzip"), "/f");
        assertEquals(404, folder.status());
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
