package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Source;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves a spool towards the SaaS: reads in order, sends over the link of the moment, and lets go of what
 * a signed receipt declares stored (architecture 2.22). It goes back to the last receipt on every new
 * link, after every failure, when the store changed, and when receipts stand still.
 *
 * <p>{@link #run()} is one task and owns all state; {@link #state()} and {@link #finish()} are safe from
 * any task.
 */
public final class Pump {
    private static final System.Logger LOG = System.getLogger(Pump.class.getName());
    private static final int REFUSALS_IN_A_ROW = 3;
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(3);

    private final Source source;
    private final LinkSupply links;
    private final Receipts receipts;
    private final ParkedMessages parked;
    private final Outstanding outstanding;
    private final PumpSettings settings;
    private final PumpRuntime runtime;
    private final Mailbox<SignedMark> arrivals;
    private final InFlight inFlight = new InFlight();
    private final Backoff backoff = Backoff.fiveSeconds();
    private final StallClock clock;
    private final Optional<UplinkEar> ear;

    private LinkSupply.@Nullable Held held;
    private @Nullable Sink sink;
    private int resend;
    private int failures;
    private int refusals;
    private long notBefore;
    private long sent;
    private long parkedCount;
    private long firstUnstored;
    private String lastCode = "";
    private volatile boolean finishing;
    private volatile PumpState state = PumpState.none();

    /**
     * A pump.
     *
     * @param source used by this pump's task only
     * @param links where the link comes from
     * @param verifier decides on receipts
     * @param parked where refused messages go
     */
    public Pump(
            Source source,
            LinkSupply links,
            ReceiptVerifier verifier,
            ParkedMessages parked,
            PumpSettings settings,
            PumpRuntime runtime) {
        this.source = source;
        this.links = links;
        this.parked = parked;
        this.settings = settings;
        this.runtime = runtime;
        this.receipts = new Receipts(source, verifier, runtime.meter());
        this.outstanding = new Outstanding(new Pending(source, parked), settings, runtime.time(), receipts::begun);
        this.arrivals = runtime.tasks().mailbox(256);
        this.clock = new StallClock(runtime.time(), settings);
        this.ear = runtime.ear();
    }

    /**
     * Pumps until cancelled, or until done after {@link #finish()}.
     *
     * @throws PortException.Corrupted when the spool cannot be read on
     */
    public void run() throws InterruptedException {
        clock.back();
        while (!finished()) {
            step();
            show();
        }
    }

    /** Asks it to end: as soon as all is stored, no link is there, or nothing moves for three seconds. */
    public void finish() {
        finishing = true;
    }

    /** In numbers. */
    public PumpState state() {
        return state;
    }

    private boolean finished() {
        return finishing
                && (source.waiting() == 0 || held == null || clock.still().compareTo(PATIENCE_AT_END) >= 0);
    }

    private void step() throws InterruptedException {
        for (SignedMark mark : arrivals.drain(256)) {
            settle(mark); // before a new link is met: to go back is to forget what was handed over
        }
        adopt();
        clock.look(!finishing && ear.map(UplinkEar::isDown).orElse(false));
        if (clock.stalled()) {
            rewind("stalled");
        }
        Sink to = sink;
        LinkSupply.Held over = held;
        long wait = notBefore - now();
        if (to == null || over == null) {
            await(LOOK);
        } else if (wait > 0) {
            await(wait < LOOK.toNanos() ? Duration.ofNanos(wait) : LOOK);
        } else if (outstanding.isEmpty() && window() <= 0) {
            await(LOOK);
        } else if (outstanding.isEmpty() && !outstanding.wait(LOOK).isZero()) {
            await(outstanding.wait(LOOK));
        } else {
            pump(over, to);
        }
    }

    /** How many messages may be on the way or sent without a receipt. */
    private long window() {
        return inFlight.bytes() >= settings.windowBytes() ? 0 : settings.windowMessages() - inFlight.count();
    }

    private void await(Duration most) throws InterruptedException {
        arrivals.poll(most).ifPresent(this::settle);
    }

    private void adopt() {
        LinkSupply.Held now = links.current().orElse(null);
        LinkSupply.Held before = held;
        if (generation(now) == generation(before)) {
            return;
        }
        if (before != null) {
            links.release(before);
        }
        held = now;
        sink = null;
        outstanding.back(List.of());
        if (now == null) {
            return;
        }
        try {
            now.link().receipts(arrivals);
            ear.ifPresent(e -> e.listen(now.link()));
            sink = now.link().sink();
        } catch (PortException.Unavailable e) {
            unavailable(now, e.code(), e.retryAfter());
            return;
        }
        failures = 0;
        notBefore = now();
        if (sent > 0) {
            rewind("link");
        }
    }

    private static long generation(LinkSupply.@Nullable Held link) {
        return link == null ? 0 : link.generation();
    }

    private void pump(LinkSupply.Held over, Sink to) throws InterruptedException {
        while (outstanding.begin(to, resend, window())) {
            // the spool is read, and urgent looked at, before every batch
        }
        Outstanding.Batch oldest = outstanding.poll();
        if (oldest == null) {
            return;
        }
        try {
            Sink.Receipt receipt = oldest.sending().await();
            if (receipt.accepted() == 0) {
                unavailable(over, "sink.nothing-accepted", null);
                return;
            }
            outstanding.taken(oldest, receipt.accepted());
            accepted(over, oldest.records().subList(0, receipt.accepted()), receipt.duplicates());
        } catch (PortException.Unavailable e) {
            unavailable(over, e.code(), e.retryAfter());
        } catch (PortException.Refused e) {
            refused(over, oldest.records(), e);
        }
    }

    private void accepted(LinkSupply.Held over, List<Delivery> prefix, int duplicates) {
        unstored(prefix);
        moved(receipts.acknowledged(prefix));
        sent += prefix.size();
        runtime.meter().count("mr_pump_sent_total", "way", over.way(), prefix.size());
        runtime.meter().count("mr_pump_duplicates_total", duplicates);
        if (failures > 0 || !lastCode.isEmpty() || sent == prefix.size()) {
            links.report(over, true);
        }
        failures = 0;
        lastCode = "";
    }

    /** Sent, and not receipted while the answer of the next hop was waited for. */
    private void unstored(List<Delivery> prefix) {
        inFlight.add(prefix);
        clock.sent(prefix.getFirst().stamp().lane());
        for (Delivery delivery : prefix) {
            if (firstUnstored == 0 && !delivery.stamp().isVoid()) {
                firstUnstored = delivery.stamp().from();
            }
        }
    }

    private void unavailable(LinkSupply.Held over, String code, @Nullable Duration retryAfter) {
        runtime.meter().count("mr_pump_unavailable_total", "code", code, 1);
        if (!code.equals(lastCode)) {
            LOG.log(Level.WARNING, "sending over {0} waits: {1}", over.way(), code);
        }
        lastCode = code;
        links.report(over, false);
        rewind("unavailable");
        Duration delay = backoff.delay(failures++, runtime.entropy());
        if (retryAfter != null && retryAfter.compareTo(delay) > 0) {
            delay = retryAfter;
        }
        notBefore = now() + delay.toNanos();
    }

    private void refused(LinkSupply.Held over, List<Delivery> batch, PortException.Refused reason) {
        Delivery first = batch.getFirst();
        if (first.stamp().isVoid() || refusals + 1 >= REFUSALS_IN_A_ROW) {
            unavailable(over, reason.code(), null);
            return;
        }
        refusals++;
        parkedCount++;
        parked.park(first, reason);
        outstanding.back(batch);
        runtime.meter().count("mr_pump_parked_total", "code", reason.code(), 1);
    }

    private void settle(SignedMark signed) {
        moved(receipts.settle(signed));
    }

    private void moved(Receipts.Progress progress) {
        if (progress.mark() != null && progress.moved() > 0) {
            inFlight.done(progress.mark());
            parked.done(progress.mark());
            clock.progress(
                    progress.mark().lane(), inFlight.holds(progress.mark().lane()));
            if (firstUnstored != 0 && progress.mark().through() >= firstUnstored) {
                firstUnstored = 0;
                refusals = 0;
            }
        }
        if (progress.storeChanged()) {
            rewind("store");
        }
    }

    private void rewind(String cause) {
        runtime.meter().count("mr_pump_rewinds_total", "cause", cause, 1);
        outstanding.rewind();
        inFlight.clear();
        receipts.forget();
        resend++;
        clock.back();
    }

    private void show() {
        long waiting = source.waiting();
        runtime.meter().gauge("mr_pump_in_flight", (double) inFlight.count());
        runtime.meter().gauge("mr_pump_waiting", (double) waiting);
        state = new PumpState(
                sent, receipts.done(), waiting, inFlight.count(), resend, parkedCount, lastCode, receipts.storeId());
    }

    private long now() {
        return runtime.time().ticks();
    }
}
