package io.machineroom.app.simulation;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.sim.SimStreams;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Does what goes wrong at a site: with its line, its leader, its broker. */
final class SiteChaos {
    private static final List<String> SAAS = List.of(Saas.GATE, Saas.BROKER);

    private final SimWorld world;
    private final Vendor vendor;
    private final Entropy chance;

    SiteChaos(SimWorld world, Vendor vendor, Entropy chance) {
        this.world = world;
        this.vendor = vendor;
        this.chance = chance;
    }

    /** Does it to a site that is drawn; returns one of its followers, who must get through again. */
    NodeBox strike(Fault fault) {
        SiteHost site = world.sites().get((int) chance.below(world.sites().size()));
        NodeBox leader = site.leader();
        world.log(fault + " at " + site.name());
        Duration time = Duration.ofSeconds(5 + chance.below(300));
        switch (fault) {
            case LINE_CUT, LINE_CUT_LEADER_KILLED, LINE_CUT_STORE_LOST, LINE_WITHOUT_NATS -> line(fault, leader);
            case LEADER_KILLED -> leader.die(false, time);
            case LEADER_POWER_CUT -> leader.die(true, time);
            case LEADER_CUT_AT_A_WRITE -> {
                leader.dieAtAWrite(1 + (int) chance.below(60), time);
                world.later(Duration.ofMinutes(10), "power stays", leader.box()::keepPower);
            }
            case LEADER_LOST -> {
                leader.replace(time);
                vendor.release(leader.identity());
            }
            case LEADER_REPLACED -> relieve(site);
            case FOLLOWERS_CUT_OFF -> site.followers().forEach(follower -> cutOff(follower, time));
            case CARRIER_GONE,
                    CARRIER_CUT_FROM_SAAS,
                    CARRIER_CUT_FROM_PLACES,
                    CARRIER_STORE_LOST,
                    PLACES_NO_MAJORITY,
                    PLACES_POWER_CUT -> places(fault, site, time);
            default -> broker(fault, leader.doors(), time);
        }
        return site.followers().get((int) chance.below(site.followers().size()));
    }

    /** What is done to the three places of a site. */
    private void places(Fault fault, SiteHost site, Duration time) {
        List<NodeBox> places = site.leadersFirst();
        NodeBox carrier = places.getFirst();
        world.log("of " + site.name() + " " + carrier.identity() + " is struck first");
        switch (fault) {
            case CARRIER_GONE -> carrier.die(true, longer(40));
            case CARRIER_CUT_FROM_SAAS -> apart(carrier, SAAS, longer(40));
            case CARRIER_CUT_FROM_PLACES ->
                apart(
                        carrier,
                        places.stream().skip(1).map(place -> place.box().name()).toList(),
                        longer(20));
            case CARRIER_STORE_LOST -> {
                carrier.die(true, time);
                carrier.doors().loseStore();
            }
            case PLACES_NO_MAJORITY -> {
                carrier.die(chance.below(2) == 0, longer(15));
                places.get(1).die(true, longer(15));
            }
            default -> places.forEach(place -> place.die(true, Duration.ofSeconds(1 + chance.below(60))));
        }
    }

    /** Two minutes and up to that many more. */
    private Duration longer(int minutes) {
        return Duration.ofSeconds(120 + chance.below(60L * minutes));
    }

    private void apart(NodeBox node, List<String> others, Duration time) {
        String name = node.box().name();
        others.forEach(other -> world.network().cut(name, other));
        world.later(
                time, "together", () -> others.forEach(other -> world.network().heal(name, other)));
    }

    /** Long enough that a site must keep what its nodes say. */
    private void line(Fault fault, NodeBox leader) {
        String name = leader.box().name();
        List<String> cut = fault == Fault.LINE_WITHOUT_NATS ? List.of(Saas.BROKER) : SAAS;
        Duration time = Duration.ofMinutes(10 + chance.below(80));
        cut.forEach(server -> world.network().cut(name, server));
        world.later(
                time,
                "heal " + fault,
                () -> cut.forEach(server -> world.network().heal(name, server)));
        Duration meanwhile = Duration.ofSeconds(chance.below(time.toSeconds()));
        if (fault == Fault.LINE_CUT_LEADER_KILLED) {
            world.later(meanwhile, fault + " now", () -> leader.die(chance.below(2) == 0, Duration.ofSeconds(20)));
        } else if (fault == Fault.LINE_CUT_STORE_LOST) {
            world.later(meanwhile, fault + " now", leader.doors()::loseStore);
        }
    }

    /** The one before is gone for good, or goes on in the belief that it leads. */
    private void relieve(SiteHost site) {
        NodeBox before = site.leader();
        if (chance.below(2) == 0) {
            before.scrap();
            world.nodes().remove(before);
        }
        NodeBox fresh = world.map().relieve(site, before, Machines.OPERATORS);
        world.log(fresh.identity() + " is to lead " + site.name() + " instead of " + before.identity());
        vendor.appoint(site.name(), fresh.identity(), before.identity(), fresh::startOnce);
    }

    private void cutOff(NodeBox follower, Duration time) {
        List<String> servers = world.map().servers(follower);
        servers.forEach(server -> world.network().cut(follower.box().name(), server));
        world.later(
                time,
                "heal followers",
                () -> servers.forEach(
                        server -> world.network().heal(follower.box().name(), server)));
    }

    private void broker(Fault fault, SiteDoors doors, Duration time) {
        switch (fault) {
            case SITE_BROKER_DIES -> doors.killBroker();
            case SITE_BROKER_FORGETS -> doors.forget(Duration.ofMinutes(2));
            case SITE_STORE_LOST -> doors.loseStore();
            case SITE_FULL -> {
                SimStreams store = doors.store();
                store.full(true);
                world.later(time, "room again", () -> store.full(false));
            }
            case SITE_REORDERING -> reorder(doors::store, time);
            case SITE_REPEATED_DELIVERY -> repeat(doors::store, time);
            default -> expire(doors::store, time);
        }
    }

    /** Queues hand out in any order for a while. */
    void reorder(Supplier<SimStreams> streams, Duration time) {
        streams.get().shuffled(chance);
        world.later(time, "in order", () -> streams.get().shuffled(null));
    }

    /** Queues hand out again and again for a while. */
    void repeat(Supplier<SimStreams> streams, Duration time) {
        streams.get().ackWait(Duration.ofSeconds(1));
        world.network().loseAnswers(0.3);
        world.later(time, "no repeats", () -> {
            streams.get().ackWait(Duration.ofSeconds(30));
            world.network().loseAnswers(0);
        });
    }

    /** A broker remembers no id for a while. */
    void expire(Supplier<SimStreams> streams, Duration time) {
        streams.get().duplicateWindow(Duration.ZERO);
        world.network().loseAnswers(0.2);
        world.later(time, "window", () -> {
            streams.get().duplicateWindow(Duration.ofMinutes(2));
            world.network().loseAnswers(0);
        });
    }

    /** A broker is as it should be. */
    static void heal(SimStreams streams) {
        streams.full(false)
                .shuffled(null)
                .duplicateWindow(Duration.ofMinutes(2))
                .ackWait(Duration.ofSeconds(30));
    }
}
