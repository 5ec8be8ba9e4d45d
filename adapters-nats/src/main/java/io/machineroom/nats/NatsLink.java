package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A link over one NATS connection. Safe from any task. */
final class NatsLink implements Link {
    private static final System.Logger LOG = System.getLogger(NatsLink.class.getName());
    private static final Duration FLUSH = Duration.ofSeconds(2);
    private static final String ERROR_CODE = "Mr-Code";
    private static final String ERROR_DETAIL = "Mr-Detail";

    /**
     * Where a link ends and as whom.
     *
     * @param server URL without user
     * @param user public nkey of the user; empty for nobody
     * @param ackWait of intakes
     */
    record Place(String server, String user, Duration ackWait) {}

    private final NatsRequests requests;
    private final NatsEars ears;
    private final Place place;
    private final JsonFormat json;
    private final AtomicBoolean closed = new AtomicBoolean();

    NatsLink(NatsRequests requests, Place place, JsonFormat json) {
        this.requests = requests;
        this.ears = new NatsEars(requests);
        this.place = place;
        this.json = json;
    }

    @Override
    public State state() {
        if (closed.get()) {
            return State.CLOSED;
        }
        return requests.lost() ? State.LOST : State.CONNECTED;
    }

    @Override
    public String server() {
        return place.server();
    }

    @Override
    public Sink sink() {
        return new JetStreamSink(requests, user());
    }

    @Override
    public SiteSink siteSink(String site) {
        return new NatsSiteSink(requests, site);
    }

    @Override
    public Subscription siteReceipts(String site, Mailbox<SignedMark> into) {
        return ears.listen("machine_room.site_receipt." + site + ".>", message -> receipt(message.getData(), into));
    }

    private String user() {
        if (place.user().isEmpty()) {
            throw new PortException.Refused("link.unsupported", "a link without a NATS user has no place of its own");
        }
        return place.user();
    }

    @Override
    public void receipts(Mailbox<SignedMark> into) {
        String subject = "machine_room.receipt." + user();
        ears.listen(subject, message -> receipt(message.getData(), into));
    }

    private void receipt(byte[] document, Mailbox<SignedMark> into) {
        try {
            if (json.read(document, 4096) instanceof Value.Obj receipt) {
                SignedMark mark = new SignedMark(
                        receipt.text("text").orElse(""),
                        receipt.text("signature").orElse(""));
                while (!into.offer(mark)) {
                    into.drain(1);
                }
                return;
            }
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "unreadable receipt", e);
        }
        LOG.log(System.Logger.Level.WARNING, () -> place.server() + " sent a receipt that is none");
    }

    @Override
    public Bucket bucket(String name) {
        return new NatsBucket(requests, ears, name);
    }

    @Override
    public Slots slots() {
        return new NatsSlots(requests, json);
    }

    @Override
    public byte[] request(String name, byte[] body, Duration timeout) throws InterruptedException {
        try {
            io.nats.client.Message answer = requests.ask(new NatsMessage(name, null, body), timeout);
            String code = NatsMessages.header(answer, ERROR_CODE);
            if (!code.isEmpty()) {
                throw new PortException.Refused(code, NatsMessages.header(answer, ERROR_DETAIL));
            }
            return answer.getData();
        } catch (TimeoutException e) {
            throw new PortException.Unavailable("link.timeout", "no answer from '" + name + "' in time", e);
        } catch (NatsRequests.NobodyException e) {
            throw new PortException.Unavailable("link.no-answer", "nobody answers requests to '" + name + "'", e);
        } catch (NatsRequests.DeniedException e) {
            throw new PortException.Unavailable(
                    "link.denied", "the NATS user may not send requests to '" + name + "'", e);
        } catch (IOException e) {
            throw new PortException.Unavailable("link.lost", "the NATS connection ended", e);
        }
    }

    @Override
    public void publish(Message message) {
        try {
            requests.connection()
                    .publish(NatsMessages.outgoing(message.subject().text(), message, Map.of()));
        } catch (IllegalStateException e) {
            throw new PortException.Unavailable("link.lost", "the NATS connection does not take messages", e);
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused(
                    "sink.too-large", "a message for '" + message.subject() + "' is too large for the server", e);
        }
    }

    @Override
    public void store(List<Message> messages) throws InterruptedException {
        List<NatsMessage> outgoing = messages.stream()
                .map(m -> NatsMessages.outgoing(m.subject().text(), m, Map.of(NatsMessages.MESSAGE_ID, m.id())))
                .toList();
        StreamWindow.Taken taken = new StreamWindow(requests, Set.of(), outgoing, 1).finish();
        if (taken.fault() != null) {
            throw taken.fault();
        }
    }

    @Override
    public Subscription subscribe(Subject pattern, Mailbox<Message> into) {
        return ears.listen(pattern.text(), message -> {
            try {
                into.offer(NatsMessages.incoming(message, java.time.Instant.now()));
            } catch (IllegalArgumentException e) {
                LOG.log(System.Logger.Level.DEBUG, () -> "a message with an odd subject is dropped", e);
            }
        });
    }

    @Override
    public long ensureStream(StreamSpec spec, int replicas) {
        return new NatsStreams(requests.connection()).ensure(spec, replicas);
    }

    @Override
    public void ensureBucket(String name, int replicas) {
        new NatsStreams(requests.connection()).ensureBucket(name, replicas);
    }

    @Override
    public boolean copiesCurrent() {
        return new NatsStreams(requests.connection()).copiesCurrent();
    }

    @Override
    public Intake intake(String stream, String consumer) {
        return JetStreamIntake.open(requests, stream, consumer, place.ackWait());
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(
                "server", requests.connection().getServerInfo().getVersion(),
                "max_payload", Long.toString(requests.connection().getMaxPayload()));
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!requests.lost()) {
                requests.connection().flush(FLUSH);
            }
        } catch (TimeoutException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "closing a link that does not flush", e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        try {
            requests.connection().close();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
