package io.machineroom.app.simulation;

import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimProcesses;
import io.machineroom.ports.sim.SimStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Watches how many nodes do at once what a governor limits. Who does it says so every second, so that a killed or stopped
 * process counts for nothing. One that was stopped for longer than a slot lives has a moment to notice when it goes on.
 */
final class LimitWatch {
    static final int SLOTS = 2;

    private static final String GOVERNOR = "LIMITED";
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofSeconds(15);

    private final SimWorld world;
    private Supplier<SimStreams> where = () -> {
        throw new IllegalStateException("no governor was made");
    };

    private final List<Run> runs = new ArrayList<>();
    private int most;
    private long all;
    private long ended;

    LimitWatch(SimWorld world) {
        this.world = world;
    }

    private final class Run {
        private final String node;
        private long beat = world.now();
        private long woke = Long.MIN_VALUE / 2;

        Run(String node) {
            this.node = node;
        }

        void beat() {
            if (isSilent()) {
                woke = world.now();
            }
            beat = world.now();
        }

        boolean isSilent() {
            return world.now() - beat > SILENCE.toNanos();
        }

        boolean counts() {
            return !isSilent() && world.now() - woke > MOMENT.toNanos();
        }
    }

    /** A machine that does it every few minutes; {@code governed} as it should. */
    static Map<String, String> machine(boolean governed) {
        return Map.of(
                "limiter", """
                name: limiter
                version: 1.0.0
                initial_state: WORKING
                transitions:
                  - name: stay
                    from: [WORKING]
                    destination: WORKING
                watchers:
                  - name: limited
                    type: exec
                    interval: 2m
                    properties:
                      command: limited
                      timeout: 5m
                """ + (governed ? "      governor: " + GOVERNOR + "\n      governor_timeout: 3m\n" : ""));
    }

    /** The governor at the SaaS. */
    void make() {
        make(() -> world.saas().streams(), 1);
    }

    /** The governor at a site with standbys. */
    void make(SiteHost site) {
        make(site::store, 3);
    }

    private void make(Supplier<SimStreams> at, int replicas) {
        where = at;
        at.get().governors().ensure(new Slots.Rules(GOVERNOR, SLOTS, LIFE, replicas));
    }

    /** What is limited: takes up to three minutes, which is longer than a slot lives. */
    SimProcesses.Program program(NodeBox node, SimNode process) {
        return (command, console) -> {
            Run run = new Run(node.box().name());
            runs.add(run);
            all++;
            look();
            try {
                long seconds = 5 + node.box().entropy().below(175);
                for (long i = 0; i < seconds; i++) {
                    process.sleep(BEAT);
                    run.beat();
                    look();
                }
                ended++;
            } finally {
                runs.remove(run);
            }
            return 0;
        };
    }

    private void look() {
        List<String> working =
                runs.stream().filter(Run::counts).map(run -> run.node).toList();
        most = Math.max(most, working.size());
        if (working.size() > SLOTS) {
            world.alarm()
                    .raise(
                            Invariant.LIMIT_KEPT,
                            working + " do it at once, held are "
                                    + where.get().governors().view(GOVERNOR));
        }
    }

    int most() {
        return most;
    }

    /** How often it was begun. */
    long all() {
        return all;
    }

    /** How often it was done to its end. */
    long ended() {
        return ended;
    }
}
