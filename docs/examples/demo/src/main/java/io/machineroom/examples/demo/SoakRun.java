package io.machineroom.examples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** One soak over enrolled nodes: load, kills, roll-backs, then the books. One thread does it all. */
final class SoakRun {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Workshop shop;
    private final Saas saas;
    private final List<Node> nodes;
    private final SoakPlan plan;
    private final PrintStream out;
    private final Random dice;
    private final Havoc havoc;
    private final List<Duration> rollBacks;
    private long began = System.nanoTime();
    private Duration told = Duration.ZERO;
    private long acceptedThen;
    private long stored;

    SoakRun(Workshop shop, Saas saas, List<Node> nodes, SoakPlan plan, PrintStream out) {
        this.shop = shop;
        this.saas = saas;
        this.nodes = List.copyOf(nodes);
        this.plan = plan;
        this.out = out;
        this.dice = new Random(plan.seed());
        this.havoc = new Havoc(saas, nodes, dice, shop.directory().resolve("broker-past"));
        this.rollBacks = new ArrayList<>(plan.rollBacks());
    }

    SoakReport play() throws Exception {
        for (Node node : nodes) {
            Submitters.write(node, plan.submitters(), plan.beat());
            Workshop.await(node.name() + " submits", SOON, () -> node.accepted() > 0);
        }
        began = System.nanoTime();
        while (true) {
            Duration next = elapsed().plus(pause());
            if (next.compareTo(plan.length()) >= 0) {
                passTime(plan.length());
                return settle();
            }
            passTime(next);
            havoc.strike();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private Duration pause() {
        long range = plan.longest().minus(plan.shortest()).toMillis();
        return plan.shortest().plusMillis(dice.nextLong(range));
    }

    /** Does what is due until then. */
    private void passTime(Duration until) throws Exception {
        while (elapsed().compareTo(until) < 0) {
            havoc.look();
            Duration now = elapsed();
            if (!rollBacks.isEmpty() && now.compareTo(rollBacks.getFirst().minus(plan.age())) >= 0) {
                rollBack(now);
            }
            if (now.minus(told).compareTo(TOLD_EVERY) >= 0) {
                tell(now);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void rollBack(Duration now) throws Exception {
        if (havoc.remember() && now.compareTo(rollBacks.getFirst()) >= 0) {
            rollBacks.removeFirst();
            Duration forgotten = havoc.rollBack();
            out.printf(Locale.ROOT, "%6d s  the broker has forgotten %d s%n", now.toSeconds(), forgotten.toSeconds());
        }
    }

    private void tell(Duration now) throws Exception {
        long accepted = 0;
        long waiting = 0;
        for (Node node : nodes) {
            accepted += node.accepted();
            waiting += Math.max(0, node.waiting());
        }
        boolean fresh = readLedger();
        Map<Victim, Integer> kills = havoc.kills();
        out.printf(
                Locale.ROOT,
                "%6d s  kills: %d agent, %d backplane, %d nats-server; accepted %,d (%,d/s), at the SaaS %,d%s, waiting %,d%n",
                now.toSeconds(),
                kills.get(Victim.AGENT),
                kills.get(Victim.BACKPLANE),
                kills.get(Victim.NATS),
                accepted,
                (accepted - acceptedThen) * 1_000 / Math.max(1, now.minus(told).toMillis()),
                stored,
                fresh ? "" : " at last sight",
                waiting);
        acceptedThen = accepted;
        told = now;
    }

    /** Whether the backplane answered; it is killed all the time. */
    private boolean readLedger() throws IOException, InterruptedException {
        if (!saas.isUp()) {
            return false;
        }
        try {
            stored = Ledger.of(saas.ledger()).stored();
            return true;
        } catch (StoryFailed down) {
            out.println("          the ledger could not be read just now: "
                    + down.toString().lines().findFirst().orElse(""));
            return false;
        }
    }

    private SoakReport settle() throws Exception {
        long start = System.nanoTime();
        havoc.awaitAllBack();
        for (Node node : nodes) {
            node.silence();
        }
        Duration patience = SOON.plus(plan.length().dividedBy(4));
        for (Node node : nodes) {
            Workshop.await(
                    "all events of " + node.name() + " are stored",
                    patience,
                    () -> node.waiting() >= 0 && node.waiting() < 20);
        }
        for (Node node : nodes) {
            if (!node.stop() || node.exitCode() != 0) {
                throw new StoryFailed(node.name() + " did not stop well: exit code " + node.exitCode());
            }
        }
        Duration drained = Duration.ofNanos(System.nanoTime() - start);
        List<String> accepted = new ArrayList<>();
        List<String> planned = new ArrayList<>();
        for (Node node : nodes) {
            accepted.addAll(node.lines(".accepted"));
            planned.addAll(node.lines(".planned"));
        }
        Path events = saas.everything();
        Books books = Books.compare(shop, events, accepted, planned);
        return new SoakReport(
                plan,
                nodes.size(),
                books,
                Ledger.of(saas.ledger()),
                VendorBooks.compare(shop, saas, events),
                havoc.kills(),
                havoc.rollBacks(),
                havoc.longest(),
                drained);
    }
}
