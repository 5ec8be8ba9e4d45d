package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A session at a gateway seen as a link. {@code LOST} after an exchange that found no server or waited in vain: HTTPS
 * has no connection to watch, and the owner decides by connecting anew.
 */
final class HttpLink implements Link {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)*");
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private final GatewaySession session;
    private final HttpSink sink;
    private final Tasks tasks;
    private final TimeSource time;
    private final Runnable onClose;
    private final EventBatch.Framer framer;
    private final Receipts receipts = new Receipts();
    private final Receipts siteReceipts = new Receipts();
    private final Map<String, HttpBucket> buckets = new ConcurrentHashMap<>();
    /** In the order they began, so that they end in the same order each time. */
    private final Set<Subscription> watches = Collections.synchronizedSet(new LinkedHashSet<>());

    private final AtomicBoolean closed = new AtomicBoolean();

    HttpLink(GatewaySession session, EventBatch.Framer framer, Tasks tasks, TimeSource time, Runnable onClose) {
        this.session = session;
        this.tasks = tasks;
        this.time = time;
        this.onClose = onClose;
        this.framer = framer;
        this.sink = new HttpSink(session, framer, time, receipts);
    }

    @Override
    public State state() {
        if (closed.get()) {
            return State.CLOSED;
        }
        return session.lost() ? State.LOST : State.CONNECTED;
    }

    @Override
    public String server() {
        return session.server();
    }

    @Override
    public Sink sink() {
        return session.asNode()
                ? sink
                : (batch, resend) -> {
                    throw unsupported("events without an enrolment");
                };
    }

    @Override
    public void receipts(Mailbox<SignedMark> into) {
        receipts.to(into);
    }

    /** The site is that of the session: the gateway knows it. */
    @Override
    public SiteSink siteSink(String site) {
        if (!session.asNode()) {
            throw unsupported("events of a site without an enrolment");
        }
        return new HttpSiteSink(session, framer, siteReceipts, tasks, time);
    }

    /** They come with the answers to what {@link #siteSink} sends. */
    @Override
    public Subscription siteReceipts(String site, Mailbox<SignedMark> into) {
        siteReceipts.to(into);
        return () -> siteReceipts.end(into);
    }

    @Override
    public Bucket bucket(String name) {
        return new WatchedBucket(buckets.computeIfAbsent(name, n -> new HttpBucket(session, n, tasks, time)), watches);
    }

    @Override
    public byte[] request(String name, byte[] body, Duration timeout) throws InterruptedException {
        if (!NAME.matcher(name).matches()) {
            throw unsupported("a request named '" + name + "'");
        }
        GatewayClient.Answer answer = session.sendOnce(new GatewayClient.Ask(
                "POST", "/v1/" + name, Map.of("Content-Type", "application/json"), body, timeout, MAX_ANSWER));
        if (answer.ok()) {
            return answer.body();
        }
        throw Failures.refused(answer, session.json(), session.server());
    }

    @Override
    public void publish(Message message) {
        throw unsupported("publishing");
    }

    @Override
    public void store(List<Message> messages) {
        throw unsupported("storing into streams");
    }

    @Override
    public Subscription subscribe(Subject pattern, Mailbox<Message> into) {
        throw unsupported("subscribing");
    }

    @Override
    public long ensureStream(StreamSpec spec, int replicas) {
        throw unsupported("making streams");
    }

    @Override
    public void ensureBucket(String name, int replicas) {
        throw unsupported("making buckets");
    }

    @Override
    public Intake intake(String stream, String consumer) {
        throw unsupported("reading streams");
    }

    private static PortException.Refused unsupported(String what) {
        return new PortException.Refused("link.unsupported", "HTTPS does not carry " + what);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(watches).forEach(Subscription::close);
            onClose.run();
            session.close();
        }
    }

    @Override
    public Map<String, String> facts() {
        return Map.of("http", "1.1", "session", session.asNode() ? "node" : "none");
    }
}
