package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one link up: the first way is preferred; when it cannot be had, or fails, for
 * {@link LinkSettings#failoverAfter()}, the next takes over, and the first is probed until it comes back.
 * A better link is put beside the old one and taken between two batches; the old one is closed when the
 * pump has let go of it, or half a minute later.
 *
 * <p>{@link #run()} is one task and owns all state; the other methods are safe from any task.
 */
public final class LinkKeeper implements LinkSupply {
    private static final System.Logger LOG = System.getLogger(LinkKeeper.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PROBE = Duration.ofMinutes(4);

    private final List<Way> ways;
    private final LinkSettings settings;
    private final TimeSource time;
    private final Tasks tasks;
    private final Entropy entropy;
    private final Meter meter;
    private final Mailbox<Signal> signals;
    private final Backoff backoff = Backoff.doubling(FIRST_WAIT, LONGEST_WAIT);
    private final List<Retired> retired = new ArrayList<>();

    private volatile @Nullable Held held;
    private volatile LinkState state = LinkState.none();
    private int index;
    private long generation;
    private long downSince;
    private long failingSince;
    private boolean failing;
    private boolean proven;
    private boolean avoidFirst;
    private int failedReturns;
    private long probeAt;

    /**
     * A keeper.
     *
     * @param ways at least one, the preferred first
     */
    public LinkKeeper(
            List<Way> ways, LinkSettings settings, Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {
        this.ways = List.copyOf(ways);
        if (this.ways.isEmpty()) {
            throw new IllegalArgumentException("a link needs at least one way");
        }
        this.settings = settings;
        this.tasks = tasks;
        this.time = time;
        this.entropy = entropy;
        this.meter = meter;
        this.signals = tasks.mailbox(256);
    }

    @Override
    public Optional<Held> current() {
        return Optional.ofNullable(held);
    }

    @Override
    public void report(Held about, boolean worked) {
        signal(new Signal(about.generation(), worked ? Kind.WORKED : Kind.FAILED));
    }

    @Override
    public void release(Held about) {
        signal(new Signal(about.generation(), Kind.RELEASED));
    }

    /** For status and logs; safe from any task. */
    public LinkState state() {
        return state;
    }

    /** Keeps the link until cancelled, then closes it. */
    public void run() throws InterruptedException {
        downSince = time.ticks();
        try {
            while (true) {
                Held now = held;
                if (now == null) {
                    establish();
                } else {
                    watch(now);
                }
            }
        } finally {
            Held now = held;
            held = null;
            if (now != null) {
                now.link().close();
            }
            retired.forEach(r -> r.link().close());
            retired.clear();
        }
    }

    private void signal(Signal signal) {
        if (!signals.offer(signal)) {
            meter.count("mr_link_signals_dropped_total", 1);
        }
    }

    private void establish() throws InterruptedException {
        if (generation > 0 && !avoidFirst) {
            long most = Math.max(1, settings.reconnectSpread().toMillis());
            tasks.sleep(Duration.ofMillis(entropy.below(most)));
        }
        for (int attempt = 0; held == null; attempt++) {
            if (!avoidFirst && connect(0)) {
                return;
            }
            boolean due = avoidFirst
                    || time.ticks() - downSince >= settings.failoverAfter().toNanos();
            for (int i = 1; due && i < ways.size(); i++) {
                if (connect(i)) {
                    return;
                }
            }
            avoidFirst = false;
            Duration wait = backoff.delay(attempt, entropy);
            if (ways.size() > 1 && !due) {
                long left = settings.failoverAfter().toNanos() - (time.ticks() - downSince);
                wait = shorter(wait, Duration.ofNanos(Math.max(left, 0)));
            }
            tasks.sleep(wait);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private boolean connect(int i) throws InterruptedException {
        Way way = ways.get(i);
        try {
            adopt(i, way, way.transport().connect(way.endpoint().get()));
            return true;
        } catch (PortException.Unavailable | PortException.Refused e) {
            meter.count("mr_link_failures_total", "way", way.name(), 1);
            failed(way, e);
            return false;
        }
    }

    private void failed(Way way, PortException e) {
        if (!e.code().equals(state.lastCode())) {
            LOG.log(Level.WARNING, "no link over {0}: {1}: {2}", way.name(), e.code(), e.getMessage());
        }
        LinkState s = state;
        state = new LinkState(s.way(), s.server(), s.changes(), e.code(), String.valueOf(e.getMessage()));
    }

    private void adopt(int i, Way way, Link link) {
        Held before = held;
        if (before != null) {
            retired.add(new Retired(before.generation(), before.link(), time.ticks()));
        }
        index = i;
        failing = false;
        proven = false;
        generation++;
        probeAt = time.ticks() + probeDelay().toNanos();
        held = new Held(generation, way.name(), link);
        state = new LinkState(way.name(), link.server(), generation, "", "");
        meter.count("mr_link_connects_total", "way", way.name(), 1);
        meter.gauge("mr_link_up", 1);
        LOG.log(Level.INFO, "link over {0} to {1}", way.name(), link.server());
    }

    private Duration probeDelay() {
        Duration base = settings.probeInterval();
        Duration most = base.compareTo(LONGEST_PROBE) > 0 ? base : LONGEST_PROBE;
        return Backoff.doubling(base, most).plain(failedReturns);
    }

    private void watch(Held now) throws InterruptedException {
        Optional<Signal> signal = signals.poll(LOOK);
        if (signal.isPresent()) {
            on(signal.get());
        }
        closeRetired();
        if (now.link().state() != Link.State.CONNECTED) {
            drop(now, "is lost");
        } else if (failing && time.ticks() - failingSince >= patience().toNanos()) {
            if (index == 0) {
                avoidFirst = true;
                failedReturns = proven ? 0 : failedReturns + 1;
            }
            drop(now, "does not work");
        } else if (index > 0 && time.ticks() - probeAt >= 0) {
            probe();
        }
    }

    /** With no other way a link that does not work is given more time: a new one would not do better. */
    private Duration patience() {
        Duration least = ways.size() > 1 ? settings.failoverAfter() : Duration.ofMinutes(1);
        return settings.failoverAfter().compareTo(least) > 0 ? settings.failoverAfter() : least;
    }

    private void probe() throws InterruptedException {
        probeAt = time.ticks() + probeDelay().toNanos();
        for (int i = 0; i < index; i++) {
            if (connect(i)) {
                return;
            }
        }
    }

    private void on(Signal signal) {
        if (signal.kind() == Kind.RELEASED) {
            for (Retired r : List.copyOf(retired)) {
                if (r.generation() <= signal.generation()) {
                    r.link().close();
                    retired.remove(r);
                }
            }
        } else if (signal.generation() == generation) {
            boolean bad = signal.kind() == Kind.FAILED;
            if (bad && !failing) {
                failingSince = time.ticks();
            }
            failing = bad;
            if (!bad) {
                proven = true;
                failedReturns = index == 0 ? 0 : failedReturns;
            }
        }
    }

    private void closeRetired() {
        for (Retired r : List.copyOf(retired)) {
            if (time.ticks() - r.since() >= GRACE.toNanos()) {
                r.link().close();
                retired.remove(r);
            }
        }
    }

    private void drop(Held now, String why) {
        LOG.log(Level.WARNING, "link over {0} to {1} {2}", now.way(), now.link().server(), why);
        held = null;
        LinkState s = state;
        state = new LinkState("none", "", s.changes(), s.lastCode(), s.lastMessage());
        meter.gauge("mr_link_up", 0);
        now.link().close();
        downSince = time.ticks();
    }

    private enum Kind {
        WORKED,
        FAILED,
        RELEASED
    }

    private record Signal(long generation, Kind kind) {}

    private record Retired(long generation, Link link, long since) {}
}
