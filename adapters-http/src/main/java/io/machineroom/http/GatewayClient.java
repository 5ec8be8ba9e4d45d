package io.machineroom.http;

import io.machineroom.ports.PortException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Asks one HTTPS server and translates what can go wrong. Safe from any task. */
final class GatewayClient implements AutoCloseable {
    private static final int PROXY_DEMANDS_LOGIN = 407;

    private final URI base;
    private final WayOut out;
    private final HttpClient client;
    private final ExecutorService executor;

    /** A client of the server at {@code base}, which has no path; opens nothing yet. */
    GatewayClient(URI base, SSLContext tls, Duration connectTimeout, Clients clients) {
        this.base = base;
        out = WayOut.of(clients.proxy(), base);
        executor = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient.Builder builder = clients.builder();
        out.prepare(builder);
        client = builder.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(executor)
                .sslContext(tls)
                .build();
    }

    /** URL of the server, without user info. */
    String server() {
        return base.toString();
    }

    /**
     * Sends one request and reads the whole answer, whatever its status.
     *
     * @throws PortException.Unavailable {@code link.unreachable}, {@code link.untrusted}, {@code link.timeout},
     *     {@code link.proxy}
     */
    Answer send(Ask ask) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + ask.path()))
                .timeout(ask.timeout())
                .method(
                        ask.method(),
                        ask.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(ask.body()));
        ask.headers().forEach(request::setHeader);
        return new Answer(send(
                request.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ask.maxAnswerBytes()),
                ask.timeout()));
    }

    /** Sends a request whose answer the handler takes; same errors. */
    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration timeout)
            throws InterruptedException {
        HttpResponse<T> response = await(client.sendAsync(out.outward(request), handler), timeout);
        if (response.statusCode() == PROXY_DEMANDS_LOGIN) {
            throw new PortException.Unavailable(
                    "link.proxy",
                    "the proxy in front of " + server() + " does not let us out: user or password is missing or wrong");
        }
        return response;
    }

    private <T> T await(CompletableFuture<T> future, Duration timeout) throws InterruptedException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new PortException.Unavailable(
                    "link.timeout",
                    server() + out.described() + " did not answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw Failures.translate(server() + out.described(), e.getCause());
        }
    }

    /** Takes no more requests and ends with those under way. */
    void finish() {
        client.shutdown();
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }

    /**
     * A question.
     *
     * @param method HTTP method
     * @param path absolute path with query, encoded
     * @param headers names and values
     * @param body empty for none
     * @param timeout from the first packet to the last byte of the answer
     * @param maxAnswerBytes bound of the answer's body
     */
    record Ask(
            String method,
            String path,
            Map<String, String> headers,
            byte[] body,
            Duration timeout,
            int maxAnswerBytes) {
        Ask with(String name, String value) {
            Map<String, String> more = new java.util.LinkedHashMap<>(headers);
            more.put(name, value);
            return new Ask(method, path, more, body, timeout, maxAnswerBytes);
        }
    }

    /** An answer, read to its end. */
    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        boolean ok() {
            return status() / 100 == 2;
        }

        byte[] body() {
            return response.body();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        String contentType() {
            String type = header("Content-Type").orElse("");
            int end = type.indexOf(';');
            return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        }

        /** What the other side asks to wait, from 1 s to an hour; dates are not understood. */
        Optional<Duration> retryAfter() {
            return header("Retry-After")
                    .filter(text -> text.strip().matches("\\d{1,9}"))
                    .map(text -> Math.clamp(Long.parseLong(text.strip()), 1, 3600))
                    .map(Duration::ofSeconds);
        }
    }
}
