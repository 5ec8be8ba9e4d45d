package io.machineroom.domain.replication.relay;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the gateway of a site answers ({@code docs/protocol.md} section 8): every request goes on to the SaaS as it is, in the
 * session of who asked; artifacts come from the disk. It judges no session and remembers none.
 */
public final class SiteGateway implements Gateway.Handler {
    private static final System.Logger LOG = System.getLogger(SiteGateway.class.getName());
    private static final Pattern ARTIFACT = Pattern.compile("/v1/artifacts/([A-Za-z0-9][A-Za-z0-9._-]{0,127})");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final Set<String> THERE =
            Set.of("accept", "authorization", "content-type", "if-none-match", "mr-epoch", "mr-lane", "mr-previous");
    private static final Set<String> BACK =
            Set.of("content-type", "etag", "mr-revision", "mr-site", "retry-after", "www-authenticate");
    /** Of proxies between leader and SaaS: they speak when the SaaS does not. */
    private static final Set<Integer> NOBODY_THERE = Set.of(502, 504);

    private static final int MAX_ANSWER = 16 << 20;
    /** Longer than the longest wait that a request may ask for. */
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final SiteGatewayPorts ports;
    private final ArtifactCopies copies;
    private final AcceptedSessions sessions;
    private final ArtifactRelay artifacts;

    /** A gateway; {@link #open} comes before the first request. */
    public SiteGateway(SiteGatewaySettings settings, SiteGatewayPorts ports) {
        this.ports = ports;
        this.copies = new ArtifactCopies(
                ports.files(), ports.json(), ports.tasks(), ports.time(), ports.meter(), settings.artifactBytes());
        this.sessions = new AcceptedSessions(ports.signatures(), ports.time(), ports.tasks(), settings.place());
        this.artifacts = new ArtifactRelay(ports, copies, sessions, settings.artifactBytes());
    }

    /** Looks which artifacts are on the disk. */
    public void open() throws InterruptedException {
        copies.load();
    }

    /** Answers; safe from any task. */
    @Override
    public Gateway.Response handle(Gateway.Request request) throws InterruptedException {
        Gateway.Response response;
        try {
            response = route(request);
        } catch (PortException.Unavailable away) {
            response = unavailable(request, away);
        } catch (PortException.Refused no) {
            response = problem(ports.json(), status(no.code()), no.code(), String.valueOf(no.getMessage()), null);
        }
        ports.meter().count("mr_site_gateway_requests_total", "status", Integer.toString(response.status()), 1);
        return response;
    }

    private Gateway.Response route(Gateway.Request request) throws InterruptedException {
        if (!request.path().startsWith("/v1/")) {
            throw new PortException.Refused("request.path", "there is nothing at this path");
        }
        if (!METHODS.contains(request.method())) {
            throw new PortException.Refused("request.method", "only GET and POST are answered here");
        }
        Matcher artifact = ARTIFACT.matcher(request.path());
        Gateway.Response answer = artifact.matches() && request.method().equals("GET")
                ? artifacts.answer(request, artifact.group(1))
                : pass(request);
        if (NOBODY_THERE.contains(answer.status())) {
            throw new PortException.Unavailable("upstream.unreachable", "status " + answer.status());
        }
        return new Gateway.Response(answer.status(), allowed(answer.headers(), BACK), answer.body(), answer.file());
    }

    private Gateway.Response pass(Gateway.Request request) throws InterruptedException {
        Gateway.Request there = new Gateway.Request(
                request.method(),
                request.path(),
                request.query(),
                allowed(request.headers(), THERE),
                request.body(),
                request.remote());
        Gateway.Response answer = ports.upstream().ask(there, MAX_ANSWER, LONGEST);
        sessions.note(request, answer);
        return answer;
    }

    /** The header that holds the session, and no other. */
    static Map<String, String> session(Gateway.Request request) {
        return allowed(request.headers(), Set.of("authorization"));
    }

    private static Map<String, String> allowed(Map<String, String> headers, Set<String> names) {
        Map<String, String> out = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (names.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                out.put(name, value);
            }
        });
        return out;
    }

    /** What is wrong between leader and SaaS is the leader's own matter: the follower reads one code. */
    private Gateway.Response unavailable(Gateway.Request request, PortException.Unavailable away) {
        Duration wait = away.retryAfter() == null ? RETRY : away.retryAfter();
        if (!away.code().startsWith("upstream.")) {
            return problem(ports.json(), 503, away.code(), String.valueOf(away.getMessage()), wait);
        }
        ports.meter().count("mr_site_gateway_offline_total", "code", away.code(), 1);
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> request.method() + " " + request.path() + ": " + away.code() + ": " + away.getMessage());
        return problem(ports.json(), 503, "site.offline", "the leader cannot reach the SaaS now; ask again", wait);
    }

    private static int status(String code) {
        return switch (code) {
            case "site.foreign" -> 403;
            case "request.path" -> 404;
            case "request.method" -> 405;
            case "artifact.too-large" -> 413;
            default -> 400;
        };
    }

    private static Gateway.Response problem(
            JsonFormat json, int status, String code, String detail, @org.jspecify.annotations.Nullable Duration wait) {
        Value.Obj document = Value.obj("type", Value.text("about:blank"))
                .with("title", Value.text(status == 503 ? "Not now" : "Refused"))
                .with("status", Value.num(status))
                .with("code", Value.text(code))
                .with("detail", Value.text(detail));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/problem+json");
        if (wait != null) {
            headers.put("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
        }
        return new Gateway.Response(status, headers, json.write(document), null);
    }
}
