package io.machineroom.domain.orchestration;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.orchestration.ElectionEar.Standing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in an election: whoever holds a key of a bucket with a time to live leads, and renews it.
 *
 * <p>At most one member leads at a time, whatever happens to key, server or line, as long as clocks run equally fast: a
 * leader leads only for the lease after the sending of its last renewal that was confirmed, and a winner is told so no
 * sooner than a lease after it got the key.
 *
 * <p>One task calls {@link #run}; {@link #leading} and {@link #stop} are safe from any.
 */
public final class Election {
    private static final System.Logger LOG = System.getLogger(Election.class.getName());
    private static final long SPLAY_MILLIS = 5_000;
    private static final Duration PARTING = Duration.ofSeconds(5);
    /** For announcements that cross on the way. */
    private static final long SETTLE = Duration.ofMillis(200).toNanos();

    private final ElectionPlan plan;
    private final ElectionPorts ports;
    private final ElectionEar ear;
    private final Mailbox<Campaigns.News> box;
    private final ElectionMeter meter;
    private final Campaigns campaigns;
    private volatile boolean stopping;
    private volatile @Nullable Reign reign;
    private ElectionRules rules = ElectionRules.unchecked(Duration.ofMinutes(1), Optional.empty());
    private Tasks.@Nullable Task flight;
    private @Nullable Hold hold;
    private long next;
    private int tries;
    private String trouble = "";

    public Election(ElectionPlan plan, ElectionPorts ports, ElectionEar ear) {
        this(plan, ports, ear, timeToLive -> ElectionRules.of(timeToLive, plan.policy()));
    }

    /** With rules for tests that cannot wait for seconds. */
    Election(ElectionPlan plan, ElectionPorts ports, ElectionEar ear, Function<Duration, ElectionRules> ruling) {
        this.plan = plan;
        this.ports = ports;
        this.ear = ear;
        this.campaigns = new Campaigns(plan, ports.buckets(), ruling);
        this.box = ports.tasks().mailbox(16);
        this.meter = new ElectionMeter(plan, ports.meter());
    }

    private record Reign(long until) {}

    /**
     * A key that is ours.
     *
     * @param revision as last written
     * @param since when we knew that we have it
     * @param until end of the lease
     * @param announce when to tell; empty before the first renewal
     */
    private record Hold(long revision, long since, long until, Optional<Long> announce) {}

    /** Whether we lead now. False from the end of the lease on, even while the task of the election does not run. */
    public boolean leading() {
        Reign now = reign;
        return now != null && ports.time().ticks() - now.until() < 0;
    }

    /** How long we lead at least, should nothing more be heard; zero while we do not. */
    public Duration remaining() {
        Reign now = reign;
        return now == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, now.until() - ports.time().ticks()));
    }

    /** Asks it to end: the lead is told to be lost, then the key is given back if it is ours. Returns at once. */
    public void stop() {
        if (!stopping) {
            stopping = true;
            box.offer(new Campaigns.Stop());
        }
    }

    /**
     * Campaigns until {@link #stop}.
     *
     * @throws PortException.Refused {@code bucket.ttl}, {@code election.interval} when the bucket does not fit; {@code
     *     bucket.not-permitted} and the like
     * @throws PortException.Unavailable {@code bucket.missing}, {@code bucket.unauthorized}; others are waited for
     */
    public void run() throws InterruptedException {
        try {
            // of a run before; a stop is not forgotten with its message
            box.drain(16);
            look();
            next = ports.time().ticks()
                    + (plan.splayed()
                            ? Duration.ofMillis(ports.entropy().below(SPLAY_MILLIS))
                                    .toNanos()
                            : 0);
            while (!stopping) {
                turn();
            }
            giveBack();
        } finally {
            Tasks.Task flying = flight;
            if (flying != null) {
                flying.cancel();
                flight = null;
            }
            fall();
        }
    }

    /** The first look at the bucket, which tells what can never work. */
    private void look() throws InterruptedException {
        Backoff waits = Backoff.fiveSeconds();
        for (int attempt = 0; !stopping; attempt++) {
            try {
                rules = campaigns.rules();
                return;
            } catch (RuntimeException e) {
                if (isFinal(e)) {
                    throw e;
                }
                troubled(e);
                box.poll(waits.delay(attempt, ports.entropy()));
            }
        }
    }

    /** Whether nothing but a person can mend it. */
    private static boolean isFinal(RuntimeException e) {
        return e instanceof PortException known
                && (!(known instanceof PortException.Unavailable)
                        || known.code().equals("bucket.missing")
                        || known.code().equals("bucket.unauthorized"));
    }

    private void turn() throws InterruptedException {
        long now = ports.time().ticks();
        Hold held = hold;
        if (held != null && now - held.until() >= 0) {
            LOG.log(Level.WARNING, "{0}: no renewal of {1} was confirmed in time", plan.candidate(), plan.key());
            fall();
        } else if (held != null && isDue(held.announce(), now) && reign == null) {
            announce(held);
        } else if (flight == null && now - next >= 0) {
            start(held == null ? 0 : held.revision(), now);
        } else if (box.poll(Duration.ofNanos(untilNext(now))).orElse(null) instanceof Campaigns.Result result) {
            handle(result);
        }
    }

    private static boolean isDue(Optional<Long> time, long now) {
        return time.isPresent() && now - time.get() >= 0;
    }

    /** Until something is due by itself; an answer comes through the mailbox. */
    private long untilNext(long now) {
        long wait = flight == null ? next - now : Long.MAX_VALUE / 2;
        Hold held = hold;
        if (held != null) {
            wait = Math.min(wait, held.until() - now);
            wait = Math.min(
                    wait, reign == null ? held.announce().map(at -> at - now).orElse(wait) : wait);
        }
        return Math.clamp(wait, 0, Duration.ofHours(1).toNanos());
    }

    /** A campaign of its own task, so that an answer that does not come keeps nobody from seeing the lease run out. */
    private void start(long held, long now) {
        meter.campaign(held == 0 ? Standing.CANDIDATE : Standing.LEADER);
        ElectionRules known = rules;
        flight = ports.tasks().fork("campaign-" + plan.key(), () -> box.offer(campaigns.hold(held, now, known)));
    }

    private void handle(Campaigns.Result result) {
        flight = null;
        RuntimeException fault = result.fault();
        if (fault == null) {
            trouble = "";
        } else {
            troubled(fault);
        }
        rules = result.rules();
        Hold held = hold;
        boolean stale = result.held() > 0 && (held == null || held.revision() != result.held());
        if (result.revision().isPresent() && !stale) {
            hold(result, result.revision().get(), held);
        } else {
            fall();
            tries = Math.min(tries + 1, 1_000);
        }
        Duration pause = rules.pause(hold == null ? tries : 0, ports.entropy());
        next = (hold == null ? ports.time().ticks() : result.sent()) + pause.toNanos();
        meter.state(leading(), pause);
        ear.campaigned(hold == null ? Standing.CANDIDATE : leading() ? Standing.LEADER : Standing.ELECTED);
    }

    private void hold(Campaigns.Result result, long revision, @Nullable Hold before) {
        long now = ports.time().ticks();
        long lease = rules.lease().toNanos();
        if (before == null) {
            hold = new Hold(revision, now, result.sent() + lease, Optional.empty());
            return;
        }
        tries = 0;
        long until = result.sent() + lease;
        long announce = before.announce().orElse(Math.max(now + SETTLE, before.since() + lease));
        hold = new Hold(revision, before.since(), until, Optional.of(announce));
        if (reign != null) {
            reign = new Reign(until);
        }
    }

    private void announce(Hold held) {
        LOG.log(Level.INFO, "{0} leads {1}", plan.candidate(), plan.key());
        reign = new Reign(held.until());
        ear.won();
        meter.state(true, rules.interval());
        ear.campaigned(Standing.LEADER);
    }

    /** Forgets key and lead; tells of it when there was one. */
    private void fall() {
        boolean led = reign != null;
        hold = null;
        reign = null;
        if (led) {
            LOG.log(Level.INFO, "{0} does not lead {1} any more", plan.candidate(), plan.key());
            ear.lost();
            meter.state(false, rules.interval());
        }
    }

    /** Only who holds the key removes it, and only its own revision: another may have won meanwhile. */
    private void giveBack() throws InterruptedException {
        Hold held = hold;
        fall();
        long revision = held == null ? 0 : held.revision();
        // what is under way changes the revision, or wins the key just now
        Tasks.Task flying = flight;
        if (flying != null) {
            flying.join(PARTING);
            for (Campaigns.News news : box.drain(16)) {
                revision = news instanceof Campaigns.Result result
                        ? result.revision().orElse(revision)
                        : revision;
            }
        }
        if (revision > 0) {
            try {
                ports.buckets().bucket().delete(plan.key(), revision);
            } catch (PortException e) {
                LOG.log(Level.INFO, "the key of election {0} is left to expire: {1}", plan.key(), e.getMessage());
            }
        }
    }

    /** Told once per reason: an election goes on for weeks, whatever a campaign broke on. */
    private void troubled(RuntimeException e) {
        PortException known = e instanceof PortException k ? k : null;
        String reason = known == null ? e.getClass().getName() : known.code();
        if (trouble.equals(reason)) {
            return;
        }
        trouble = reason;
        String text = "the election " + plan.key() + " cannot be held now: " + reason + ": " + e.getMessage();
        if (known == null) {
            LOG.log(Level.ERROR, text, e);
        } else {
            LOG.log(Level.WARNING, text);
        }
    }
}
