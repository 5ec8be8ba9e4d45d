package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.SiteSink;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the nodes of a site sent below {@code ms.<site>.<U…>}. A record that the server refuses for itself is passed
 * over; those behind it that were under way already are sent again under the same ids, which the stream knows.
 */
final class NatsSiteSink implements SiteSink {
    private static final int DEPTH = 4;
    private static final StreamWindow.Bound BOUND = StreamWindow.SITE.shared(DEPTH);
    private static final Set<String> STREAMS = Set.of(JetStreamSink.STREAM);

    /** These say something of the way or the stream, not of the one message. */
    private static final Set<String> OF_ALL =
            Set.of("sink.full", "sink.no-stream", "sink.lost", "sink.timeout", "link.lost");

    private final NatsRequests requests;
    private final String prefix;
    private final HeaderLines lines = new HeaderLines();
    private @Nullable StreamWindow before;

    NatsSiteSink(NatsRequests requests, String site) {
        this.requests = requests;
        this.prefix = "ms." + site + ".";
    }

    @Override
    public int depth() {
        return DEPTH;
    }

    @Override
    public Sending begin(List<Forwarded> batch) {
        Outgoing outgoing = outgoing(batch);
        StreamWindow window = new StreamWindow(requests, STREAMS, outgoing.messages(), BOUND);
        StreamWindow last = before;
        if (last == null || last.isSent()) {
            window.fill();
        }
        before = window;
        return () -> new Judgement(outgoing).of(window);
    }

    /**
     * A batch in the library's form.
     *
     * @param messages those that can be sent
     * @param fates by place in the batch; null for those that can be sent
     */
    private record Outgoing(List<NatsMessage> messages, List<@Nullable Fate> fates) {}

    private Outgoing outgoing(List<Forwarded> batch) {
        List<NatsMessage> messages = new ArrayList<>(batch.size());
        List<@Nullable Fate> fates = new ArrayList<>(batch.size());
        for (Forwarded record : batch) {
            String subject = prefix + record.nodeKey() + "." + record.message().subject();
            try {
                messages.add(new NatsMessage(
                        subject, null, headers(record), record.message().bytes()));
                fates.add(null);
            } catch (IllegalArgumentException e) {
                PortException.Refused fault = NatsFaults.header(subject, e);
                fates.add(new Fate.Refused(fault.code(), String.valueOf(fault.getMessage())));
            }
        }
        return new Outgoing(messages, fates);
    }

    /** As they came, but for those of NATS: an expectation, a roll-up or a time to live would act at the SaaS too. */
    private Headers headers(Forwarded record) {
        lines.begin();
        record.message().headers().forEach((name, value) -> {
            if (!name.regionMatches(true, 0, "Nats-", 0, 5)) {
                lines.add(name, value);
            }
        });
        if (!record.messageId().isEmpty()) {
            lines.add(NatsMessages.MESSAGE_ID, record.messageId());
        }
        return lines.finish();
    }

    /** What becomes of each record of a batch. */
    private final class Judgement {
        private final List<NatsMessage> messages;
        private final List<@Nullable Fate> fates;
        private final List<Fate> judged = new ArrayList<>();

        Judgement(Outgoing outgoing) {
            this.messages = outgoing.messages();
            this.fates = outgoing.fates();
        }

        List<Fate> of(StreamWindow first) throws InterruptedException {
            StreamWindow window = first;
            while (judged.size() < messages.size()) {
                StreamWindow.Taken taken = window.finish();
                for (int i = 0; i < taken.accepted(); i++) {
                    judged.add(new Fate.Taken(i < taken.duplicates()));
                }
                PortException fault = taken.fault();
                if (fault != null && ofAll(fault)) {
                    restLater(fault);
                } else if (fault != null) {
                    judged.add(ofOne(fault));
                    List<NatsMessage> rest = messages.subList(judged.size(), messages.size());
                    window = new StreamWindow(requests, STREAMS, rest, BOUND);
                }
            }
            return whole();
        }

        private boolean ofAll(PortException fault) {
            return requests.lost() || (fault instanceof PortException.Unavailable && OF_ALL.contains(fault.code()));
        }

        private void restLater(PortException fault) {
            if (judged.isEmpty()) {
                throw fault;
            }
            while (judged.size() < messages.size()) {
                judged.add(new Fate.Later(fault.code(), String.valueOf(fault.getMessage())));
            }
        }

        private Fate ofOne(PortException fault) {
            String detail = String.valueOf(fault.getMessage());
            return fault instanceof PortException.Refused
                    ? new Fate.Refused(fault.code(), detail)
                    : new Fate.Later(fault.code(), detail);
        }

        /** With those that could not even be sent in their places. */
        private List<Fate> whole() {
            List<Fate> out = new ArrayList<>(fates.size());
            int next = 0;
            for (Fate fate : fates) {
                out.add(fate == null ? judged.get(next++) : fate);
            }
            return out;
        }
    }
}
