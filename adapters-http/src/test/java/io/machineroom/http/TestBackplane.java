package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.SinkContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The other end as {@code docs/protocol.md} section 4 wants it, small, with a place to interfere. */
final class TestBackplane implements Gateway.Handler {
    private static final SimJson JSON = new SimJson();

    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final Map<String, String> nonces = new ConcurrentHashMap<>();
    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final List<SinkContract.Taken> taken = new CopyOnWriteArrayList<>();
    private final List<Gateway.Request> requests = new CopyOnWriteArrayList<>();
    private final List<SignedMark> receipts = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final Map<String, Bucket.Entry> desired = new ConcurrentHashMap<>();
    private final AtomicInteger counter = new AtomicInteger();
    private volatile Function<Gateway.Request, Optional<Gateway.Response>> interference = r -> Optional.empty();
    private long revision;

    void know(VerifyKey.Ed25519 key) {
        keys.add(key.hexText());
    }

    /** Looks at every request first; empty lets it pass. */
    void interfere(Function<Gateway.Request, Optional<Gateway.Response>> with) {
        interference = with;
    }

    /** Ends all sessions. */
    void forgetSessions() {
        sessions.clear();
    }

    List<Gateway.Request> requests(String path) {
        return requests.stream().filter(r -> r.path().startsWith(path)).toList();
    }

    List<SinkContract.Taken> taken() {
        return List.copyOf(taken);
    }

    /** These go out with the next batch. */
    void receipt(SignedMark mark) {
        receipts.add(mark);
    }

    void answer(String name, byte[] answer) {
        answers.put("/v1/" + name, answer);
    }

    synchronized long put(String key, byte[] value, boolean deleted) {
        desired.put(key, new Bucket.Entry(key, value, ++revision, deleted));
        notifyAll();
        return revision;
    }

    Optional<Bucket.Entry> entry(String key) {
        return Optional.ofNullable(desired.get(key)).filter(e -> !e.deleted());
    }

    @Override
    public Gateway.Response handle(Gateway.Request request) throws InterruptedException {
        requests.add(request);
        Optional<Gateway.Response> other = interference.apply(request);
        if (other.isPresent()) {
            return other.get();
        }
        if (answers.containsKey(request.path())) {
            return Gateway.Response.of(200, "application/json", answers.get(request.path()));
        }
        return switch (request.path()) {
            case "/v1/time" -> json(200, Value.obj("time", Value.num(1_700_000_000)));
            case "/v1/session/challenge" -> challenge();
            case "/v1/session" -> session(request);
            default -> known(request);
        };
    }

    static Gateway.Response json(int status, Value value) {
        return Gateway.Response.of(status, "application/json", JSON.write(value));
    }

    private Gateway.Response challenge() {
        String nonce = String.format("%064x", counter.incrementAndGet());
        nonces.put(nonce, "");
        return json(200, Value.obj("nonce", Value.text(nonce), "expires_seconds", Value.num(60)));
    }

    private Gateway.Response session(Gateway.Request request) {
        Value.Obj asked = (Value.Obj) JSON.read(request.body());
        String key = asked.text("public_key").orElseThrow();
        String nonce = asked.text("nonce").orElseThrow();
        byte[] proof = ("mr-session-1 " + key + " " + nonce).getBytes(StandardCharsets.UTF_8);
        byte[] signature = HexFormat.of().parseHex(asked.text("signature").orElseThrow());
        boolean fits = nonces.remove(nonce) != null
                && keys.contains(key)
                && new SimSignatures().verify(VerifyKey.hex(key), proof, signature);
        if (!fits) {
            throw new PortException.Refused("session.refused", "this key is not enrolled here");
        }
        String session = "s" + counter.incrementAndGet();
        sessions.add(session);
        return json(200, Value.obj("session", Value.text(session), "expires_seconds", Value.num(900)));
    }

    private Gateway.Response known(Gateway.Request request) throws InterruptedException {
        String bearer = request.header("Authorization").orElse("-").replace("Bearer ", "");
        if (!sessions.contains(bearer)) {
            throw new PortException.Refused("session.expired", "open a new session");
        }
        if (request.path().equals("/v1/events")) {
            return events(request);
        }
        if (request.path().equals("/v1/desired/CONFIG")) {
            return listing(request);
        }
        if (request.path().startsWith("/v1/desired/CONFIG/")) {
            return desired(request, request.path().substring("/v1/desired/CONFIG/".length()));
        }
        if (request.path().startsWith("/v1/desired/")) {
            throw new PortException.Refused("bucket.missing", "there is no such bucket");
        }
        throw new PortException.Refused("gateway.absent", "nothing at " + request.path());
    }

