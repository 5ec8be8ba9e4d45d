package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.SiteSink.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The flow from a site's intake into a sink over one pair of links. A record that cannot go by itself never stops the others: what
 * the SaaS refuses is parked and a void takes its number, what has a gap before it waits a while and is then left to its node,
 * which sends all of it again. One task; what it holds is released when the pair ends.
 */
final class SiteFlow {
    private static final Duration IDLE = Duration.ofMillis(250);
    /** How often one looks for something urgent while there is other work. */
    private static final long URGENT_LOOK_NANOS = 50_000_000L;

    private final SiteRuntime runtime;
    private final SiteQueue urgent;
    private final SiteQueue others;
    private final SiteSink sink;
    private final SiteMemory memory;
    private final SiteReceipts receipts;
    private final SiteParked parked;
    private final SitePace pace;
    private final Deque<Batch> onTheWay = new ArrayDeque<>();
    private long urgentDue;
    private @Nullable PortException stuck;

    /**
     * Where it comes from and goes to.
     *
     * @param urgent what goes before all others
     */
    record Ends(Intake urgent, Intake others, SiteSink sink) {}

    SiteFlow(SiteRuntime runtime, Ends ends, SiteMemory memory, SiteReceipts receipts, SitePace pace) {
        this.runtime = runtime;
        this.urgent = new SiteQueue(ends.urgent());
        this.others = new SiteQueue(ends.others());
        this.urgentDue = runtime.ticks();
        this.sink = ends.sink();
        this.pace = pace;
        this.memory = memory;
        this.receipts = receipts;
        this.parked = new SiteParked(runtime);
    }

    private record Batch(SiteQueue from, List<SiteRecord> records, SiteSink.Sending sending, long bytes, long began) {
        List<Intake.Arrival> arrivals() {
            return records.stream().map(SiteRecord::arrival).toList();
        }
    }

    /**
     * Sends one more batch, or waits for the oldest on the way, or for something to send.
     *
     * @return whether the next hop took something
     * @throws PortException.Unavailable when the site's intake cannot be used
     */
    boolean step() throws InterruptedException {
        receipts.fresh().forEach(memory::receipted);
        urgent.giveBack(runtime.ticks());
        others.giveBack(runtime.ticks());
        Duration held = pace.wait(IDLE);
        if (onTheWay.isEmpty() && !held.isZero()) {
            runtime.tasks().sleep(held);
            return false;
        }
        if (onTheWay.size() < sink.depth() && held.isZero()) {
            if (beginNext()) {
                return false;
            }
        }
        Batch oldest = onTheWay.poll();
        return oldest != null && settle(oldest);
    }

    /** Whether there was something to send. */
    private boolean beginNext() throws InterruptedException {
        int most = pace.messages(sink.depth());
        if (runtime.ticks() >= urgentDue) {
            List<Intake.Arrival> read = urgent.read(most, Duration.ZERO);
            if (!read.isEmpty()) {
                begin(urgent, read);
                return true;
            }
            urgentDue = runtime.ticks() + URGENT_LOOK_NANOS;
        }
        List<Intake.Arrival> read = others.read(most, onTheWay.isEmpty() ? IDLE : Duration.ZERO);
        if (!read.isEmpty()) {
            begin(others, read);
        }
        return !read.isEmpty();
    }

    /** Why nothing can go up now, told once; empty while something can. */
    Optional<PortException> stuck() {
        Optional<PortException> told = Optional.ofNullable(stuck);
        stuck = null;
        return told;
    }

    /** Lets go of what is not settled: it comes again, and at once to whoever reads next. */
    void release() throws InterruptedException {
        onTheWay.clear();
        urgent.releaseAll();
        others.releaseAll();
    }

    private void begin(SiteQueue from, List<Intake.Arrival> read) throws InterruptedException {
        List<SiteRecord> records = new ArrayList<>();
        List<Intake.Arrival> dealtWith = new ArrayList<>();
        Set<SiteRecord.Run> stored = new HashSet<>();
        for (Intake.Arrival arrival : read) {
            SiteRecord record = readable(arrival);
            if (record == null || isRepeat(record, stored)) {
                dealtWith.add(arrival);
            } else {
                records.add(record);
            }
        }
        from.settle(dealtWith);
        stored.forEach(receipts::again);
        if (!records.isEmpty()) {
            send(from, records);
        }
    }

