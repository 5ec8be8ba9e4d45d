package io.machineroom.ports.gateway;

import io.machineroom.ports.Port;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An HTTPS server that hands requests to a function. */
@Port
public interface Gateway {
    /**
     * Serves until closed. Limits stand before the handler is asked: header 16 KiB, body as given, 30 s a
     * request, bounded connections; beyond them it answers 431, 413, 408 or 503 by itself.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code gateway.port} when the port is taken
     */
    Running serve(Settings settings, Handler handler);

    /**
     * How to serve.
     *
     * @param host address to listen on
     * @param port port; 0 picks a free one
     * @param tls server context
     * @param maxBodyBytes largest body, after decompression of {@code gzip}
     * @param maxConnections open connections
     */
    record Settings(String host, int port, SSLContext tls, int maxBodyBytes, int maxConnections) {}

    /** Answers a request; runs in a task of its own; what it throws becomes a problem document. */
    interface Handler {
        Response handle(Request request) throws InterruptedException;
    }

    /**
     * A request.
     *
     * @param method upper case
     * @param path decoded, normalised, beginning with {@code /}
     * @param query raw, empty when none
     * @param headers first value of each, names in lower case
     * @param body whole body
     * @param remote address of the other side
     */
    record Request(String method, String path, String query, Map<String, String> headers, byte[] body, String remote) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /**
     * An answer: bytes, or a file of which the server sends the range that was asked for.
     *
     * @param status status code
     * @param headers headers
     * @param body bytes
     * @param file file to send instead of the bytes, with Range, ETag and If-Range done by the gateway; an
     *     {@code ETag} among the headers is used instead of the gateway's own
     */
    record Response(
            int status,
            Map<String, String> headers,
            byte[] body,
            @Nullable Path file) {
        public static Response of(int status, String contentType, byte[] body) {
            return new Response(status, Map.of("Content-Type", contentType), body, null);
        }

        public static Response empty(int status) {
            return new Response(status, Map.of(), new byte[0], null);
        }

        public static Response file(Path file, String contentType) {
            return new Response(200, Map.of("Content-Type", contentType), new byte[0], file);
        }
    }

    /** A serving gateway. */
    interface Running extends AutoCloseable {
        URI url();

        /** Names and counts for metrics. */
        default List<String> limits() {
            return List.of();
        }

        @Override
        void close();
    }
}
