package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimForeign;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A simulated server with a bucket of elections, and members. */
final class ElectionWorld {
    final SimTasks tasks;
    final SimForeign server;
    final SimMeter meter = new SimMeter();
    final List<Member> members = new ArrayList<>();

    ElectionWorld(long seed) {
        tasks = new SimTasks(seed);
        server = new SimForeign(tasks);
    }

    static ElectionWorld with(Duration timeToLive) {
        ElectionWorld world = new ElectionWorld(1);
        world.server.makeBucket(BucketSpec.ELECTIONS, timeToLive);
        return world;
    }

    Bucket bucket() {
        return server.bucketBehind(BucketSpec.ELECTIONS);
    }

    /** A member and what it was told. */
    final class Member implements ElectionEar {
        final Election election;
        final List<String> told = new ArrayList<>();
        int wins;
        int losses;
        Optional<PortException> failure = Optional.empty();
        Tasks.Task task = tasks.fork("none", () -> {});

        Member(ElectionPlan plan, ElectionPorts ports, Function<Duration, ElectionRules> ruling) {
            election = new Election(plan, ports, this, ruling);
        }

        Member start() {
            task = tasks.fork("member", () -> {
                try {
                    election.run();
                } catch (PortException e) {
                    failure = Optional.of(e);
                }
            });
            return this;
        }

        @Override
        public void won() {
            wins++;
            told.add("won at " + millis());
        }

        @Override
        public void lost() {
            losses++;
            told.add("lost at " + millis() + (hasKey() ? " with the key" : ""));
        }
    }

    private boolean hasKey() {
        try {
            return bucket().get("boss").isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError("looking behind does not wait", e);
        }
    }

    long millis() {
        return tasks.time().ticks() / 1_000_000;
    }

    ElectionPorts ports(ElectionPorts.Supply buckets) {
        return new ElectionPorts(tasks, tasks.time(), tasks.entropy(), meter, buckets);
    }

    Member member(String key, String name) {
        return member(new ElectionPlan(key, name, Optional.empty(), false, "choria_", java.util.Map.of()));
    }

    Member member(ElectionPlan plan) {
        return member(plan, this::bucket);
    }

    Member member(ElectionPlan plan, ElectionPorts.Supply buckets) {
        Member member = new Member(plan, ports(buckets), timeToLive -> ElectionRules.of(timeToLive, plan.policy()));
        members.add(member);
        return member;
    }

    long leaders(List<Member> of) {
        return of.stream().filter(m -> m.election.leading()).count();
    }

    void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 60_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            tasks.advance(Duration.ofMillis(10));
        }
        throw new AssertionError("not within ten minutes");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
