package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The HTTPS gateway's answers ({@code docs/protocol.md} section 4). Node, customer and site come from the
 * session, never from body or header.
 */
final class GatewayRoutes implements Gateway.Handler {
    private static final Pattern ARTIFACT = Pattern.compile("/v1/artifacts/([A-Za-z0-9][A-Za-z0-9._-]{0,127})");
    private static final int MAX_DOCUMENT = 512 * 1024;
    private static final String PURPOSE = "session";

    private final IngestPorts ports;
    private final FrontOffice office;
    private final Ingest ingest;
    private final BatchReader batches;
    private final SiteEvents sites;
    private final Problems problems;
    private final DesiredRoutes desired;

    /**
     * Makes them.
     *
     * @param isLeader whether a node is the leader of its site now
     */
    GatewayRoutes(
            IngestPorts ports, FrontOffice office, Ingest ingest, BatchReader batches, Predicate<Origin> isLeader) {
        this.ports = ports;
        this.office = office;
        this.ingest = ingest;
        this.batches = batches;
        this.sites = new SiteEvents(batches, ingest, office.register(), ports.meter(), isLeader);
        this.problems = new Problems(ports.json());
        this.desired = new DesiredRoutes(ports, office.keys(), problems);
    }

    @Override
    public Gateway.Response handle(Gateway.Request request) throws InterruptedException {
        try {
            Gateway.Response response = route(request);
            ports.meter().count("mr_gateway_requests_total", "status", Integer.toString(response.status()), 1);
            return response;
        } catch (PortException e) {
            ports.meter().count("mr_gateway_refused_total", "code", e.code(), 1);
            return problems.of(e);
        }
    }

    private Gateway.Response route(Gateway.Request request) throws InterruptedException {
        return switch (request.method() + " " + request.path()) {
            case "GET /v1/time" ->
                problems.ok(Value.obj("time", Value.num(ports.time().wall().getEpochSecond())));
            case "POST /v1/enrol/challenge" ->
                problems.ok(office.desk().ask(() -> office.enroller().challenge()));
            case "POST /v1/enrol" -> enrol(body(request));
            case "POST /v1/session/challenge" -> sessionChallenge(body(request));
            case "POST /v1/session" -> session(body(request));
            case "POST /v1/events" -> signed(origin(request), origin -> events(request, origin));
            case "POST /v1/renew" -> signed(origin(request), origin -> renew(body(request), origin));
            case "POST /v1/site/certificate" -> certificate(body(request), origin(request));
            default -> resource(request);
        };
    }

    private Gateway.Response resource(Gateway.Request request) throws InterruptedException {
        var artifact = ARTIFACT.matcher(request.path());
        Optional<DesiredRoutes.Wanted> wanted = DesiredRoutes.wanted(request.path());
        if (!artifact.matches() && wanted.isEmpty()) {
            throw new PortException.Refused("request.path", "there is nothing at this path");
        }
        if (!request.method().equals("GET")) {
            throw new PortException.Refused("request.method", "only GET is answered here");
        }
        return signed(
                origin(request),
                origin -> wanted.isPresent()
                        ? desired.answer(request, origin.customer(), wanted.get())
                        : artifact(origin, artifact.group(1)));
    }

    private Gateway.Response artifact(Origin origin, String name) {
        return office.artifacts()
                .path(origin.customer(), name)
                .map(path -> Gateway.Response.file(path, "application/octet-stream"))
                .orElseThrow(() -> new PortException.Refused("artifact.absent", "there is no such artifact"));
    }

    private interface Answering {
        Gateway.Response to(Origin origin) throws InterruptedException;
    }

    /** Names whose session it was: a leader in between keeps copies for the nodes of its own site only. */
    private static Gateway.Response signed(Origin origin, Answering how) throws InterruptedException {
        Gateway.Response plain = how.to(origin);
        Map<String, String> headers = new LinkedHashMap<>(plain.headers());
        headers.put("Mr-Site", origin.customer() + "/" + origin.site());
        return new Gateway.Response(plain.status(), headers, plain.body(), plain.file());
    }

