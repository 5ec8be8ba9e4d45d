package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway without a wire: {@link #exchange} puts a request through the same limits and gives back what would be
 * sent. Time limits are not played. Files are real ones.
 */
public final class SimGateway implements Gateway {
    private static final int MAX_HEADER = 16 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final Map<String, Integer> STATUSES =
            Map.of("gateway.header", 431, "gateway.too-large", 413, "gateway.encoding", 415, "gateway.absent", 404);

    private final Map<Integer, Served> open = new HashMap<>();
    private final @Nullable SimDisk disk;
    private Consumer<RuntimeException> whenBroken = fault -> {};
    private int nextPort = 40_000;

    private record Served(Settings settings, Handler handler) {}

    /** Hands out real files. */
    public SimGateway() {
        this.disk = null;
    }

    /** Hands out files of a simulated disk. */
    public SimGateway(SimDisk disk) {
        this.disk = disk;
    }

    /** Told of what a handler ends with that is no refusal of a port; who asked sees status 500 only. */
    public SimGateway whenBroken(Consumer<RuntimeException> told) {
        whenBroken = told;
        return this;
    }

    @Override
    public Running serve(Settings settings, Handler handler) {
        int port = settings.port() == 0 ? nextPort++ : settings.port();
        if (open.putIfAbsent(port, new Served(settings, handler)) != null) {
            throw new PortException.Unavailable("gateway.port", "port " + port + " is taken");
        }
        URI url = URI.create("https://" + settings.host() + ":" + port);
        return new Running() {
            @Override
            public URI url() {
                return url;
            }

            @Override
            public void close() {
                open.remove(port);
            }
        };
    }

    /**
     * Puts a request through.
     *
     * @param target raw path and query
     * @param headers names and values as sent
     * @return the answer with the headers' names in lower case and the file, if any, as bytes
     * @throws PortException.Unavailable {@code link.unreachable} when nobody serves there
     */
    public Response exchange(URI url, String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        Served served = open.get(url.getPort());
        if (served == null) {
            throw new PortException.Unavailable("link.unreachable", "nobody serves at " + url);
        }
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return finished(answer(served, method, target, lower, body), method, lower);
    }

    private Response answer(Served served, String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        try {
            int size = target.length();
            for (Map.Entry<String, String> header : headers.entrySet()) {
                size += header.getKey().length() + header.getValue().length() + 4;
            }
            if (size > MAX_HEADER) {
                throw new PortException.Refused("gateway.header", "the header is too large");
            }
            int cut = target.indexOf('?');
            String path = path(cut < 0 ? target : target.substring(0, cut));
            byte[] plain = unpacked(
                    headers.get("content-encoding"), body, served.settings().maxBodyBytes());
            String query = cut < 0 ? "" : target.substring(cut + 1);
            return served.handler().handle(new Request(method, path, query, headers, plain, "192.0.2.1"));
        } catch (PortException e) {
            return problem(e);
        } catch (RuntimeException e) {
            whenBroken.accept(e);
            return problem(500, "gateway.internal", "a fault of the backplane", Map.of());
        }
    }

    private static String path(String raw) {
        String lower = raw.toLowerCase(Locale.ROOT);
        String path = URI.create("https://x" + raw).getPath();
        boolean odd = lower.contains("%2f") || lower.contains("%5c") || lower.contains("%2e") || path.contains("//");
        boolean dots = List.of(path.split("/", -1)).stream().anyMatch(p -> p.equals(".") || p.equals(".."));
        if (odd || dots || path.chars().anyMatch(c -> c < ' ')) {
            throw new PortException.Refused("gateway.path", "the path must be written plainly");
        }
        return path;
    }

    private static byte[] unpacked(String encoding, byte[] body, int max) {
        if (encoding != null && !encoding.equals("gzip")) {
            throw new PortException.Refused("gateway.encoding", "only gzip");
        }
        byte[] plain = body;
        if (encoding != null) {
            try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
                plain = gzip.readNBytes(max + 1);
            } catch (IOException e) {
                throw new PortException.Refused("gateway.body", "the body is no gzip", e);
            }
        }
        if (plain.length > max) {
            throw new PortException.Refused("gateway.too-large", "the body is larger than " + max);
        }
        return plain;
    }

    private static Response problem(PortException failure) {
        String code = failure.code();
        return switch (failure) {
            case PortException.Refused e -> problem(status(code), code, e.getMessage(), Map.of());
            case PortException.Unavailable e -> {
                Duration wait = e.retryAfter() == null ? Duration.ofSeconds(5) : e.retryAfter();
                yield problem(503, code, "not now", Map.of("Retry-After", Long.toString(wait.toSeconds())));
            }
            case PortException.Corrupted e -> problem(500, code, "a part of the backplane stopped", Map.of());
        };
    }

    private static int status(String code) {
        if (STATUSES.containsKey(code)) {
            return STATUSES.get(code);
        }
        String first = code.substring(0, code.indexOf('.'));
        String last = code.substring(code.lastIndexOf('.') + 1);
        return switch (first) {
            case "session" -> 401;
            case "enrol" -> 403;
            default ->
                switch (last) {
                    case "forbidden" -> 403;
                    case "absent", "missing" -> 404;
                    case "gap", "conflict" -> 409;
                    case "too-large", "too-many" -> 413;
                    default -> 400;
                };
        };
    }

    private static Response problem(int status, String code, String detail, Map<String, String> headers) {
        Value.Obj document = Value.obj(
                        "type", Value.text("about:blank"),
                        "title", Value.text("Status " + status),
                        "status", Value.num(status))
                .with("code", Value.text(code))
                .with("detail", Value.text(detail));
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/problem+json");
        return new Response(status, all, new SimJson().write(document), null);
    }

    private Response finished(Response response, String method, Map<String, String> asked) {
        Response whole = response.file() == null ? response : file(response, response.file(), asked);
        Map<String, String> headers = new LinkedHashMap<>();
        whole.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        headers.putIfAbsent("content-length", Integer.toString(whole.body().length));
        byte[] body = method.equals("HEAD") ? new byte[0] : whole.body();
        return new Response(whole.status(), headers, body, null);
    }

    private Response file(Response response, Path file, Map<String, String> asked) {
        Optional<byte[]> there = disk == null ? real(file) : disk.content(file);
        if (there.isEmpty()) {
            return problem(404, "gateway.absent", "there is no such file", Map.of());
        }
        byte[] content = there.get();
        String own = "\"" + content.length + "-" + java.util.Arrays.hashCode(content) + "\"";
        String etag = response.headers().getOrDefault("ETag", own);
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("ETag", etag);
        if (etag.equals(asked.get("if-none-match"))) {
            return new Response(304, headers, new byte[0], null);
        }
        Matcher range = RANGE.matcher(asked.getOrDefault("range", ""));
        boolean same = asked.getOrDefault("if-range", etag).equals(etag);
        boolean wanted = same && range.matches() && !asked.get("range").equals("bytes=-");
        return wanted
                ? part(response, headers, content, range)
                : new Response(response.status(), headers, content, null);
    }

    private static Optional<byte[]> real(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response part(Response response, Map<String, String> headers, byte[] content, Matcher range) {
        long size = content.length;
        boolean suffix = range.group(1).isEmpty();
        long first = suffix ? size - Math.min(size, Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
        long asked = suffix || range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
        if (asked < first && !suffix && !range.group(2).isEmpty()) {
            return new Response(response.status(), headers, content, null);
        }
        if (first >= size) {
            return problem(416, "gateway.range", "beyond the end", Map.of("Content-Range", "bytes */" + size));
        }
        long last = Math.min(asked, size - 1);
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + size);
        byte[] part = java.util.Arrays.copyOfRange(content, (int) first, (int) last + 1);
        return new Response(206, headers, part, null);
    }

    /** The text of an answer. */
    public static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
