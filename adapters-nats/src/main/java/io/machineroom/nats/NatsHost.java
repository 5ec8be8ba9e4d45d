package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection to somebody else's NATS. Safe from any task. */
final class NatsHost implements StreamHost {
    private static final System.Logger LOG = System.getLogger(NatsHost.class.getName());

    private final NatsRequests requests;
    private final NatsEars ears;
    private final String server;
    private final AtomicBoolean closed = new AtomicBoolean();

    NatsHost(NatsRequests requests, String server) {
        this.requests = requests;
        this.ears = new NatsEars(requests);
        this.server = server;
    }

    @Override
    public boolean connected() {
        return !closed.get() && !requests.lost();
    }

    @Override
    public String server() {
        return server;
    }

    @Override
    public Optional<StreamFacts> stream(String name) {
        try {
            return Optional.of(facts(requests.connection().jetStreamManagement().getStreamInfo(name)));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsFaults.NO_STREAM) {
                return Optional.empty();
            }
            throw NatsFaults.copying(name, e);
        } catch (IOException | IllegalStateException e) {
            throw NatsFaults.copying(name, e);
        }
    }

    private static StreamFacts facts(StreamInfo info) {
        StreamState state = info.getStreamState();
        return new StreamFacts(
                info.getConfiguration().getName(),
                info.getCreateTime().toInstant(),
                state.getFirstSequence(),
                state.getLastSequence(),
                state.getMsgCount(),
                state.getLastSequence() == 0 || state.getLastTime() == null
                        ? Instant.EPOCH
                        : state.getLastTime().toInstant(),
                info.getConfiguration().getSubjects(),
                info.getConfiguration().getMaxAge());
    }

    @Override
    public void makeStream(String name, List<String> subjects) {
        if (stream(name).isPresent()) {
            return;
        }
        StreamConfiguration wanted = StreamConfiguration.builder()
                .name(name)
                .subjects(subjects)
                .storageType(StorageType.File)
                .build();
        try {
            requests.connection().jetStreamManagement().addStream(wanted);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsFaults.managing(name, e);
        }
    }

    @Override
    public StreamReader reader(ReadPlan plan) {
        return NatsReader.open(requests, plan);
    }

    @Override
    public Optional<StreamReader.Read> last(String stream) {
        StreamFacts facts = stream(stream)
                .orElseThrow(
                        () -> new PortException.Unavailable("copy.no-stream", "there is no stream '" + stream + "'"));
        if (facts.messages() == 0) {
            return Optional.empty();
        }
        return message(stream, management -> management.getMessage(stream, facts.last()));
    }

    @Override
    public Optional<StreamReader.Read> lastOf(String stream, String subject) {
        return message(stream, management -> management.getLastMessage(stream, subject));
    }

    /** A question for one message. */
    private interface Question {
        MessageInfo ask(JetStreamManagement management) throws IOException, JetStreamApiException;
    }

    private Optional<StreamReader.Read> message(String stream, Question question) {
        try {
            MessageInfo info = question.ask(requests.connection().jetStreamManagement());
            String subject = info.getSubject();
            ZonedDateTime time = info.getTime();
            if (subject == null || time == null) {
                return Optional.empty();
            }
            return Optional.of(new StreamReader.Read(
                    NatsCopies.incoming(subject, info.getHeaders(), info.getData()),
                    info.getSeq(),
                    time.toInstant(),
                    ""));
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == 404) {
                return Optional.empty();
            }
            throw NatsFaults.copying(stream, e);
        } catch (IOException | IllegalStateException e) {
            throw NatsFaults.copying(stream, e);
        }
    }

    @Override
    public Written write(List<CopyMessage> messages, String stream) throws InterruptedException {
        List<NatsMessage> outgoing = new ArrayList<>(messages.size());
        PortException fault = null;
        for (CopyMessage message : messages) {
            try {
                outgoing.add(NatsCopies.outgoing(message));
            } catch (IllegalArgumentException e) {
                fault = NatsFaults.header(message.subject(), e);
                break;
            }
        }
        StreamWindow.Taken taken =
                new StreamWindow(requests, stream.isEmpty() ? Set.of() : Set.of(stream), outgoing, 1).finish();
        return new Written(taken.accepted(), taken.duplicates(), taken.fault() == null ? fault : taken.fault());
    }

    @Override
    public void publish(CopyMessage message) {
        try {
            requests.connection().publish(NatsCopies.outgoing(message));
        } catch (IllegalStateException e) {
            throw new PortException.Unavailable("link.lost", "the NATS connection does not take messages", e);
        } catch (IllegalArgumentException e) {
            throw NatsFaults.header(message.subject(), e);
        }
    }

    @Override
    public Link.Subscription subscribe(String subject, Mailbox<CopyMessage> into) {
        return ears.listen(
                subject,
                message ->
                        into.offer(NatsCopies.incoming(message.getSubject(), message.getHeaders(), message.getData())));
    }

    @Override
    public Bucket bucket(String name) {
        return new NatsBucket(requests, ears, name);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (!requests.lost()) {
                requests.connection().flush(Duration.ofSeconds(2));
            }
            requests.connection().close();
        } catch (TimeoutException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "closing a connection that does not flush", e);
            interrupted |= closeAnyway();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closeAnyway() {
        try {
            requests.connection().close();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
