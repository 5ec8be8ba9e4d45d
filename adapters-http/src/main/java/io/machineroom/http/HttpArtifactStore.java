package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Downloads over HTTPS, goes on where an earlier try ended, and never reads more than it was allowed to. */
final class HttpArtifactStore implements ArtifactStore {
    private static final int MAX_REDIRECTS = 5;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Pattern TOTAL = Pattern.compile("bytes \\*/(\\d{1,18})");

    private final ArtifactAccess access;
    private final Tasks tasks;
    private final TimeSource time;

    HttpArtifactStore(ArtifactAccess access, Tasks tasks, TimeSource time) {
        this.access = access;
        this.tasks = tasks;
        this.time = time;
    }

    @Override
    public long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        Origin first = origin(source);
        long end = time.ticks() + timeout.toNanos();
        PartialFile file = new PartialFile(into, maxBytes);
        URI at = source;
        int redirects = 0;
        for (int attempt = 0; attempt < MAX_REDIRECTS + 3; attempt++) {
            Origin origin = origin(at);
            Optional<Login> own = origin.equals(first) ? credentials : Optional.empty();
            Step step = step(at, origin, own, new Job(file, maxBytes, end));
            switch (step) {
                case Step.Done done -> {
                    file.complete();
                    return file.size();
                }
                case Step.Anew anew -> file.discard();
                case Step.Moved moved -> {
                    redirects++;
                    at = follow(at, moved.location(), redirects);
                }
            }
        }
        throw new PortException.Unavailable("artifact.interrupted", show(at) + " gives no consistent answers");
    }

    private Step step(URI at, Origin origin, Optional<Login> login, Job job) throws InterruptedException {
        try (ArtifactAccess.Way way = access.to(origin, login)) {
            for (int attempt = 0; ; attempt++) {
                Optional<NodeSession.Token> token = way.session().isPresent()
                        ? Optional.of(way.session().get().current(left(job)))
                        : Optional.empty();
                HttpResponse<InputStream> response = way.client()
                        .send(request(at, way, token, job), HttpResponse.BodyHandlers.ofInputStream(), left(job));
                if (response.statusCode() == 401 && token.isPresent() && attempt == 0) {
                    quietly(response);
                    way.session().get().forget(token.get());
                    continue;
                }
                return take(at, response, job);
            }
        } catch (PortException.Unavailable e) {
            if (e.code().startsWith("link.")) {
                throw new PortException.Unavailable(
                        "artifact.unreachable", String.valueOf(e.getMessage()), e, e.retryAfter());
            }
            throw e;
        }
    }

    private HttpRequest request(URI at, ArtifactAccess.Way way, Optional<NodeSession.Token> token, Job job) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(at).GET().timeout(left(job)).setHeader("Accept-Encoding", "identity");
        job.file()
                .resumable()
                .ifPresent(
                        etag -> builder.setHeader("Range", "bytes=" + job.file().size() + "-")
                                .setHeader("If-Range", etag));
        token.map(NodeSession.Token::header)
                .or(way::login)
                .ifPresent(header -> header.useText(value -> builder.setHeader("Authorization", value)));
        return builder.build();
    }

    private Step take(URI at, HttpResponse<InputStream> response, Job job) throws InterruptedException {
        int status = response.statusCode();
        if (status == 200) {
            job.file().begin(response.headers().firstValue("ETag"));
            copy(at, response, job, OptionalLong.empty());
            return new Step.Done();
        }
        if (status == 206) {
            return rest(at, response, job);
        }
        quietly(response);
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                new Step.Moved(response.headers().firstValue("Location").orElse(""));
            case 416 -> {
                OptionalLong total = number(TOTAL, response, 1);
                boolean whole = job.file().resumable().isPresent()
                        && total.isPresent()
                        && total.getAsLong() == job.file().size();
                yield whole ? new Step.Done() : new Step.Anew();
            }
            default -> throw failed(at, status);
        };
    }

    private Step rest(URI at, HttpResponse<InputStream> response, Job job) throws InterruptedException {
        OptionalLong first = number(RANGE, response, 1);
        OptionalLong total = number(RANGE, response, 3);
        Optional<String> known = job.file().resumable();
        Optional<String> now = response.headers().firstValue("ETag");
        boolean fits = known.isPresent()
                && first.isPresent()
                && first.getAsLong() == job.file().size()
                && (now.isEmpty() || now.equals(known));
        if (!fits) {
            quietly(response);
            return new Step.Anew();
        }
        copy(at, response, job, total);
        return new Step.Done();
    }

    /** Reads in this task; another one closes the stream when the time is over. */
    private void copy(URI at, HttpResponse<InputStream> response, Job job, OptionalLong total)
            throws InterruptedException {
        OptionalLong length = response.headers().firstValueAsLong("Content-Length");
        long expected = total.isPresent() ? total.getAsLong() : length.orElse(0);
        if (expected > job.maxBytes()) {
            quietly(response);
            job.file().discard();
            throw PartialFile.tooLarge(job.maxBytes());
        }
        Tasks.Task clock = tasks.fork("artifact deadline", () -> {
            tasks.sleep(left(job));
            quietly(response);
        });
        try (InputStream body = response.body()) {
            job.file().append(body);
            if (total.isPresent() && job.file().size() != total.getAsLong()) {
                throw new IOException("the rest is not as long as announced");
            }
        } catch (IOException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                throw interrupted(e);
            }
            String why = time.ticks() >= job.end() ? " took too long" : " broke off";
            throw new PortException.Unavailable(
                    "artifact.interrupted",
                    show(at) + why + " after " + job.file().size() + " bytes",
                    e);
        } finally {
            clock.cancel();
        }
    }

    private static InterruptedException interrupted(IOException cause) {
        InterruptedException e = new InterruptedException("interrupted while reading");
        e.initCause(cause);
        return e;
    }

    private static PortException failed(URI at, int status) {
        String text = show(at) + " answered with status " + status;
        return status == 408 || status == 429 || status >= 500
                ? new PortException.Unavailable("artifact.status", text)
                : new PortException.Refused("artifact.status", text);
    }

    private static URI follow(URI from, String location, int redirects) {
        if (redirects > MAX_REDIRECTS) {
            throw new PortException.Refused("artifact.redirect", "more than " + MAX_REDIRECTS + " redirects");
        }
        try {
            URI target = from.resolve(location.strip());
            if (location.isBlank() || (origin(from).secure() && !origin(target).secure())) {
                throw new PortException.Refused("artifact.redirect", show(from) + " leads away from https");
            }
            return target;
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("artifact.redirect", show(from) + " leads to no URL", e);
        }
    }

    private static Origin origin(URI url) {
        return Origin.of(url)
                .filter(o -> url.getRawUserInfo() == null && (o.secure() || o.loopback()))
                .orElseThrow(() -> new PortException.Refused(
                        "artifact.url",
                        show(url) + " is no https URL (http for this machine only, no user in the URL)"));
    }

    /** A URL without user and query, which may hold what is secret. */
    private static String show(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        return url.getScheme() + "://" + host + (url.getRawPath() == null ? "" : url.getRawPath());
    }

    private static OptionalLong number(Pattern pattern, HttpResponse<?> response, int group) {
        Matcher matcher =
                pattern.matcher(response.headers().firstValue("Content-Range").orElse(""));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(group))) : OptionalLong.empty();
    }

    private Duration left(Job job) {
        return Duration.ofNanos(Math.max(1_000_000, job.end() - time.ticks()));
    }

    private static void quietly(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            System.getLogger(HttpArtifactStore.class.getName()).log(System.Logger.Level.DEBUG, "closing a body", e);
        }
    }

    /** One fetch. */
    private record Job(PartialFile file, long maxBytes, long end) {}

    /** What one exchange came to. */
    private sealed interface Step {
        record Done() implements Step {}

        record Anew() implements Step {}

        record Moved(String location) implements Step {}
    }
}
