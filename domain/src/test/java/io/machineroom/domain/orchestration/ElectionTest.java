package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.orchestration.ElectionWorld.Member;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ElectionTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ElectionPlan PLAN =
            new ElectionPlan("boss", "one", Optional.empty(), false, "choria_", Map.of());

    private static ElectionRules rules(Duration timeToLive) {
        return ElectionRules.of(timeToLive, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, bucket.ttl, bucket TTL should be 1 second or more",
        "PT0.999S, bucket.ttl, bucket TTL should be 1 second or more",
        "PT1H0.001S, bucket.ttl, bucket TTL should be less than or equal to 1 hour",
        "PT24H, bucket.ttl, bucket TTL should be less than or equal to 1 hour",
        "PT1S, election.interval, campaign interval 750ms too small",
        "PT3S, election.interval, campaign interval 2.25s is too close to bucket ttl 3s",
    })
    void ele01RefusesABucketThatDoesNotFit(Duration timeToLive, String code, String text) throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(timeToLive);
        Member member = world.member("boss", "one").start();
        world.until(() -> member.failure.isPresent());
        PortException failure = member.failure.orElseThrow();
        assertEquals(code, failure.code());
        assertEquals(text, failure.getMessage());
        assertEquals(Optional.empty(), world.bucket().get("boss"));
    }

    @ParameterizedTest
    @CsvSource({"PT4S", "PT5S", "PT1M", "PT1H"})
    void ele03TakesABucketThatFits(Duration timeToLive) {
        ElectionRules rules = ElectionRules.of(timeToLive, Optional.empty());
        assertEquals(timeToLive.multipliedBy(3).dividedBy(4), rules.interval());
        assertTrue(
                rules.lease().compareTo(rules.interval()) > 0 && rules.lease().compareTo(timeToLive) < 0);
    }

    @Test
    void aPolicyOfItsOwnNeedsNoSecondInReserve() {
        ElectionRules rules = ElectionRules.of(Duration.ofSeconds(2), Optional.of(Backoff.fiveSeconds()));
        assertTrue(rules.lease().compareTo(Duration.ofSeconds(2)) < 0);
        assertEquals(
                "campaign interval 750ms too small",
                assertThrows(
                                PortException.Refused.class,
                                () -> ElectionRules.of(Duration.ofSeconds(1), Optional.of(Backoff.fiveSeconds())))
                        .getMessage());
    }

    @Test
    void aWinIsToldAfterTheFirstRenewalNotBefore() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "node1.example.net").start();
        world.tasks.advance(Duration.ofSeconds(1));
        Bucket.Entry entry = world.bucket().get("boss").orElseThrow();
        assertEquals("node1.example.net", new String(entry.value(), StandardCharsets.UTF_8));
        world.tasks.advance(Duration.ofSeconds(43));
        assertFalse(one.election.leading());
        world.until(() -> one.election.leading());
        assertEquals(1, one.wins);
        // three quarters of the time to live, and what a leader of before may take to notice
        assertTrue(world.millis() >= 45_200 && world.millis() <= 51_000, "told at " + world.millis());
    }

    @Test
    void theFirstCampaignIsSplayed() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        world.member(ElectionPlan.of("boss", "one")).start();
        long last = 0;
        while (world.bucket().get("boss").isEmpty()) {
            world.tasks.advance(Duration.ofMillis(10));
            last = world.millis();
        }
        assertTrue(last > 10 && last <= 5_010, "at " + last);
    }

    @Test
    void aDeadLeaderIsReplacedAfterItsKeyExpired() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        Member two = world.member("boss", "two").start();
        world.tasks.advance(Duration.ofMinutes(5));
        assertTrue(one.election.leading() && !two.election.leading());
        one.task.cancel();
        long dead = world.millis();
        world.until(() -> two.election.leading());
        assertTrue(world.millis() - dead <= 60_000 + 45_000 + 51_000, "after " + (world.millis() - dead));
        assertEquals(1, one.losses);
    }

    @Test
    void streamsW18OnlyTheLeaderGivesItsKeyBack() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        Member two = world.member("boss", "two").start();
        world.tasks.advance(Duration.ofMinutes(2));
        two.election.stop();
        world.until(two.task::done);
        assertTrue(world.bucket().get("boss").isPresent());
        world.tasks.advance(Duration.ofMinutes(2));
        assertTrue(one.election.leading());
        one.election.stop();
        world.until(one.task::done);
        assertEquals(Optional.empty(), world.bucket().get("boss"));
    }

    @Test
    void streamsW18AKeyThatSomebodyElseHasMeanwhileStays() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        world.bucket().put("boss", ElectionWorld.bytes("two"));
        one.election.stop();
        world.until(one.task::done);
        assertEquals("two", new String(world.bucket().get("boss").orElseThrow().value(), StandardCharsets.UTF_8));
    }

    @Test
    void streamsW41TheLossIsToldAtTheStopBeforeTheKeyIsGone() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        one.election.stop();
        one.election.stop();
        world.until(one.task::done);
        assertEquals(1, one.losses);
        assertTrue(one.told.getLast().endsWith("with the key"), one.told.toString());
        assertFalse(one.election.leading());
    }

    @Test
    void streamsW41AStartThatFailedCanBeRepeated() throws InterruptedException {
        ElectionWorld world = new ElectionWorld(1);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.failure.isPresent());
        assertEquals("bucket.missing", one.failure.orElseThrow().code());
        world.bucket().make(BucketSpec.elections());
        one.start();
        world.until(() -> one.election.leading());
    }

    @Test
    void aLeaderWhoseKeyIsTakenLosesAtOnceAtItsNextCampaign() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        world.bucket().delete("boss");
        long evicted = world.millis();
        world.until(() -> one.losses == 1);
        assertTrue(world.millis() - evicted <= 45_100, "after " + (world.millis() - evicted));
        world.until(() -> one.wins == 2);
    }

    @Test
    void aLeaderWithoutAServerStopsLeadingBeforeItsKeyExpires() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        boolean[] away = {false};
        Member one = world
                .new Member(
                        PLAN,
                        world.ports(() -> {
                            if (away[0]) {
                                throw new PortException.Unavailable("bucket.unreachable", "the server is away");
                            }
                            return world.bucket();
                        }),
                        ElectionTest::rules)
                .start();
        world.until(() -> one.election.leading());
        away[0] = true;
        world.until(() -> !one.election.leading());
        assertTrue(world.bucket().get("boss").isPresent());
        away[0] = false;
        world.until(() -> one.wins == 2);
        assertEquals(1, one.losses);
    }

    @Test
    void anAnswerThatNeverComesEndsTheLead() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        boolean[] silent = {false};
        Member one = world
                .new Member(
                        PLAN,
                        world.ports(() -> {
                            if (silent[0]) {
                                world.tasks.sleep(Duration.ofHours(3));
                            }
                            return world.bucket();
                        }),
                        ElectionTest::rules)
                .start();
        world.until(() -> one.election.leading());
        silent[0] = true;
        world.until(() -> one.losses == 1);
        assertTrue(world.bucket().get("boss").isPresent());
    }

    @Test
    void countsUnderTheNamesOfTheOriginal() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        Member one = world.member("boss", "one").start();
        world.until(() -> one.election.leading());
        String labels = "{election=\"boss\",identity=\"one\"}";
        assertEquals(1, world.meter.gauge("choria_election_leader" + labels));
        assertEquals(45, world.meter.gauge("choria_election_interval_seconds" + labels));
        for (String state : List.of("candidate", "leader")) {
            assertEquals(
                    1,
                    world.meter.counter(
                            "choria_election_campaigns{election=\"boss\",identity=\"one\",state=\"" + state + "\"}"));
        }
    }

    @Test
    void aMistakeInACampaignEndsTheLeadAndNotTheMember() throws InterruptedException {
        ElectionWorld world = ElectionWorld.with(MINUTE);
        boolean[] broken = {false};
        Member member = world.member(PLAN, () -> {
            if (broken[0]) {
                throw new IllegalStateException("a mistake");
            }
            return world.bucket();
        });
        member.start();
        world.until(member.election::leading);
        broken[0] = true;
        world.until(() -> !member.election.leading());
        broken[0] = false;
        world.until(member.election::leading);
        assertFalse(member.task.done());
        assertEquals(2, member.wins);
    }
}
