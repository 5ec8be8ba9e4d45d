package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a {@link Gateway} sends files: the part of its contract that is about ranges and tags. */
public abstract class GatewayFilesContract {
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

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected final Answer get(Gateway.Handler handler, String target, String... headers) throws InterruptedException {
        return call(handler, "GET", target, new byte[0], headers);
    }

    protected final Answer call(Gateway.Handler handler, String method, String target, byte[] body, String... headers)
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

    private Gateway.Handler file(String content) throws InterruptedException {
        try {
            Path file = Files.writeString(directory.resolve("artifact"), content);
            return request -> Gateway.Response.file(file, "application/gzip");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Requests that reached a handler, in order. */
    protected final List<Gateway.Request> seen() {
        return seen;
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
    void keepsTheTagThatTheHandlerGives() throws InterruptedException {
        Gateway.Handler plain = file("0123456789");
        Gateway.Handler tagged = request -> new Gateway.Response(
                200,
                Map.of("ETag", "\"mine\""),
                new byte[0],
                plain.handle(request).file());
        assertEquals("\"mine\"", get(tagged, "/f").headers().get("etag"));
        assertEquals(304, get(tagged, "/f", "If-None-Match", "\"mine\"").status());
        assertEquals(
                "89",
                get(tagged, "/f", "Range", "bytes=8-", "If-Range", "\"mine\"").text());
        assertEquals(
                "0123456789",
                get(tagged, "/f", "Range", "bytes=8-", "If-Range", "\"other\"").text());
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
}
