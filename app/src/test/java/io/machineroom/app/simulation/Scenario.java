package io.machineroom.app.simulation;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimEntropy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The life of one world: it begins, works, suffers, is left in peace, and is judged. */
final class Scenario {
    private static final Duration PEACE = Duration.ofMinutes(90);

    private final long seed;
    private final Plan plan;
    private final SimWorld world;
    private final Vendor vendor;
    private final Reported reported;
    private final Checks checks;
    private final Chaos chaos;
    private final SimEntropy chance;
    private boolean working = true;
    private long said;

    /**
     * How long and how hard.
     *
     * @param nodes how many
     * @param hours how long they suffer
     * @param events what the vendor's code publishes per node and hour
     * @param faults per node and hour
     * @param sites how many; each has as many followers as there are nodes for it
     * @param places how many of the nodes of a site lead it, 1 or 3
     */
    record Plan(int nodes, double hours, int events, double faults, int sites, int places) {
        Plan(int nodes, double hours, int events, double faults, int sites) {
            this(nodes, hours, events, faults, sites, 1);
        }

        Plan(int nodes, double hours, int events, double faults) {
            this(nodes, hours, events, faults, 0);
        }

        /** Nodes on their own. */
        static Plan standard() {
            return new Plan(3, 2, 60, 1);
        }

        /** With a leader and two followers beside a node on its own, or with two sites of a leader and a follower each. */
        static Plan site(long seed) {
            return new Plan(4, 2, 60, 1, (seed & 2) == 0 ? 1 : 2);
        }

        /** With a leader, its two standbys and two followers. */
        static Plan standbys() {
            return new Plan(5, 2, 60, 1, 1, 3);
        }

        /** What can go wrong in it. */
        List<Fault> deck() {
            return places > 1 ? Fault.withStandbys() : Fault.of(sites > 0);
        }

        Plan withFaults(double perNodeAndHour) {
            return new Plan(nodes, hours, events, perNodeAndHour, sites, places);
        }

        long faultsOfAWorld() {
            return Math.round(faults * hours * nodes);
        }

        /** How {@code bin/simulate} is told of it. */
        private String options() {
            return (sites == 0 ? "" : places > 1 ? " --standbys" : " --sites")
                    + (faults == 1 || faults == 0 ? "" : " --faults " + faults);
        }

        /** Followers of each site. */
        private int followers() {
            return sites == 1 && places == 1 ? nodes - 2 : nodes / sites - places;
        }
    }

    /** How it went; {@code broken} is null when all invariants held. */
    record Result(
            long seed,
            String history,
            double nodeHours,
            long accepted,
            long stored,
            long destroyed,
            long damaged,
            long steps,
            Map<Fault, Long> faults,
            Map<Fault, Long> recovered,
            Map<String, Long> seen,
            List<String> story,
            String options,
            @Nullable Throwable broken) {
        Optional<Throwable> failure() {
            return Optional.ofNullable(broken);
        }

        /** One line; with the command that shows it again when it broke. */
        String line() {
            String how = failure()
                    .map(e -> e + "  -- replay: bin/simulate" + options + " --seed " + seed)
                    .orElse("held");
            return String.format(
                    Locale.ROOT,
                    "seed %d history %s %.1f node-hours, %d events, %d faults: %s",
                    seed,
                    history,
                    nodeHours,
                    stored,
                    faults.values().stream().mapToLong(Long::longValue).sum(),
                    how);
        }
    }

    Scenario(long seed, Plan plan) {
        this.seed = seed;
        this.plan = plan;
        this.world = new SimWorld(seed);
        this.vendor = new Vendor(world);
        this.reported = new Reported(world.codecs().formats());
        world.onStored(entry -> reported.look(entry, world.now()));
        this.checks = new Checks(world, vendor, reported);
        this.chaos = new Chaos(world, vendor, plan);
        this.chance = new SimEntropy(seed ^ 0x5CE4A210L);
    }

    SimWorld world() {
        return world;
    }

    Chaos chaos() {
        return chaos;
    }

    Vendor vendor() {
        return vendor;
    }

    Checks checks() {
        return checks;
    }

    /** All of it. */
    Result run() {
        Throwable broken = null;
        try {
            begin();
            suffer();
            peace();
            judge();
        } catch (AssertionError | RuntimeException e) {
            broken = e;
        }
        return result(broken);
    }