    private Value.Obj body(Gateway.Request request) {
        if (ports.json().read(request.body(), MAX_DOCUMENT) instanceof Value.Obj body) {
            return body;
        }
        throw new PortException.Refused("request.body", "the body must be a JSON object");
    }

    private Gateway.Response enrol(Value.Obj body) throws InterruptedException {
        Enroller.Reply reply = office.desk().ask(() -> office.enroller().enrol(body));
        return problems.document(reply.status(), reply.document());
    }

    private Gateway.Response renew(Value.Obj body, Origin origin) throws InterruptedException {
        Enroller.Reply reply = office.desk().ask(() -> office.enroller().renew(origin, body));
        return problems.document(reply.status(), reply.document());
    }

    /** For the leader of a site; who asks is in the session, and the answer names the place of the register. */
    private Gateway.Response certificate(Value.Obj body, Origin origin) {
        String request = body.text("request")
                .orElseThrow(() -> new PortException.Refused("request.body", "field 'request' is missing"));
        return problems.ok(office.sites().certificate(origin, request));
    }

    private Gateway.Response sessionChallenge(Value.Obj body) throws InterruptedException {
        String key = text(body, "public_key");
        String nonce = office.desk().ask(() -> office.challenges().give(PURPOSE + " " + key));
        return problems.ok(Value.obj("nonce", Value.text(nonce), "expires_seconds", Value.num(Challenges.SECONDS)));
    }

    private Gateway.Response session(Value.Obj body) throws InterruptedException {
        String key = text(body, "public_key");
        String nonce = text(body, "nonce");
        String signature = text(body, "signature");
        String session = office.desk().ask(() -> openSession(key, nonce, signature));
        return problems.ok(Value.obj("session", Value.text(session), "expires_seconds", Value.num(Sessions.SECONDS)));
    }

    private String openSession(String key, String nonce, String signature) {
        boolean fresh = office.challenges().take(PURPOSE + " " + key, nonce);
        EnrolledNode node = office.register().withKey(key).orElse(null);
        if (!fresh || node == null || !signature.matches("[0-9a-f]{128}")) {
            throw refused();
        }
        byte[] signed = ("mr-session-1 " + key + " " + nonce).getBytes(StandardCharsets.UTF_8);
        byte[] raw = HexFormat.of().parseHex(signature);
        if (!office.signatures().verify(VerifyKey.hex(key), signed, raw)) {
            throw refused();
        }
        return office.sessions().open(node.origin());
    }

    private static PortException.Refused refused() {
        return new PortException.Refused(
                "session.refused", "key unknown, nonce used up or signature wrong; a released node must enrol anew");
    }

    private static String text(Value.Obj body, String field) {
        return body.text(field)
                .filter(t -> t.length() <= 256)
                .orElseThrow(() -> new PortException.Refused("request.body", "field '" + field + "' is missing"));
    }

    private Origin origin(Gateway.Request request) throws InterruptedException {
        String header = request.header("authorization").orElse("");
        if (!header.startsWith("Bearer ")) {
            throw new PortException.Refused("session.expired", "open a session first");
        }
        String token = header.substring("Bearer ".length()).strip();
        return office.desk()
                .ask(() -> office.sessions()
                        .find(token)
                        .orElseThrow(() -> new PortException.Refused("session.expired", "open a new session")));
    }

    private Gateway.Response events(Gateway.Request request, Origin origin) throws InterruptedException {
        BatchReader.Opened opened = batches.open(request);
        if (opened.ofSeveralNodes()) {
            return problems.ok(sites.take(opened, origin));
        }
        List<Arrived> batch = batches.records(opened, request, origin);
        Ingest.Result result = ingest.submit(batch, false);
        long accepted = result.fates().stream().filter(Taken::done).count();
        Value receipts = result.receipt() == null ? Value.arr() : Value.arr(SiteEvents.document(result.receipt()));
        if (accepted < batch.size()) {
            return problems.problem(
                    409,
                    "ingest.gap",
                    "numbers before this batch are missing; go back to the last receipt and send from there",
                    Value.obj("expected", Value.num(result.expected()), "receipts", receipts));
        }
        return problems.ok(Value.obj("accepted", Value.num(accepted), "receipts", receipts));
    }
}
