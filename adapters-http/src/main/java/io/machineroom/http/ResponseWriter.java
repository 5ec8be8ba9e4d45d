package io.machineroom.http;

import com.sun.net.httpserver.HttpExchange;
import io.machineroom.ports.gateway.Gateway;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes answers: bytes whole, files by range and condition. */
final class ResponseWriter {
    private static final int PIECE = 64 * 1024;

    private final Problems problems;

    ResponseWriter(Problems problems) {
        this.problems = problems;
    }

    /** Writes one answer; the clock counts each piece of it anew, so that a long download is no fault. */
    void write(HttpExchange exchange, Gateway.Response response, ExchangeClock clock) throws IOException {
        Path file = response.file();
        if (file == null) {
            writeBytes(exchange, response);
        } else {
            writeFile(exchange, response, file, clock);
        }
    }

    /** Writes bytes; also used for the last word to somebody who was too slow. */
    void writeBytes(HttpExchange exchange, Gateway.Response response) throws IOException {
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = response.body();
        boolean none = body.length == 0 || response.status() == 204 || response.status() == 304;
        if (isHead(exchange)) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(response.status(), none || isHead(exchange) ? -1 : body.length);
        if (!none && !isHead(exchange)) {
            OutputStream out = exchange.getResponseBody();
            out.write(body);
            out.flush();
        }
    }

    private void writeFile(HttpExchange exchange, Gateway.Response response, Path file, ExchangeClock clock)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException("not a file");
            }
            String own = response.headers().get("ETag");
            send(exchange, response, channel, own == null ? etag(file, channel.size()) : own, clock);
        } catch (NoSuchFileException e) {
            writeBytes(exchange, problems.problem(404, "gateway.absent", "There is no such file.", (Duration) null));
        }
    }

    private static String etag(Path file, long size) throws IOException {
        long changed = Files.readAttributes(file, BasicFileAttributes.class)
                .lastModifiedTime()
                .to(TimeUnit.NANOSECONDS);
        return "\"" + Long.toHexString(size) + "-" + Long.toHexString(changed) + "\"";
    }

    private void send(
            HttpExchange exchange, Gateway.Response response, FileChannel channel, String etag, ExchangeClock clock)
            throws IOException {
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("ETag", etag);
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        if (matches(header(exchange, "If-None-Match"), etag)) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        long size = channel.size();
        ByteRange whole = new ByteRange(0, size);
        ByteRange range = range(exchange, size, etag).orElse(whole);
        if ((range.length() == 0 && size > 0) || range.first() > size) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
            writeBytes(exchange, problems.problem(416, "gateway.range", "The file has " + size + " bytes.", (Duration)
                    null));
            return;
        }
        int status = range.equals(whole) ? response.status() : 206;
        if (status == 206) {
            exchange.getResponseHeaders().set("Content-Range", range.contentRange(size));
        }
        if (isHead(exchange) || range.length() == 0) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(range.length()));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, range.length());
        copy(channel, range, exchange.getResponseBody(), clock);
    }

    private static Optional<ByteRange> range(HttpExchange exchange, long size, String etag) {
        String asked = header(exchange, "Range");
        String condition = header(exchange, "If-Range");
        if (asked == null || !exchange.getRequestMethod().equalsIgnoreCase("GET")) {
            return Optional.empty();
        }
        return condition != null && !condition.strip().equals(etag) ? Optional.empty() : ByteRange.parse(asked, size);
    }

    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String one : ifNoneMatch.split(",", -1)) {
            String plain = one.strip();
            if (plain.equals("*") || plain.equals(etag) || plain.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    private static void copy(FileChannel from, ByteRange range, OutputStream to, ExchangeClock clock)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, range.length()));
        long at = range.first();
        long end = range.first() + range.length();
        while (at < end) {
            piece.clear().limit((int) Math.min(piece.capacity(), end - at));
            int read = from.read(piece, at);
            if (read < 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            to.write(piece.array(), 0, read);
            at += read;
            clock.enter(ExchangeClock.Phase.WRITING);
        }
        to.flush();
    }

    private static @Nullable String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equalsIgnoreCase("HEAD");
    }
}
