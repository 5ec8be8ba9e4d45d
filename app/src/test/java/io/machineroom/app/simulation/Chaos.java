package io.machineroom.app.simulation;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Does what goes wrong, puts it right again, and counts both. */
final class Chaos {
    private final SimWorld world;
    private final Vendor vendor;
    private final Entropy chance;
    private final SiteChaos sites;
    private final List<Fault> deck;
    private final Map<Fault, Long> begun = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> recovered = new EnumMap<>(Fault.class);
    private final List<Open> open = new ArrayList<>();
    private long dealt;
    private int clones;

    /** A fault whose victim has yet to show that it is well: something accepted afterwards reached the SaaS. */
    private record Open(Fault fault, NodeBox victim, long acceptedBefore, long storedBefore) {}

    /**
     * Chaos of a world.
     *
     * @param plan the next world goes on in the deck where this one ends
     */
    Chaos(SimWorld world, Vendor vendor, Scenario.Plan plan) {
        this.vendor = vendor;
        this.world = world;
        this.chance = new SimEntropy(world.seed() ^ 0x0C4A05L);
        this.sites = new SiteChaos(world, vendor, chance);
        this.deck = plan.deck();
        this.dealt = world.seed() * plan.faultsOfAWorld();
    }

    Map<Fault, Long> begun() {
        return begun;
    }

    Map<Fault, Long> recovered() {
        return recovered;
    }

    /** The next fault, for a node that is drawn: worlds with neighbouring seeds deal out all faults between them. */
    void strike() {
        strike(deck.get(Math.floorMod(dealt++, deck.size())));
    }

    void strike(Fault fault) {
        begun.merge(fault, 1L, Long::sum);
        NodeBox victim = fault.ofSites() ? sites.strike(fault) : strikeNode(fault);
        open.add(new Open(
                fault,
                victim,
                world.truth().acceptedOf(victim.box().name()),
                world.truth().storedOf(victim.box().name())));
    }

    private NodeBox strikeNode(Fault fault) {
        NodeBox victim = world.nodes().get((int) chance.below(world.nodes().size()));
        world.log(fault + " at " + victim.box().name());
        Duration time = Duration.ofSeconds(5 + chance.below(300));
        switch (fault) {
            case PARTITION, ONLY_HTTPS, DELAY, LOSS, ANSWERS_LOST -> network(fault, victim, time);
            case REORDERING, REPEATED_DELIVERY, WINDOW_EXPIRED, BROKER_DIES, BROKER_FORGETS -> broker(fault, time);
            case NODE_KILLED, NODE_POWER_CUT, NODE_CUT_AT_A_WRITE, NODE_TORN_WRITE, NODE_PAUSED ->
                node(fault, victim, Duration.ofSeconds(1 + chance.below(120)));
            case SAAS_KILLED, SAAS_POWER_CUT, SAAS_CUT_AT_A_WRITE ->
                saas(fault, Duration.ofSeconds(1 + chance.below(180)));
            case DISK_FULL, DISK_BROKEN, DISK_SLOW -> disk(fault, victim, time);
            case CLOCK_JUMP, CLOCK_DRIFT -> clock(fault, victim);
            case BIT_FLIP, SNAPSHOT_RESTORED, CLONE, RESET, SPOOL_DELETED -> cutOff(fault, victim, time);
            case ARTIFACT_LIES -> {
                SimulatedWeb.Lie[] lies = SimulatedWeb.Lie.values();
                world.web().lie(lies[1 + (int) chance.below(lies.length - 1L)]);
                world.later(time, "honest", () -> world.web().lie(SimulatedWeb.Lie.NONE));
            }
            case PROCESS_HANGS -> {
                victim.processesHang(true);
                world.later(time.plusMinutes(10), "no hang", () -> victim.processesHang(false));
            }
            default -> throw new IllegalArgumentException(fault + " is for sites");
        }
        return victim;
    }

    /** What is done to a spool is done while it holds something. */
    private void cutOff(Fault fault, NodeBox victim, Duration time) {
        List<String> servers = world.map().servers(victim);
        servers.forEach(server -> world.network().cut(victim.box().name(), server));
        world.later(time, fault + " now", () -> {
            operator(fault, victim, time);
            servers.forEach(server -> world.network().heal(victim.box().name(), server));
        });
    }

    private void network(Fault fault, NodeBox victim, Duration time) {
        SimNetwork network = world.network();
        String name = victim.box().name();
        List<String> servers = world.map().servers(victim);
        List<String> brokers = world.map().brokers(victim);
        switch (fault) {
            case PARTITION -> servers.forEach(server -> network.cut(name, server));
            case ONLY_HTTPS -> brokers.forEach(server -> network.cut(name, server));
            case DELAY -> {
                network.delay(Duration.ofMillis(1 + chance.below(3_000)));
                network.jitter(Duration.ofMillis(1 + chance.below(3_000)));
            }
            case LOSS -> network.loseRequests(0.05 + chance.below(40) / 100.0);
            default -> network.loseAnswers(0.05 + chance.below(60) / 100.0);
        }
        world.later(time, "heal " + fault, () -> {
            switch (fault) {
                case PARTITION -> servers.forEach(server -> network.heal(name, server));
                case ONLY_HTTPS -> brokers.forEach(server -> network.heal(name, server));
                case DELAY -> {
                    network.delay(Duration.ZERO);
                    network.jitter(Duration.ZERO);
                }
                case LOSS -> network.loseRequests(0);
                default -> network.loseAnswers(0);
            }
        });
    }