    private synchronized Gateway.Response listing(Gateway.Request request) throws InterruptedException {
        String known = request.header("If-None-Match").orElse("");
        long seconds = request.query().startsWith("wait=")
                ? Long.parseLong(request.query().substring(5))
                : 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (known.equals("\"" + revision + "\"") && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        if (known.equals("\"" + revision + "\"")) {
            return Gateway.Response.empty(304);
        }
        Value.Obj keys = Value.obj();
        for (Bucket.Entry entry : desired.values()) {
            keys = entry.deleted() ? keys : keys.with(entry.key(), Value.num(entry.revision()));
        }
        Gateway.Response plain = json(200, Value.obj("keys", keys));
        return new Gateway.Response(
                200, Map.of("Content-Type", "application/json", "ETag", "\"" + revision + "\""), plain.body(), null);
    }

    private synchronized Gateway.Response desired(Gateway.Request request, String key) throws InterruptedException {
        String known = request.header("If-None-Match").orElse("");
        long seconds = request.query().startsWith("wait=")
                ? Long.parseLong(request.query().substring(5))
                : 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (known.equals(etag(key)) && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        Optional<Bucket.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            throw new PortException.Refused("desired.absent", "nothing under this key");
        }
        if (known.equals(etag(key))) {
            return Gateway.Response.empty(304);
        }
        Map<String, String> headers = Map.of(
                "Content-Type", "application/octet-stream",
                "ETag", etag(key),
                "Mr-Revision", Long.toString(entry.get().revision()));
        return new Gateway.Response(200, headers, entry.get().value(), null);
    }

    private String etag(String key) {
        return entry(key).map(e -> "\"" + e.revision() + "\"").orElse("");
    }

    private synchronized Gateway.Response events(Gateway.Request request) {
        String type = request.header("Content-Type").orElseThrow();
        FramedEvents format = new FramedEvents(type.substring(type.indexOf('+') + 1));
        List<byte[]> events = new ArrayList<>(format.split(request.body(), EventBatch.MAX_EVENTS));
        Value.Obj manifest = format.decode(events.removeFirst()).data();
        for (Value entry : manifest.list("entries")) {
            taken.add(taken(request, (Value.Obj) entry, events, format));
        }
        List<Value> marks = new ArrayList<>();
        receipts.forEach(
                m -> marks.add(Value.obj("text", Value.text(m.text()), "signature", Value.text(m.signature()))));
        receipts.clear();
        int accepted = manifest.list("entries").size();
        return json(200, Value.obj("accepted", Value.num(accepted), "receipts", new Value.Arr(marks)));
    }

    private static SinkContract.Taken taken(
            Gateway.Request request, Value.Obj entry, List<byte[]> events, FramedEvents format) {
        Epoch epoch = Epoch.ofWire(request.header("Mr-Epoch").orElseThrow());
        Stamp.EpochEnd previous =
                request.header("Mr-Previous").map(Stamp.EpochEnd::ofWire).orElse(null);
        Lane lane = Lane.ofWire(request.header("Mr-Lane").orElseThrow());
        long from = entry.whole("n").orElseThrow();
        if (entry.text("void").isPresent()) {
            Stamp stamp = new Stamp(
                    epoch,
                    previous,
                    lane,
                    from,
                    entry.whole("through").orElseThrow(),
                    entry.text("void").get());
            return new SinkContract.Taken("machine_room.void", "", stamp, "", new byte[0], Instant.EPOCH);
        }
        return new SinkContract.Taken(
                entry.text("s").orElseThrow(),
                entry.text("id").orElseThrow(),
                Stamp.message(epoch, previous, lane, from),
                entry.text("ct").orElse(format.contentType()),
                body(entry, events.removeFirst(), format),
                Instant.parse(entry.text("t").orElseThrow()));
    }

    private static byte[] body(Value.Obj entry, byte[] event, FramedEvents format) {
        return entry.bool("raw").orElse(false)
                ? Base64.getDecoder()
                        .decode(format.decode(event).data().text("body").orElseThrow())
                : event;
    }
}
