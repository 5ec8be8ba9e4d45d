package io.machineroom.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.machineroom.ports.contract.ArtifactStoreContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A plain HTTP server of files on this machine that lies on request. */
final class LyingServer implements ArtifactStoreContract.Server, AutoCloseable {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Lie> lies = new ConcurrentHashMap<>();
    private final Map<String, List<String>> logins = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    /** Answers in its own way. */
    private interface Lie {
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    LyingServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(1);
        logins.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>())
                .add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse("-"));
        byte[] content = files.getOrDefault(name, new byte[0]);
        Lie lie = lies.get(name);
        if (lie != null) {
            lie.answer(exchange, content);
            return;
        }
        String etag = etag(content);
        exchange.getResponseHeaders().set("ETag", etag);
        String range = exchange.getRequestHeaders().getFirst("Range");
        boolean rest = range != null && etag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        int from = rest ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
        byte[] body = Arrays.copyOfRange(content, from, content.length);
        if (rest) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(rest ? 206 : 200, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            write(exchange, name, body);
        }
    }

    private void write(HttpExchange exchange, String name, byte[] bytes) throws IOException {
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
        sent.computeIfAbsent(name, n -> new AtomicLong()).addAndGet(bytes.length);
    }

    private static String etag(byte[] content) {
        return "\"" + content.length + "-" + Integer.toHexString(Arrays.hashCode(content)) + "\"";
    }

    URI url(String name) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    @Override
    public URI offer(String name, byte[] content) {
        lies.remove(name);
        files.put(name, content);
        return url(name);
    }

    @Override
    public void breakOffOnce(String name, int after) {
        lies.put(name, (exchange, content) -> {
            lies.remove(name);
            exchange.getResponseHeaders().set("ETag", etag(content));
            exchange.sendResponseHeaders(200, content.length);
            write(exchange, name, Arrays.copyOf(content, after));
        });
    }

    @Override
    public void status(String name, int status) {
        lies.put(name, (exchange, content) -> exchange.sendResponseHeaders(status, -1));
    }

    @Override
    public void endless(String name) {
        lies.put(name, (exchange, content) -> {
            exchange.sendResponseHeaders(200, 0);
            while (closed.getCount() > 0) {
                write(exchange, name, new byte[10_000]);
            }
        });
    }

    @Override
    public void stall(String name) {
        lies.put(name, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            write(exchange, name, Arrays.copyOf(content, 1_000));
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
    }

    @Override
    public URI redirect(String name, URI to) {
        lies.put(name, (exchange, content) -> {
            exchange.getResponseHeaders().set("Location", to.toString());
            exchange.sendResponseHeaders(302, -1);
        });
        return url(name);
    }

    @Override
    public URI otherHost(URI url) {
        return URI.create(url.toString().replace("127.0.0.1", "localhost"));
    }

    @Override
    public List<String> logins(String name) {
        return logins.getOrDefault(name, List.of());
    }

    @Override
    public long sent(String name) {
        return sent.getOrDefault(name, new AtomicLong()).get();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
