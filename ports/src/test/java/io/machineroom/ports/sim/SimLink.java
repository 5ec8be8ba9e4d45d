package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A simulated link. Made by {@link SimTransport}. */
final class SimLink implements Link {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * The two ends.
     *
     * @param from our host
     * @param to the server's host
     * @param url as connected
     * @param user who we are there
     * @param isNode whether we have the rights of a node only
     * @param streams whether this way has messages and streams
     */
    record Ends(String from, String to, String url, String user, boolean isNode, boolean streams) {}

    private final SimNetwork network;
    private final Ends ends;
    private final int start;
    private boolean lost;
    private boolean closed;

    SimLink(SimNetwork network, Ends ends) {
        this.network = network;
        this.ends = ends;
        this.start = network.starts(ends.to());
    }

    @Override
    public State state() {
        if (closed) {
            return State.CLOSED;
        }
        return lost || network.starts(ends.to()) != start ? State.LOST : State.CONNECTED;
    }

    @Override
    public String server() {
        return ends.url();
    }

    SimNetwork network() {
        return network;
    }

    Ends ends() {
        return ends;
    }

    SimStreams server(String code) {
        return network.server(ends.to())
                .orElseThrow(() -> new PortException.Unavailable(code, ends.to() + " is not there"));
    }

    /** What is stored at the server; it must answer there. */
    SimStreams stored(String code) {
        if (!network.answers(ends.to())) {
            throw new PortException.Unavailable(code, ends.to() + " is not one of a majority");
        }
        return server(code);
    }

    /** Stores a message that came over this link. */
    SimStream.Ack keep(Message message, String messageId) {
        if (network.isSilenced(ends.from())) {
            throw new PortException.Unavailable("sink.unauthorized", ends.from() + " may not publish");
        }
        return stored("sink.lost").store(message, messageId, ends.to());
    }

    /** Whether what the store tells by itself arrives. */
    boolean hears() {
        return state() == State.CONNECTED && network.answers(ends.to()) && network.reaches(ends.to(), ends.from());
    }

    /** Asks the store of the other side; as {@link #call}, and nobody answers where there is no majority. */
    <T> T ask(String code, Duration timeout, Supplier<T> effect) throws InterruptedException {
        return call(code, timeout, left -> {
            if (!network.answers(ends.to())) {
                network.sim().sleep(left);
                throw new SimNetwork.UnansweredException(false);
            }
            return effect.get();
        });
    }

    /** Asks the other side; {@code code} with {@code .timeout} and the like when nobody answers. */
    private <T> T call(String code, Duration timeout, SimNetwork.Effect<T> effect) throws InterruptedException {
        if (state() != State.CONNECTED) {
            throw new PortException.Unavailable(code, "the link to " + ends.to() + " is " + state());
        }
        try {
            return network.relay(ends.from(), ends.to(), timeout, () -> network.serves(ends.to()), effect);
        } catch (SimNetwork.UnansweredException e) {
            lost |= e.cut();
            throw new PortException.Unavailable(code, ends.to() + " did not answer: " + e.getMessage(), e);
        }
    }

    private void needsStreams() {
        if (!ends.streams()) {
            throw new PortException.Refused("link.unsupported", "this way has no messages and no streams");
        }
    }

    @Override
    public Sink sink() {
        return new SimSink(this);
    }

    @Override
    public void receipts(Mailbox<SignedMark> into) {
        listen(Subject.of("machine_room.receipt." + ends.user()), message -> receipt(message, into));
    }

    @Override
    public SiteSink siteSink(String site) {
        return new SimSiteSink(this, site);
    }

    @Override
    public Subscription siteReceipts(String site, Mailbox<SignedMark> into) {
        return listen(Subject.of("machine_room.site_receipt." + site + ".>"), message -> receipt(message, into));
    }

    private static void receipt(Message message, Mailbox<SignedMark> into) {
        Value.Obj document = (Value.Obj) new SimJson().read(message.bytes());
        SignedMark mark = new SignedMark(
                document.text("text").orElse(""), document.text("signature").orElse(""));
        while (!into.offer(mark)) {
            into.drain(1);
        }
    }

    private Subscription listen(Subject pattern, Consumer<Message> handler) {
        Runnable end = server("link.lost").subscribe(pattern, ends.to(), message -> {
            if (state() == State.CONNECTED && network.passes(ends.to(), ends.from(), message)) {
                handler.accept(message);
            }
        });
        return end::run;
    }

    @Override
    public Bucket bucket(String name) {
        return new SimBucket(this, name);
    }

    @Override
    public Slots slots() {
        needsStreams();
        return new SimSlots(this);
    }

    @Override
    public byte[] request(String name, byte[] body, Duration timeout) throws InterruptedException {
        return call(
                "link.timeout",
                timeout,
                _ -> server("link.lost")
                        .answerer(name)
                        .orElseThrow(
                                () -> new PortException.Unavailable("link.no-answer", "nobody answers '" + name + "'"))
                        .apply(body));
    }

    @Override
    public void publish(Message message) {
        needsStreams();
        if (state() != State.CONNECTED) {
            throw new PortException.Unavailable("link.lost", "the link to " + ends.to() + " is " + state());
        }
        if (network.passes(ends.from(), ends.to(), message)) {
            server("link.lost").publish(withId(message), ends.to());
        }
    }

    @Override
    public void store(List<Message> messages) throws InterruptedException {
        needsStreams();
        ask("sink.timeout", PATIENCE, () -> {
            messages.forEach(m -> keep(withId(m), m.id()));
            return messages.size();
        });
    }

    private static Message withId(Message message) {
        return message.withHeader("Mr-Id", message.id())
                .withHeader("Mr-Created", message.created().toString());
    }

    /** A delivery as it stands in the intake stream. */
    Message stamped(Delivery delivery) {
        Message message = withId(delivery.message());
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.putAll(delivery.stamp().headers());
        return new Message(
                message.subject().under((delivery.stamp().lane() == Lane.URGENT ? "mu." : "mr.") + ends.user()),
                message.id(),
                headers,
                java.nio.ByteBuffer.wrap(message.bytes()),
                message.created());
    }

    @Override
    public Subscription subscribe(Subject pattern, Mailbox<Message> into) {
        needsStreams();
        return listen(pattern, into::offer);
    }

    @Override
    public long ensureStream(StreamSpec spec, int replicas) {
        needsStreams();
        return stored("stream.unreachable").ensureStream(spec);
    }

    @Override
    public void ensureBucket(String name, int replicas) {
        needsStreams();
        stored("stream.unreachable").ensureBucket(name);
    }

    @Override
    public boolean copiesCurrent() throws InterruptedException {
        needsStreams();
        return ask("stream.unreachable", PATIENCE, () -> network.copiesCurrent(ends.to()));
    }

    @Override
    public Intake intake(String stream, String consumer) {
        needsStreams();
        return new SimIntake(
                this,
                stored("intake.unreachable").queue(stream, consumer),
                () -> stored("intake.unreachable").stream(stream));
    }

    @Override
    public void close() {
        closed = true;
    }
}
