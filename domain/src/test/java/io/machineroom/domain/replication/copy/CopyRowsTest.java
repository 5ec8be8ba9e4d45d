package io.machineroom.domain.replication.copy;

import static io.machineroom.domain.replication.copy.ReplicaWorld.WORKER;
import static io.machineroom.domain.replication.copy.ReplicaWorld.upTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan.StartAt;
import io.machineroom.ports.sim.SimYaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** More rows SRC-*, TGT-*, MAP-* and HB-* of the behaviours of streams, on simulated servers. */
final class CopyRowsTest {
    private static final String BY_TARGET = WORKER + "name: TR\nfilter_subject: TEST\ntarget_initiated: true\n";

    @Test
    void src02TheWholeStreamArrivesWithinASecondUnderTheNewSubject() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        Replicator replicator = world.start(WORKER);
        world.tasks.advance(Duration.ofSeconds(1));
        assertEquals(upTo(1_000), world.numbers());
        assertTrue(world.held().stream().allMatch(r -> r.message().subject().equals("copy.x.TEST")));
        assertEquals(1_000, replicator.states().getFirst().sequence());
    }

    @Test
    void src04EachStartPolicyBeginsWhereItSays() throws InterruptedException {
        Instant at = Instant.parse("2026-01-01T10:00:00Z");
        assertEquals(new StartAt.New(), policy("start_at_end: true\nstart_sequence: 3\n", at));
        assertEquals(new StartAt.Number(3), policy("start_sequence: 3\nstart_delta: 1h\n", at));
        assertEquals(
                new StartAt.Time(at.minus(Duration.ofHours(1))),
                policy("start_delta: 1h\nstart_time: 2026-01-01T00:00:00Z\n", at));
        assertEquals(
                new StartAt.Time(Instant.parse("2026-01-01T00:00:00Z")),
                policy("start_time: 2026-01-01T00:00:00Z\n", at));
        assertEquals(new StartAt.All(), policy("", at));
        ReplicaWorld world = ReplicaWorld.with(10);
        world.start(WORKER + "start_at_end: true\n");
        world.tasks.advance(Duration.ofSeconds(2));
        world.publish(11, 12);
        world.copied(2);
        assertEquals(List.of(11L, 12L), world.numbers());
    }

    private static StartAt policy(String lines, Instant now) {
        return ReplicaWorld.job(WORKER + lines).start().at(now);
    }

    @Test
    void src04ASecondProcessGoesOnBehindTheFirst() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        Replicator first = world.start(ReplicaWorld.config(WORKER), Optional.empty());
        world.copied(1_000);
        world.stop(first);
        world.publish(1_001, 1_100);
        world.start(ReplicaWorld.config(WORKER + "start_sequence: 1\n"), Optional.empty());
        world.copied(1_100);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(upTo(1_100), world.numbers(), "a consumer that exists is not changed by the settings");
    }

    @Test
    void src07AForceFieldIsCopiedWithTheFirstOfEachSender() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(100);
        world.source.publish("TEST", "{\"sender\":\"host1\",\"now\":false}");
        world.source.publish("TEST", "{\"sender\":\"host1\"}");
        world.source.publish("TEST", "{\"nobody\":1}");
        Replicator replicator = world.start(
                WORKER + "inspect_field: sender\ninspect_force_field: now\ninspect_duration: 1h\nwarn_duration: 30m\n");
        world.until(() -> replicator.states().getFirst().sequence() == 103);
        assertEquals(12, world.held().size());
        assertEquals(List.of(101L, 103L), world.numbers().subList(10, 12));
    }

    @Test
    void src08AMemberAloneLeadsAndCopies() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        world.source.makeBucket(BucketSpec.ELECTIONS, Duration.ofSeconds(2));
        Replicator replicator = world.start(WORKER + "leader_election_name: ginkgo\n");
        assertEquals(0, replicator.states().getFirst().copied());
        world.tasks.advance(Duration.ofMinutes(1));
        assertEquals("copying", replicator.states().getFirst().phase());
        assertEquals(upTo(1_000), world.numbers());
        assertTrue(
                world.source
                        .bucketBehind(BucketSpec.ELECTIONS)
                        .get("SR_GINKGO_TEST")
                        .isPresent(),
                "the key is named by consumer and stream");
    }

    @Test
    void tgt02AProcessThatStartsAgainGoesOnBehindTheLastOfTheTarget() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        Replicator first = world.start(ReplicaWorld.config(BY_TARGET), Optional.empty());
        world.copied(1_000);
        world.stop(first);
        world.publish(1_001, 2_000);
        // without a consumer, a checkpoint or the target's memory of ids: the header alone tells
        world.source.deleteConsumer("TEST", "SR_TR");
        world.tasks.advance(Duration.ofMinutes(5));
        Replicator second = world.start(ReplicaWorld.config(BY_TARGET), Optional.empty());
        world.copied(2_000);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(upTo(2_000), world.numbers());
        assertEquals(2_000, second.states().getFirst().sequence());
    }

    @Test
    void tgt04TheWholeStreamArrivesAsTheTargetWantsIt() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        assertTrue(ReplicaWorld.job(BY_TARGET).mode().targetInitiated());
        world.start(BY_TARGET);
        world.copied(1_000);
        assertEquals("copy.x.TEST", world.held().getFirst().message().subject());
        assertEquals(upTo(1_000), world.numbers());
    }

    @Test
    void map11TheHeaderTellsStreamNumberReplicatorWorkerAndTime() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(3);
        long stored = world.source.held("TEST").get(2).stored().toEpochMilli();
        world.start(WORKER + "name: PARTITION1\n");
        world.copied(3);
        assertEquals(
                List.of("TEST 3 GINKGO PARTITION1 " + stored),
                world.held().getLast().message().headers().get("Choria-SR-Source"));
    }

    @Test
    void map11AHeaderOfAnEarlierHopStaysInFront() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        String earlier = "REGISTRATION 10631 customer_one REGISTRATION 1673433286805";
        world.source.publish(new CopyMessage("TEST", Map.of("Choria-SR-Source", List.of(earlier)), new byte[] {1}));
        world.start(WORKER);
        world.copied(1);
        List<String> both = world.held().getFirst().message().headers().get("Choria-SR-Source");
        assertEquals(2, both.size());
        assertEquals(earlier, both.getFirst());
        assertTrue(both.getLast().startsWith("TEST 1 GINKGO GINKGO "), both.getLast());
    }

    @Test
    void map14WhatIsStoredIsSettledAndNeverAskedForAgain() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(500);
        Replicator first = world.start(ReplicaWorld.config(WORKER), Optional.empty());
        world.copied(500);
        world.stop(first);
        // a second process knows nothing but what the consumer was told
        world.tasks.advance(Duration.ofMinutes(10));
        Replicator second = world.start(ReplicaWorld.config(WORKER), Optional.empty());
        world.publish(501, 501);
        world.copied(501);
        assertEquals(1, second.states().getFirst().copied());
    }

    @Test
    void map17APurgeOfAKeyIsCopiedWithItsRollUp() throws InterruptedException {
        ReplicaWorld world = new ReplicaWorld();
        world.source.makeStream("TEST", "$KV.CONFIG.>");
        world.target.makeStream("TEST_COPY", "$KV.CONFIG.>");
        world.source.publish(new CopyMessage(
                "$KV.CONFIG.machines",
                Map.of("KV-Operation", List.of("PURGE"), "Nats-Rollup", List.of("sub")),
                new byte[0]));
        world.start("target_stream: TEST_COPY\n");
        world.copied(1);
        CopyMessage marker = world.held().getFirst().message();
        assertEquals("PURGE", marker.header("KV-Operation").orElseThrow());
        assertEquals("sub", marker.header("Nats-Rollup").orElseThrow());
    }

    @Test
    void hb04HeadersOfTheTopAndOfASubjectGoTogetherAndTheSubjectsWin() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        world.target.makeStream("BEATS", "heartbeat");
        String yaml = """
                name: GINKGO
                heartbeats:
                  url: target
                  interval: 500ms
                  headers: {test1: value1, both: top}
                  subjects:
                    - {subject: heartbeat, headers: {test2: value2, both: subject}}
                """;
        var reading = io.machineroom.domain.replication.config.ConfigReader.read(
                new SimYaml().read(yaml.getBytes(StandardCharsets.UTF_8)), Path.of("/etc"));
        assertEquals(List.of(), reading.faults());
        world.start(reading.config(), Optional.empty());
        world.until(() -> !world.target.held("BEATS").isEmpty());
        CopyMessage beat = world.target.held("BEATS").getFirst().message();
        assertEquals("value1", beat.header("test1").orElseThrow());
        assertEquals("value2", beat.header("test2").orElseThrow());
        assertEquals("subject", beat.header("both").orElseThrow());
        assertEquals("test_host", beat.header("Choria-SR-Originator").orElseThrow());
        assertEquals("heartbeat", beat.header("Choria-SR-Subject").orElseThrow());
        assertFalse(beat.header("Nats-Msg-Id").isPresent(), "each beat is one of its own");
    }
}