    void begin() {
        world.saas().start();
        world.live(Duration.ofSeconds(5));
        int alone = plan.nodes();
        for (int site = 1; site <= plan.sites(); site++) {
            List<String> identities = new ArrayList<>(List.of("lead" + site));
            for (int i = 2; i <= plan.places(); i++) {
                identities.add("lead" + site + "-" + i);
            }
            for (int i = 1; i <= plan.followers(); i++) {
                identities.add("f" + site + "-" + i);
            }
            if (plan.places() > 1) {
                world.map().siteWithStandbys("site" + site, identities, Machines.OPERATORS);
            } else {
                world.map().site("site" + site, identities, Machines.OPERATORS);
            }
            alone -= identities.size();
        }
        for (int i = 1; i <= alone; i++) {
            world.node("n" + i, Machines.OPERATORS);
        }
        world.live(Duration.ofSeconds(plan.sites() == 0 ? 30 : 90));
        talk();
        inspect();
    }

    private void talk() {
        for (NodeBox node : world.nodes()) {
            if (working && node.say("reading", Value.obj("n", Value.num(said)))) {
                said++;
            }
        }
        long mean = 3_600_000L / plan.events();
        world.later(Duration.ofMillis(mean / 2 + chance.below(mean)), "talk", this::talk);
    }

    private void inspect() {
        checks.look();
        chaos.look();
        world.later(Duration.ofMinutes(5), "inspect", this::inspect);
    }

    private void suffer() {
        long total = (long) (plan.hours() * 3_600_000);
        Vendor.Version[] order = {
            Vendor.Version.ONE,
            chance.below(4) == 0 ? Vendor.Version.BAD : Vendor.Version.TWO,
            chance.below(4) == 0 ? Vendor.Version.TWO : Vendor.Version.ONE
        };
        for (int i = 0; i < order.length; i++) {
            Vendor.Version version = order[i];
            world.later(Duration.ofMillis(total * i / order.length + chance.below(total / 4)), "publish", () -> {
                world.log("the vendor wants " + version);
                vendor.publish(version);
            });
        }
        long faults = Math.round(plan.faults() * plan.hours() * plan.nodes());
        for (long i = 0; i < faults; i++) {
            world.later(Duration.ofMillis(chance.below(total)), "fault", () -> {
                chaos.strike();
                checks.look();
            });
        }
        world.live(Duration.ofMillis(total));
    }

    private void peace() {
        world.log("peace");
        chaos.heal();
        long end = world.now() + PEACE.toNanos();
        world.live(Duration.ofMinutes(4));
        chaos.heal();
        while (world.now() < end) {
            world.live(Duration.ofMinutes(1));
            chaos.heal();
            if (world.now() > end - PEACE.toNanos() / 2) {
                working = false;
            }
            if (checks.unrest().isEmpty()) {
                chaos.look();
                return;
            }
        }
        checks.unrest().ifPresent(broken -> {
            throw broken;
        });
    }

    void judge() {
        checks.look();
        checks.ledger();
        // who asked was told of a port's refusal; anything else is nobody's plan
        for (Throwable failure : world.sim().failures()) {
            if (!(failure instanceof PortException)) {
                throw new AssertionError(Invariant.NO_FAULT + ": a task failed", failure);
            }
        }
    }

    private Result result(@Nullable Throwable broken) {
        Truth truth = world.truth();
        Map<String, Long> seen = new TreeMap<>(reported.kinds());
        seen.put("hung", world.hangs());
        seen.put("censored", world.censor().looks());
        seen.put("inspections", checks.looks());
        seen.putAll(checks.sites().seen());
        seen.put("turned away", world.accounts().turnedAway());
        reported.codes().forEach((code, count) -> seen.put("told " + code, count));
        world.exits().forEach((code, count) -> seen.put("exit " + code, count));
        return new Result(
                seed,
                world.sim().history(),
                world.now() / 3.6e12 * plan.nodes(),
                truth.accepted(),
                truth.stored(),
                truth.destroyed(),
                truth.damaged(),
                world.sim().steps(),
                chaos.begun(),
                chaos.recovered(),
                seen,
                world.story(),
                plan.options(),
                broken);
    }
}
