package io.machineroom.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads a request within its limits. What breaks them is refused before a handler hears of it. */
final class RequestReader {
    private static final int PIECE = 16 * 1024;

    private final int maxBodyBytes;
    private final int maxHeaderBytes;

    RequestReader(int maxBodyBytes, int maxHeaderBytes) {
        this.maxBodyBytes = maxBodyBytes;
        this.maxHeaderBytes = maxHeaderBytes;
    }

    /**
     * Reads all of it.
     *
     * @throws PortException.Refused {@code gateway.header}, {@code gateway.path}, {@code gateway.encoding},
     *     {@code gateway.too-large}, {@code gateway.body}
     * @throws PortException.Unavailable {@code gateway.busy}
     */
    Gateway.Request read(HttpExchange exchange, MemoryBudget.Share memory) throws IOException {
        checkHeader(exchange);
        URI uri = exchange.getRequestURI();
        String path = path(uri);
        byte[] body = body(exchange, memory);
        String query = uri.getRawQuery();
        return new Gateway.Request(
                exchange.getRequestMethod().toUpperCase(Locale.ROOT),
                path,
                query == null ? "" : query,
                headers(exchange.getRequestHeaders()),
                body,
                exchange.getRemoteAddress().getAddress().getHostAddress());
    }

    private void checkHeader(HttpExchange exchange) {
        long size = exchange.getRequestURI().toString().length() + 16L;
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                size += header.getKey().length() + value.length() + 4L;
            }
        }
        if (size > maxHeaderBytes) {
            throw new PortException.Refused(
                    "gateway.header", "request line and header are larger than " + maxHeaderBytes + " bytes");
        }
    }

    /** One spelling of each path: whoever writes it otherwise wants to reach something else. */
    private static String path(URI uri) {
        String raw = uri.getRawPath();
        String path = uri.getPath();
        if (raw == null || path == null || !path.startsWith("/") || uri.getRawAuthority() != null) {
            throw badPath();
        }
        String lower = raw.toLowerCase(Locale.ROOT);
        boolean hidden = lower.contains("%2f") || lower.contains("%5c") || lower.contains("%2e");
        boolean odd = path.chars().anyMatch(c -> c < ' ' || c == 127 || c == '\\' || c == 0xfffd);
        if (hidden || odd || path.contains("//")) {
            throw badPath();
        }
        for (String part : path.split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw badPath();
            }
        }
        return path;
    }

    private static PortException.Refused badPath() {
        return new PortException.Refused(
                "gateway.path", "the path must be written plainly: no '.', '..', empty or encoded parts");
    }

    private static Map<String, String> headers(Headers from) {
        Map<String, String> out = new LinkedHashMap<>();
        from.forEach((name, values) -> {
            if (!values.isEmpty()) {
                out.put(name.toLowerCase(Locale.ROOT), values.getFirst());
            }
        });
        return out;
    }

    private byte[] body(HttpExchange exchange, MemoryBudget.Share memory) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String encoding = headers.getFirst("Content-Encoding");
        boolean gzip = encoding != null && encoding.strip().equalsIgnoreCase("gzip");
        if (encoding != null && !gzip && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new PortException.Refused("gateway.encoding", "the only Content-Encoding taken is gzip");
        }
        String length = headers.getFirst("Content-Length");
        if (length != null && Long.parseLong(length.strip()) > maxBodyBytes) {
            throw tooLarge();
        }
        InputStream raw = exchange.getRequestBody();
        if (!gzip) {
            return pieces(raw, memory);
        }
        try (InputStream unpacked = new GZIPInputStream(new Bounded(raw, maxBodyBytes), PIECE)) {
            return pieces(unpacked, memory);
        } catch (ZipException | EOFException e) {
            throw new PortException.Refused("gateway.body", "the body is not what gzip writes", e);
        }
    }

    private byte[] pieces(InputStream from, MemoryBudget.Share memory) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        int read = from.read(piece);
        while (read >= 0) {
            if (out.size() + read > maxBodyBytes) {
                throw tooLarge();
            }
            memory.take(read);
            out.write(piece, 0, read);
            read = from.read(piece);
        }
        return out.toByteArray();
    }

    private PortException.Refused tooLarge() {
        return new PortException.Refused(
                "gateway.too-large", "the body is larger than " + maxBodyBytes + " bytes; send less at once");
    }

    /** Packed bytes are bounded too, else empty blocks could keep the reader busy for ever. */
    private final class Bounded extends java.io.FilterInputStream {
        private long left;

        Bounded(InputStream in, long limit) {
            super(in);
            left = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) {
                throw tooLarge();
            }
            int read = super.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
