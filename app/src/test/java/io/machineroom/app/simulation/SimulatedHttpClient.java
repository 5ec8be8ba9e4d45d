package io.machineroom.app.simulation;

import io.machineroom.ports.gateway.Gateway;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** The JDK's client as seen from above, with a {@link SimulatedWeb} below. What it returns is complete. */
final class SimulatedHttpClient extends HttpClient {
    private final SimulatedWeb web;
    private final String from;
    private final SSLContext tls;

    private SimulatedHttpClient(SimulatedWeb web, String from, SSLContext tls) {
        this.web = web;
        this.from = from;
        this.tls = tls;
    }

    /** Clients of a host. */
    static HttpClient.Builder builder(SimulatedWeb web, String from) {
        return new Making(web, from);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return CompletableFuture.completedFuture(exchange(request, handler));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            throw SimulatedHttpClient.<RuntimeException>unchecked(e);
        }
    }

    /** The caller's caller declares it; the method between cannot. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        new TreeMap<>(request.headers().map()).forEach((name, values) -> headers.put(name, values.getFirst()));
        Gateway.Response answer = web.send(
                from,
                new SimulatedWeb.Asked(
                        request.uri(),
                        request.method(),
                        headers,
                        body(request),
                        request.timeout().orElse(Duration.ofSeconds(30))),
                tls);
        Map<String, List<String>> back = new TreeMap<>();
        answer.headers().forEach((name, value) -> back.put(name, List.of(value)));
        HttpHeaders received = HttpHeaders.of(back, (name, value) -> true);
        HttpResponse.BodySubscriber<T> into = handler.apply(new Head(answer.status(), received));
        into.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        if (answer.body().length > 0) {
            into.onNext(List.of(ByteBuffer.wrap(answer.body()).asReadOnlyBuffer()));
        }
        into.onComplete();
        try {
            T made = into.getBody().toCompletableFuture().join();
            return new Whole<>(request, answer.status(), received, made);
        } catch (CompletionException e) {
            throw new IOException("the answer is longer than was asked for", e);
        }
    }

    private static byte[] body(HttpRequest request) {
        List<ByteBuffer> parts = new ArrayList<>();
        request.bodyPublisher()
                .ifPresent(publisher -> publisher.subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(Long.MAX_VALUE);
                    }

                    @Override
                    public void onNext(ByteBuffer part) {
                        parts.add(part);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        throw new IllegalStateException(failure);
                    }

                    @Override
                    public void onComplete() {}
                }));
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }

    private record Head(int statusCode, HttpHeaders headers) implements HttpResponse.ResponseInfo {
        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private record Whole<T>(HttpRequest request, int statusCode, HttpHeaders headers, T body)
            implements HttpResponse<T> {
        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushes) {
        return sendAsync(request, handler);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return exchange(request, handler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        return tls;
    }

    @Override
    public SSLParameters sslParameters() {
        return new SSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }

    @Override
    public void shutdownNow() {
        // nothing is kept open
    }

    @Override
    public void close() {
        // nothing is kept open
    }

    /** Only the trust matters here. */
    private static final class Making implements HttpClient.Builder {
        private final SimulatedWeb web;
        private final String from;
        private SSLContext tls;

        Making(SimulatedWeb web, String from) {
            this.web = web;
            this.from = from;
            this.tls = web.server(java.nio.file.Path.of("/"), java.nio.file.Path.of("/"));
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext context) {
            tls = context;
            return this;
        }

        @Override
        public HttpClient build() {
            return new SimulatedHttpClient(web, from, tls);
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler handler) {
            return this;
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration duration) {
            return this;
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters parameters) {
            return this;
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            return this;
        }

        @Override
        public HttpClient.Builder followRedirects(Redirect policy) {
            return this;
        }

        @Override
        public HttpClient.Builder version(Version version) {
            return this;
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            return this;
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            return this;
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            return this;
        }
    }
}
