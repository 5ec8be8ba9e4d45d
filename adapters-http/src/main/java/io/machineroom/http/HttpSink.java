package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends batches as {@code POST /v1/events}. One task uses it. A batch on the wire is as large as the line carries
 * in about a second, so that a thin line neither times out nor makes urgent events wait behind much.
 */
final class HttpSink implements Sink {
    private static final System.Logger LOG = System.getLogger(HttpSink.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration ENOUGH = Duration.ofSeconds(5);
    private static final int MAX_ANSWER = 256 * 1024;

    private final GatewaySession session;
    private final EventBatch.Framer framer;
    private final TimeSource time;
    private final Receipts receipts;
    private final BatchSize size = new BatchSize();

    HttpSink(GatewaySession session, EventBatch.Framer framer, TimeSource time, Receipts receipts) {
        this.session = session;
        this.framer = framer;
        this.time = time;
        this.receipts = receipts;
    }

    /** The resend count is not on this wire: numbers alone tell the gateway what it knows. */
    @Override
    public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
        long start = time.ticks();
        int done = 0;
        int maxEntries = EventBatch.MAX_EVENTS;
        while (done < batch.size()) {
            Duration spent = Duration.ofNanos(time.ticks() - start);
            if (done > 0 && spent.compareTo(ENOUGH) > 0) {
                break;
            }
            try {
                EventBatch next = framer.next(batch.subList(done, batch.size()), maxEntries, size.bytes(), time.wall());
                Optional<Integer> accepted = post(next, LIMIT.minus(spent));
                if (accepted.isEmpty()) {
                    maxEntries = Math.max(1, next.deliveries().size() / 2);
                    continue;
                }
                done += accepted.get();
                if (accepted.get() < next.deliveries().size()) {
                    break;
                }
            } catch (PortException e) {
                if (done == 0) {
                    throw e;
                }
                // what was taken counts; the failure shows again at the next call, for its first record
                LOG.log(System.Logger.Level.DEBUG, () -> "batch cut short: " + e.code());
                break;
            }
        }
        return new Receipt(done, 0);
    }

    /** How many were taken; empty when the gateway refuses something among several. */
    private Optional<Integer> post(EventBatch batch, Duration timeout) throws InterruptedException {
        Optional<byte[]> packed = batch.packed();
        GatewayClient.Ask ask = new GatewayClient.Ask(
                "POST", "/v1/events", batch.headers(), packed.orElseGet(batch::body), timeout, MAX_ANSWER);
        if (packed.isPresent()) {
            ask = ask.with("Content-Encoding", "gzip");
        }
        long start = time.ticks();
        GatewayClient.Answer answer;
        try {
            answer = session.send(ask);
        } catch (PortException.Unavailable e) {
            if (e.code().equals("link.timeout")) {
                size.tookTooLong();
            }
            throw e;
        }
        size.took(Duration.ofNanos(time.ticks() - start));
        return answer.ok() ? Optional.of(accepted(answer, batch.deliveries().size())) : refused(answer, batch);
    }

    private int accepted(GatewayClient.Answer answer, int sent) {
        Value.Obj said = Failures.object(answer, MAX_ANSWER, session);
        receipts.deliver(said.list("receipts"));
        long accepted = said.whole("accepted").orElse(-1L);
        if (accepted < 0 || accepted > sent) {
            throw new PortException.Unavailable(
                    "link.answer", session.server() + " answered without a proper count of accepted events");
        }
        return (int) accepted;
    }

    private Optional<Integer> refused(GatewayClient.Answer answer, EventBatch batch) {
        Optional<Value.Obj> problem = Failures.problem(answer, session.json());
        PortException why = Failures.refused(answer, session.json(), session.server());
        String text = String.valueOf(why.getMessage());
        if (problem.isPresent() && why.code().equals("ingest.gap")) {
            String expected = problem.get()
                    .whole("expected")
                    .map(n -> ", expected is " + n)
                    .orElse("");
            throw new PortException.Unavailable("sink.gap", text + expected, why);
        }
        boolean forGood = why instanceof PortException.Refused
                && Map.of(400, true, 413, true, 415, true, 422, true).containsKey(answer.status());
        if (!forGood) {
            throw why instanceof PortException.Refused ? new PortException.Unavailable(why.code(), text, why) : why;
        }
        if (batch.deliveries().size() > 1) {
            return Optional.empty();
        }
        throw why;
    }
}
