package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.SiteSink.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One batch of a leader on its way: as many requests as its size and its encodings need, in a task of its own. */
final class SiteSending implements SiteSink.Sending {
    static final Fate NOT_SENT = new Fate.Later("sink.failed", "not sent yet");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 1024 * 1024;

    private final Way way;
    private final List<Fate> fates;
    private final Set<String> lines;
    private final Tasks tasks;
    /** Holds one item once all is known; whoever takes it puts it back. */
    private final Mailbox<Boolean> end;

    private volatile boolean finished;
    private volatile @Nullable PortException failure;

    SiteSending(Way way, List<Fate> fates, Set<String> lines, Tasks tasks) {
        this.way = way;
        this.fates = Collections.synchronizedList(new ArrayList<>(fates));
        this.lines = Set.copyOf(lines);
        this.tasks = tasks;
        this.end = tasks.mailbox(1);
    }

    /**
     * How all batches of one sink go.
     *
     * @param session of the leader
     */
    record Way(GatewaySession session, EventBatch.Framer framer, Receipts receipts, TimeSource time, BatchSize size) {}

    boolean finished() {
        return finished;
    }

    boolean touches(Set<String> others) {
        return !Collections.disjoint(lines, others);
    }

    /** Sends in a task of its own, behind those before it. */
    void start(List<SiteBatch.Item> items, List<SiteSending> before) {
        tasks.fork("site batch", () -> {
            try {
                for (SiteSending other : before) {
                    other.awaitEnd();
                    if (other.failure != null) {
                        throw new PortException.Unavailable(
                                "sink.lost", "what comes before it in its lane may not have arrived");
                    }
                }
                send(items);
            } catch (PortException e) {
                failure = e;
            } catch (InterruptedException | RuntimeException e) {
                failure = new PortException.Unavailable("sink.failed", "the batch was given up", e);
                throw e;
            } finally {
                finished = true;
                end.offer(true);
            }
        });
    }

    private void awaitEnd() throws InterruptedException {
        end.take();
        end.offer(true);
    }

    @Override
    public List<Fate> await() throws InterruptedException {
        awaitEnd();
        PortException why = failure;
        if (why != null) {
            throw why instanceof PortException.Unavailable u
                    ? u
                    : new PortException.Unavailable(why.code(), String.valueOf(why.getMessage()), why);
        }
        return List.copyOf(fates);
    }

    private void send(List<SiteBatch.Item> items) throws InterruptedException {
        long until = way.time().ticks() + LIMIT.toNanos();
        List<SiteBatch.Item> rest = items;
        boolean any = false;
        while (!rest.isEmpty()) {
            try {
                int done = next(rest, EventBatch.MAX_EVENTS - 1, until);
                rest = rest.subList(done, rest.size());
                any = true;
            } catch (PortException.Unavailable e) {
                if (!any) {
                    throw e;
                }
                rest.forEach(item -> fate(item, new Fate.Later(e.code(), String.valueOf(e.getMessage()))));
                return;
            }
        }
    }

    /** Sends one request and returns how many items it settled; what nothing can carry is refused alone. */
    private int next(List<SiteBatch.Item> rest, int maxEntries, long until) throws InterruptedException {
        SiteBatch.Cut cut;
        try {
            cut = SiteBatch.cut(rest, way.framer(), maxEntries, way.size().bytes());
        } catch (PortException.Refused alone) {
            fate(rest.getFirst(), new Fate.Refused(alone.code(), String.valueOf(alone.getMessage())));
            return 1;
        }
        Optional<PortException> refused = post(cut, false, until);
        if (refused.isEmpty()) {
            return cut.items().size();
        }
        if (cut.items().size() > 1) {
            return next(rest, cut.items().size() / 2, until);
        }
        PortException why = refused.get();
        fate(rest.getFirst(), new Fate.Refused(why.code(), String.valueOf(why.getMessage())));
        return 1;
    }

    /** Empty when the request was answered group by group; else why the whole was refused. */
    private Optional<PortException> post(SiteBatch.Cut cut, boolean alone, long until) throws InterruptedException {
        SiteBatch batch = SiteBatch.of(
                cut.items(), cut.format(), way.framer().subject(), way.time().wall(), alone);
        GatewayClient.Answer answer = exchange(batch, until);
        if (!answer.ok()) {
            PortException why =
                    Failures.refused(answer, way.session().json(), way.session().server());
            boolean forGood = why instanceof PortException.Refused
                    && Set.of(400, 413, 415, 422).contains(answer.status());
            if (forGood) {
                return Optional.of(why);
            }
            throw why instanceof PortException.Unavailable u
                    ? u
                    : new PortException.Unavailable(why.code(), String.valueOf(why.getMessage()), why);
        }
        List<Value> said = Failures.object(answer, MAX_ANSWER, way.session()).list("groups");
        if (said.size() != batch.groups().size()) {
            throw new PortException.Unavailable(
                    "link.answer", way.session().server() + " answered for another number of groups");
        }
        for (int i = 0; i < said.size(); i++) {
            judge(batch.groups().get(i), said.get(i) instanceof Value.Obj o ? o : Value.obj(), cut, until);
        }
        return Optional.empty();
    }

    private GatewayClient.Answer exchange(SiteBatch batch, long until) throws InterruptedException {
        Optional<byte[]> packed = EventBatch.packed(batch.body());
        GatewayClient.Ask ask = new GatewayClient.Ask(
                "POST",
                "/v1/events",
                Map.of("Content-Type", batch.contentType()),
                packed.orElseGet(batch::body),
                Duration.ofNanos(Math.max(1_000_000, until - way.time().ticks())),
                MAX_ANSWER);
        long start = way.time().ticks();
        try {
            GatewayClient.Answer answer =
                    way.session().send(packed.isPresent() ? ask.with("Content-Encoding", "gzip") : ask);
            way.size().took(Duration.ofNanos(way.time().ticks() - start));
            return answer;
        } catch (PortException.Unavailable e) {
            if (e.code().equals("link.timeout")) {
                way.size().tookTooLong();
            }
            throw e;
        }
    }

    private void judge(SiteBatch.Group group, Value.Obj said, SiteBatch.Cut cut, long until)
            throws InterruptedException {
        way.receipts().deliver(said.list("receipts"));
        List<SiteBatch.Item> records = group.records();
        Optional<String> refused = said.text("refused").filter(Failures::isCode);
        long accepted = said.whole("accepted").orElse(-1L);
        if (accepted < 0 || accepted > records.size()) {
            throw new PortException.Unavailable(
                    "link.answer", way.session().server() + " answered without a proper count of accepted events");
        }
        if (refused.isPresent() && refused.get().equals("batch.invalid") && records.size() > 1) {
            // one of them does not fit: all others go when each is judged by itself
            post(new SiteBatch.Cut(records, cut.format()), true, until)
                    .ifPresent(why -> records.forEach(r -> fate(r, refusal(why.code()))));
            return;
        }
        Fate rest = refused.map(SiteSending::refusal)
                .orElseGet(() -> said.whole("expected")
                        .<Fate>map(Fate.Gap::new)
                        .orElseGet(() -> new Fate.Later("sink.nothing-accepted", "the SaaS took a part only")));
        for (int i = 0; i < records.size(); i++) {
            fate(records.get(i), i < accepted ? new Fate.Taken(false) : rest);
        }
    }

    private static Fate refusal(String code) {
        return new Fate.Refused(code, "the SaaS does not take it");
    }

    private void fate(SiteBatch.Item item, Fate fate) {
        fates.set(item.slot(), fate);
    }
}
