package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One download from the SaaS into a file that may hold its beginning. One task uses it. */
final class UpstreamDownload {
    private static final int ATTEMPTS = 3;
    private static final int MAX_PROBLEM = 64 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final GatewayClient client;
    private final PartialFile file;
    private final long maxBytes;
    private final Tasks tasks;
    private final TimeSource time;

    UpstreamDownload(GatewayClient client, PartialFile file, long maxBytes, Tasks tasks, TimeSource time) {
        this.client = client;
        this.file = file;
        this.maxBytes = maxBytes;
        this.tasks = tasks;
        this.time = time;
    }

    Gateway.Response run(HttpRequest request, Duration timeout) throws InterruptedException {
        long end = time.ticks() + timeout.toNanos();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Gateway.Response> done = step(request, end);
            if (done.isPresent()) {
                return done.get();
            }
            file.discard();
        }
        throw new PortException.Unavailable("upstream.interrupted", client.server() + " gives no consistent answers");
    }

    /** Empty when it must begin anew. */
    private Optional<Gateway.Response> step(HttpRequest request, long end) throws InterruptedException {
        HttpRequest.Builder out =
                HttpRequest.newBuilder(request, (name, value) -> true).setHeader("Accept-Encoding", "identity");
        Optional<String> tag = file.resumable();
        tag.ifPresent(
                etag -> out.setHeader("Range", "bytes=" + file.size() + "-").setHeader("If-Range", etag));
        HttpResponse<InputStream> answer =
                client.send(out.build(), HttpResponse.BodyHandlers.ofInputStream(), left(end));
        return switch (answer.statusCode()) {
            case 200 -> {
                file.begin(answer.headers().firstValue("ETag"));
                long length =
                        answer.headers().firstValueAsLong("Content-Length").orElse(-1);
                yield copy(answer, length, end);
            }
            case 206 -> {
                Matcher range = RANGE.matcher(
                        answer.headers().firstValue("Content-Range").orElse(""));
                boolean fits = tag.isPresent()
                        && range.matches()
                        && Long.parseLong(range.group(1)) == file.size()
                        && answer.headers().firstValue("ETag").equals(tag);
                yield fits ? copy(answer, Long.parseLong(range.group(3)), end) : anew(answer);
            }
            case 416 -> anew(answer);
            default ->
                Optional.of(
                        new Gateway.Response(answer.statusCode(), HttpUpstream.headers(answer), problem(answer), null));
        };
    }

    private static Optional<Gateway.Response> anew(HttpResponse<InputStream> answer) {
        quietly(answer);
        return Optional.empty();
    }

    /** Reads in this task; another one closes the stream when the time is over. */
    private Optional<Gateway.Response> copy(HttpResponse<InputStream> answer, long total, long end)
            throws InterruptedException {
        if (total > maxBytes) {
            quietly(answer);
            file.discard();
            throw PartialFile.tooLarge(maxBytes);
        }
        Tasks.Task clock = tasks.fork("artifact deadline", () -> {
            tasks.sleep(left(end));
            quietly(answer);
        });
        try (InputStream body = answer.body()) {
            file.append(body);
            if (total >= 0 && file.size() != total) {
                throw new IOException("not as long as announced");
            }
        } catch (IOException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                InterruptedException interrupted = new InterruptedException("interrupted while reading");
                interrupted.initCause(e);
                throw interrupted;
            }
            throw new PortException.Unavailable(
                    "upstream.interrupted", client.server() + " broke off after " + file.size() + " bytes", e);
        } finally {
            clock.cancel();
        }
        file.complete();
        Map<String, String> headers = HttpUpstream.headers(answer);
        headers.remove("content-range");
        headers.remove("content-length");
        return Optional.of(new Gateway.Response(200, headers, new byte[0], null));
    }

    private static byte[] problem(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            return body.readNBytes(MAX_PROBLEM);
        } catch (IOException e) {
            throw new PortException.Unavailable("upstream.interrupted", "the answer broke off", e);
        }
    }

    private Duration left(long end) {
        return Duration.ofNanos(Math.max(1_000_000, end - time.ticks()));
    }

    private static void quietly(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            System.getLogger(UpstreamDownload.class.getName()).log(System.Logger.Level.DEBUG, "closing a body", e);
        }
    }
}
