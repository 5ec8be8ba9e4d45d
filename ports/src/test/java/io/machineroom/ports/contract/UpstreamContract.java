package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What {@link Upstream} promises, in front of a gateway that answers what a test wants. */
public abstract class UpstreamContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SIZE = 300_000;

    private final List<Gateway.Request> seen = new CopyOnWriteArrayList<>();
    private volatile Gateway.Handler answer = request -> Gateway.Response.empty(204);

    protected abstract Upstream upstream();

    /** Makes the gateway unreachable. */
    protected abstract void cut() throws InterruptedException;

    /** The next download breaks off after about that many bytes; only that one. */
    protected abstract void breakOffOnce(int after) throws InterruptedException;

    /** A file of the gateway's disk with that content; the same name is replaced. */
    protected abstract Path served(String name, byte[] content);

    /** A path that is not there, in a directory that is. */
    protected abstract Path target();

    /** What a file holds; empty when there is none. */
    protected abstract Optional<byte[]> content(Path file);

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    /** What the gateway under the tests does. */
    protected final Gateway.Response handle(Gateway.Request request) throws InterruptedException {
        seen.add(request);
        return answer.handle(request);
    }

    private static Gateway.Request request(String method, String path, String query, Map<String, String> headers) {
        return new Gateway.Request(method, path, query, headers, new byte[0], "");
    }

    private static Gateway.Request get(String path) {
        return request("GET", path, "", Map.of("authorization", "Bearer s"));
    }

    private static byte[] random(int seed, int size) {
        byte[] out = new byte[size];
        new Random(seed).nextBytes(out);
        return out;
    }

    private Gateway.Response ask(Gateway.Request request) throws InterruptedException {
        return upstream().ask(request, SIZE, LONG);
    }

    @Test
    void passesARequestOnAndBringsTheAnswerBack() throws InterruptedException {
        within(() -> {
            answer = r -> new Gateway.Response(
                    409,
                    Map.of("Content-Type", "a/b", "Mr-Revision", "7"),
                    "no".getBytes(StandardCharsets.UTF_8),
                    null);
            Map<String, String> headers =
                    Map.of("authorization", "Bearer s", "mr-lane", "normal", "content-type", "x/y");
            byte[] body = "{\"a\":1}".repeat(1_000).getBytes(StandardCharsets.UTF_8);
            Gateway.Response said = ask(new Gateway.Request("POST", "/v1/a b", "wait=5&x=%2F", headers, body, ""));
            assertEquals(409, said.status());
            assertEquals("7", said.headers().get("mr-revision"));
            assertEquals("no", new String(said.body(), StandardCharsets.UTF_8));
            Gateway.Request came = seen.getLast();
            assertEquals("POST /v1/a b wait=5&x=%2F", came.method() + " " + came.path() + " " + came.query());
            assertArrayEquals(body, came.body());
            headers.forEach((name, value) -> assertEquals(Optional.of(value), came.header(name)));
        });
    }

    @Test
    void bringsAnswersWithoutABody() throws InterruptedException {
        within(() -> {
            answer = r -> new Gateway.Response(304, Map.of("ETag", "\"3\""), new byte[0], null);
            Gateway.Response said = ask(get("/v1/x"));
            assertEquals(304, said.status());
            assertEquals("\"3\"", said.headers().get("etag"));
            assertEquals(0, said.body().length);
        });
    }

    @Test
    void doesNotReadMoreThanItMay() throws InterruptedException {
        within(() -> {
            answer = r -> Gateway.Response.of(200, "a/b", new byte[SIZE + 1]);
            assertEquals(
                    "upstream.answer",
                    assertThrows(PortException.Unavailable.class, () -> ask(get("/v1/x")))
                            .code());
        });
    }

    @Test
    void saysThatNobodyCanBeReached() throws InterruptedException {
        within(() -> {
            Path into = target();
            cut();
            assertEquals(
                    "upstream.unreachable",
                    assertThrows(PortException.Unavailable.class, () -> ask(get("/v1/x")))
                            .code());
            assertEquals(
                    "upstream.unreachable",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> upstream().download(get("/v1/x"), into, SIZE, LONG))
                            .code());
        });
    }

    @Test
    void downloadsAFileWhole() throws InterruptedException {
        within(() -> {
            byte[] content = random(1, SIZE);
            Path file = served("a", content);
            answer = r -> Gateway.Response.file(file, "application/gzip");
            Path into = target();
            Gateway.Response said = upstream().download(get("/v1/artifacts/a"), into, SIZE, LONG);
            assertEquals(200, said.status());
            assertTrue(said.headers().containsKey("etag"));
            assertArrayEquals(content, content(into).orElseThrow());
            assertEquals(Optional.of("Bearer s"), seen.getLast().header("authorization"));
        });
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws InterruptedException {
        within(() -> {
            byte[] content = random(2, SIZE);
            Path file = served("b", content);
            answer = r -> Gateway.Response.file(file, "application/gzip");
            Path into = target();
            breakOffOnce(200_000);
            assertEquals(
                    "upstream.interrupted",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> upstream().download(get("/v1/b"), into, SIZE, LONG))
                            .code());
            assertTrue(content(into).orElseThrow().length > 0, "what came is kept");
            assertEquals(
                    200, upstream().download(get("/v1/b"), into, SIZE, LONG).status());
            assertArrayEquals(content, content(into).orElseThrow());
            assertTrue(seen.getLast().header("range").isPresent());
        });
    }

    @Test
    void beginsAnewWhenTheFileIsAnotherNow() throws InterruptedException {
        within(() -> {
            Path first = served("c", random(3, SIZE));
            answer = r -> Gateway.Response.file(first, "application/gzip");
            Path into = target();
            breakOffOnce(100_000);
            assertThrows(PortException.Unavailable.class, () -> upstream().download(get("/v1/c"), into, SIZE, LONG));
            byte[] other = random(4, SIZE - 5);
            Path second = served("c", other);
            answer = r -> Gateway.Response.file(second, "application/gzip");
            assertEquals(
                    200, upstream().download(get("/v1/c"), into, SIZE, LONG).status());
            assertTrue(Arrays.equals(other, content(into).orElseThrow()));
        });
    }

    @Test
    void refusesAFileThatIsTooLargeAndKeepsNothing() throws InterruptedException {
        within(() -> {
            Path file = served("d", random(5, SIZE + 1));
            answer = r -> Gateway.Response.file(file, "application/gzip");
            Path into = target();
            assertEquals(
                    "artifact.too-large",
                    assertThrows(PortException.Refused.class, () -> upstream().download(get("/v1/d"), into, SIZE, LONG))
                            .code());
            assertTrue(content(into).isEmpty());
        });
    }

    @Test
    void givesBackWhatIsNoFile() throws InterruptedException {
        within(() -> {
            answer = r -> {
                throw new PortException.Refused("session.expired", "open a new session");
            };
            Path into = target();
            Gateway.Response said = upstream().download(get("/v1/e"), into, SIZE, LONG);
            assertEquals(401, said.status());
            assertTrue(new String(said.body(), StandardCharsets.UTF_8).contains("session.expired"));
            assertTrue(content(into).isEmpty());
        });
    }
}