    private void send(SiteQueue from, List<SiteRecord> records) throws InterruptedException {
        long bytes =
                records.stream().mapToLong(r -> r.forwarded().message().size()).sum();
        long began = runtime.ticks();
        try {
            SiteSink.Sending sending =
                    sink.begin(records.stream().map(SiteRecord::forwarded).toList());
            onTheWay.add(new Batch(from, records, sending, bytes, began));
            pace.began(records.size(), bytes);
        } catch (PortException.Unavailable | PortException.Refused e) {
            from.release(records.stream().map(SiteRecord::arrival).toList());
            stuck = e;
        }
    }

    private @Nullable SiteRecord readable(Intake.Arrival arrival) {
        try {
            return SiteRecord.of(arrival);
        } catch (PortException.Refused e) {
            parked.park(arrival, e.code(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private boolean isRepeat(SiteRecord record, Set<SiteRecord.Run> stored) {
        SiteMemory.Answer answer = memory.ask(record.key(), runtime.ticks());
        if (answer == SiteMemory.Answer.NEW) {
            return false;
        }
        if (answer == SiteMemory.Answer.STORED) {
            stored.add(record.run());
        }
        runtime.meter().count("mr_site_repeats_total", 1);
        return true;
    }

    private boolean settle(Batch batch) throws InterruptedException {
        List<Fate> fates;
        try {
            fates = batch.sending().await();
        } catch (PortException.Unavailable | PortException.Refused e) {
            batch.from().release(batch.arrivals());
            stuck = e;
            return false;
        }
        pace.took(batch.bytes(), Duration.ofNanos(runtime.ticks() - batch.began()));
        Judged judged = judge(batch, fates);
        batch.from().settle(judged.done());
        runtime.meter().count("mr_site_forwarded_total", judged.taken());
        sendVoids(judged.refused());
        if (judged.taken() == 0 && judged.fault() != null) {
            stuck = judged.fault();
        }
        return judged.taken() > 0;
    }

    /**
     * What became of a batch.
     *
     * @param done to be settled
     * @param taken how many of them the next hop has
     * @param fault one of those that go later; null when there is none
     */
    private record Judged(
            List<Intake.Arrival> done,
            List<SiteRecord> refused,
            int taken,
            @Nullable PortException fault) {}

    private Judged judge(Batch batch, List<Fate> fates) {
        List<Intake.Arrival> done = new ArrayList<>();
        List<SiteRecord> refused = new ArrayList<>();
        PortException fault = null;
        int taken = 0;
        boolean othersGo = fates.stream().anyMatch(Fate.Taken.class::isInstance);
        for (int i = 0; i < fates.size(); i++) {
            SiteRecord record = batch.records().get(i);
            Fate fate = fates.get(i);
            boolean settled = switch (fate) {
                case Fate.Taken _ -> taken(record);
                case Fate.Gap _ -> leftToNode(batch.from(), record);
                case Fate.Later _ -> othersGo && leftToNode(batch.from(), record);
                case Fate.Refused no -> refused(record, no.code(), no.detail(), refused);
            };
            taken += fate instanceof Fate.Taken ? 1 : 0;
            if (settled) {
                done.add(record.arrival());
            } else {
                batch.from().later(record.arrival(), runtime.ticks());
            }
            if (fate instanceof Fate.Later later) {
                fault = new PortException.Unavailable(later.code(), later.detail());
            }
        }
        return new Judged(done, refused, taken, fault);
    }

    private boolean taken(SiteRecord record) {
        memory.acknowledged(record.key(), runtime.ticks());
        return true;
    }

    /** After some tries, while others go, it is left to its node, which has all of it and sends it in order. */
    private boolean leftToNode(SiteQueue from, SiteRecord record) {
        if (from.triedOut(record.arrival())) {
            runtime.meter().count("mr_site_gaps_total", 1);
            return true;
        }
        return false;
    }

    private boolean refused(SiteRecord record, String code, String detail, List<SiteRecord> refused) {
        parked.park(record.arrival(), code, detail);
        refused.add(record);
        return true;
    }

    /** Without a void in its place the SaaS would wait for its number for ever, and the node send it again and again. */
    private void sendVoids(List<SiteRecord> records) throws InterruptedException {
        List<SiteSink.Forwarded> voids = records.stream()
                .filter(r -> !r.stamp().isVoid())
                .map(SiteVoid::of)
                .toList();
        if (voids.isEmpty()) {
            return;
        }
        try {
            for (Fate fate : sink.begin(voids).await()) {
                if (!(fate instanceof Fate.Taken)) {
                    runtime.meter().count("mr_site_unavailable_total", "code", "site.void", 1);
                }
            }
        } catch (PortException.Unavailable | PortException.Refused e) {
            // the node sends the record again, and this is tried again
            runtime.meter().count("mr_site_unavailable_total", "code", e.code(), 1);
        }
    }
}