    private void broker(Fault fault, Duration time) {
        Saas saas = world.saas();
        switch (fault) {
            case REORDERING -> sites.reorder(saas::streams, time);
            case REPEATED_DELIVERY -> sites.repeat(saas::streams, time);
            case WINDOW_EXPIRED -> sites.expire(saas::streams, time);
            case BROKER_FORGETS -> {
                saas.killBroker();
                saas.streams().forget(Duration.ofMinutes(2));
            }
            default -> saas.killBroker();
        }
    }

    private void node(Fault fault, NodeBox victim, Duration time) {
        switch (fault) {
            case NODE_KILLED -> victim.die(false, time);
            case NODE_POWER_CUT -> victim.die(true, time);
            case NODE_TORN_WRITE -> {
                victim.die(true, time);
                victim.box().storage().tearTails();
            }
            case NODE_CUT_AT_A_WRITE -> {
                victim.dieAtAWrite(1 + (int) chance.below(30), time);
                world.later(Duration.ofMinutes(10), "power stays", victim.box()::keepPower);
            }
            default -> {
                victim.box().process().pause();
                var paused = victim.box().process();
                world.later(time, "goes on", paused::resume);
            }
        }
    }

    private void saas(Fault fault, Duration time) {
        Saas saas = world.saas();
        switch (fault) {
            case SAAS_KILLED -> saas.die(false, time);
            case SAAS_POWER_CUT -> saas.die(true, time);
            default -> {
                saas.dieAtAWrite(1 + (int) chance.below(20), time);
                world.later(Duration.ofMinutes(10), "power stays", saas.box()::keepPower);
            }
        }
    }

    private void disk(Fault fault, NodeBox victim, Duration time) {
        SimDisk disk = victim.box().disk();
        SimStorage storage = victim.box().storage();
        switch (fault) {
            case BIT_FLIP -> {
                victim.die(true, Duration.ofSeconds(5));
                storage.flipBits(chance.below(Long.MAX_VALUE))
                        .ifPresent(d -> world.truth().damaged(d.stamp()));
                return;
            }
            case DISK_FULL -> {
                storage.fill(true);
                disk.capacity(1);
            }
            case DISK_BROKEN -> disk.broken(true);
            default -> storage.syncTakes(Duration.ofMillis(1 + chance.below(20_000)));
        }
        world.later(time, "disk", () -> mend(victim));
    }

    private static void mend(NodeBox victim) {
        victim.box().storage().fill(false);
        victim.box().storage().syncTakes(Duration.ZERO);
        victim.box().disk().capacity(Long.MAX_VALUE).broken(false);
    }

    private void clock(Fault fault, NodeBox victim) {
        if (fault == Fault.CLOCK_DRIFT) {
            victim.box().clock().drift(chance.below(20_000) - 10_000);
        } else {
            victim.box().clock().jump(Duration.ofDays(chance.below(7_300) - 3_650));
        }
    }

    private void operator(Fault fault, NodeBox victim, Duration time) {
        switch (fault) {
            case BIT_FLIP -> {
                victim.die(true, Duration.ofSeconds(5));
                SimStorage storage = victim.box().storage();
                storage.flipBits(chance.below(Long.MAX_VALUE))
                        .ifPresent(d -> world.truth().damaged(d.stamp()));
            }
            case SNAPSHOT_RESTORED -> {
                Box copy = new Box(world.sim(), victim.box().name());
                copy.disk().becomes(victim.box().disk());
                copy.storage().becomes(victim.box().storage());
                int resets = victim.resets();
                world.later(time, "restore", () -> {
                    // the vendor let go of its key with a reset: what was before is of no use to anybody
                    if (victim.resets() == resets) {
                        restore(victim, copy, time);
                    }
                });
            }
            case CLONE -> {
                clones++;
                NodeBox clone = new NodeBox(world, victim.box().name() + "-clone" + clones, victim.identity());
                clone.box().disk().becomes(victim.box().disk());
                clone.box().storage().becomes(victim.box().storage());
                world.log("clone " + clone.box().name());
                clone.start();
                world.later(time, "no clone", clone::scrap);
            }
            case RESET -> {
                victim.reset();
                vendor.release(victim.identity());
            }
            default -> {
                victim.die(false, Duration.ofSeconds(5));
                world.truth().destroyed(victim.box().name());
                victim.box().storage().delete(victim.spoolDirectory());
            }
        }
    }

    private void restore(NodeBox victim, Box copy, Duration ago) {
        victim.die(true, Duration.ofSeconds(5));
        victim.doors().forget(ago);
        world.truth().destroyed(victim.box().name());
        victim.box().disk().becomes(copy.disk());
        victim.box().storage().becomes(copy.storage());
    }

    /** Everything is well from now on. */
    void heal() {
        world.network().heal();
        world.web().lie(SimulatedWeb.Lie.NONE);
        SiteChaos.heal(world.saas().streams());
        world.sites().forEach(site -> SiteChaos.heal(site.store()));
        world.saas().box().keepPower();
        for (NodeBox node : world.nodes()) {
            node.box().keepPower();
            mend(node);
            node.processesHang(false);
            node.box().clock().correct();
            node.box().process().resume();
        }
    }

    /** Looks whose victims have shown that they are well. */
    void look() {
        open.removeIf(fault -> {
            String name = fault.victim().box().name();
            boolean well = world.truth().acceptedOf(name) > fault.acceptedBefore()
                    && world.truth().storedOf(name) > fault.storedBefore();
            if (well) {
                recovered.merge(fault.fault(), 1L, Long::sum);
            }
            return well;
        });
    }
}
