package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.orchestration.ElectionWorld.Member;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.sim.SimNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ELE-04: whatever is done to the key, the lines and the processes, no two members lead at once. */
final class ElectionUnderAttackTest {
    private static final Duration TIME_TO_LIVE = Duration.ofMillis(750);
    /** Ten members that fight for minutes have a lot to tell. */
    private static final Logger TALK = Logger.getLogger(Election.class.getName());

    @BeforeAll
    static void quiet() {
        TALK.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TALK.setLevel(null);
    }

    /** Many members on hosts of their own; everybody looks after each step that one leads at most. */
    private static final class Siege {
        final ElectionWorld world;
        final List<SimNode> hosts = new ArrayList<>();
        final List<RoughBucket> lines = new ArrayList<>();
        final List<Member> main = new ArrayList<>();
        final List<Member> other = new ArrayList<>();
        long most;

        Siege(long seed) {
            world = new ElectionWorld(seed);
            world.server.makeBucket(BucketSpec.ELECTIONS, TIME_TO_LIVE);
            world.tasks.afterEachStep(() -> {
                most = Math.max(most, world.leaders(main));
                if (most > 1) {
                    throw new AssertionError("two lead at " + world.millis());
                }
            });
        }

        Siege members(int count, String key, Function<Duration, ElectionRules> ruling, int slowest) {
            for (int i = 0; i < count; i++) {
                SimNode host = world.tasks.node(key + i);
                RoughBucket line = new RoughBucket(world.bucket(), host, world.tasks.entropy(), slowest);
                ElectionPorts ports =
                        new ElectionPorts(host, world.tasks.time(), world.tasks.entropy(), world.meter, () -> line);
                ElectionPlan plan = new ElectionPlan(key, key + i, Optional.empty(), false, "choria_", Map.of());
                Member member = world.new Member(plan, ports, ruling);
                host.fork("member", () -> lives(member));
                if (key.equals("election")) {
                    hosts.add(host);
                    lines.add(line);
                    main.add(member);
                } else {
                    other.add(member);
                }
            }
            return this;
        }

        private static void lives(Member member) throws InterruptedException {
            while (true) {
                try {
                    member.election.run();
                    return;
                } catch (PortException.Unavailable e) {
                    member.failure = Optional.of(e);
                }
            }
        }

        /** Two of three times the key is overwritten with nothing, every third time it is removed. */
        int disturb(Duration length) throws InterruptedException {
            int disturbed = 0;
            for (long end = world.millis() + length.toMillis(); world.millis() < end; ) {
                world.tasks.advance(Duration.ofMillis(100));
                if (world.leaders(main) > 0) {
                    disturbed++;
                    if (disturbed % 3 == 0) {
                        world.bucket().delete("election");
                    } else {
                        world.bucket().put("election", new byte[0]);
                    }
                }
            }
            return disturbed;
        }

        /** Removals only, at any time, with hosts that are stopped and lines that are cut meanwhile. */
        void ravage(Duration length) throws InterruptedException {
            var chance = world.tasks.entropy();
            for (long end = world.millis() + length.toMillis(); world.millis() < end; ) {
                world.tasks.advance(Duration.ofMillis(20 + chance.below(200)));
                int victim = (int) chance.below(hosts.size());
                switch ((int) chance.below(8)) {
                    case 0 -> world.bucket().delete("election");
                    case 1 -> hosts.get(victim).pause();
                    case 2 -> lines.get(victim).cut(true);
                    case 3 -> world.bucket().put("election", new byte[0]);
                    default -> {
                        hosts.get(victim).resume();
                        lines.get(victim).cut(false);
                    }
                }
            }
        }

        int wins() {
            return main.stream().mapToInt(m -> m.wins).sum();
        }

        int losses() {
            return main.stream().mapToInt(m -> m.losses).sum();
        }
    }

    private static ElectionRules rules(Duration timeToLive) {
        return ElectionRules.unchecked(timeToLive, Optional.empty());
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void ele04TenMembersUnderAttack(long seed) throws InterruptedException {
        Siege siege = new Siege(seed)
                .members(10, "election", ElectionUnderAttackTest::rules, 10)
                .members(2, "other", ElectionUnderAttackTest::rules, 10);
        int disturbed = siege.disturb(Duration.ofSeconds(60));
        assertTrue(disturbed >= 4, "disturbed " + disturbed);
        assertTrue(siege.wins() >= 4, "wins " + siege.wins());
        assertTrue(siege.losses() >= 4, "losses " + siege.losses());
        assertEquals(1, siege.most);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void ele04PausesPartitionsAndLostAnswers(long seed) throws InterruptedException {
        Siege siege = new Siege(seed).members(10, "election", ElectionUnderAttackTest::rules, 60);
        siege.ravage(Duration.ofMinutes(3));
        assertTrue(siege.wins() >= 4, "wins " + siege.wins());
        assertEquals(1, siege.most);
    }

    @Test
    void ele04AnotherKeyIsLeftAlone() throws InterruptedException {
        ElectionWorld world = new ElectionWorld(7);
        world.server.makeBucket(BucketSpec.ELECTIONS, TIME_TO_LIVE);
        List<Member> other = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            ElectionPlan plan = new ElectionPlan("other", name, Optional.empty(), false, "choria_", Map.of());
            other.add(world.new Member(plan, world.ports(world::bucket), ElectionUnderAttackTest::rules).start());
        }
        for (int i = 0; i < 100; i++) {
            world.tasks.advance(Duration.ofMillis(100));
            world.bucket().put("election", new byte[0]);
            world.bucket().delete("election");
        }
        assertEquals(1, other.stream().mapToInt(m -> m.wins).sum());
        assertEquals(0, other.stream().mapToInt(m -> m.losses).sum());
    }

    /** The check can fail: members that lead on without confirmation, and winners that do not wait for them. */
    @Test
    void catchesMembersThatTrustTheirKeyTooLong() {
        Function<Duration, ElectionRules> hasty = t -> new ElectionRules(
                t,
                t.multipliedBy(3).dividedBy(4),
                Optional.empty(),
                t.dividedBy(10).multipliedBy(9));
        Function<Duration, ElectionRules> trusting =
                t -> new ElectionRules(t, t.multipliedBy(3).dividedBy(4), Optional.empty(), t.multipliedBy(3));
        AssertionError error = assertThrows(AssertionError.class, () -> {
            for (long seed = 1; seed <= 20; seed++) {
                Siege siege = new Siege(seed).members(5, "election", hasty, 60).members(5, "election", trusting, 60);
                siege.ravage(Duration.ofMinutes(3));
            }
        });
        assertTrue(String.valueOf(error.getMessage()).contains("two lead"), error.getMessage());
    }
}
