package io.machineroom.domain.replication.copy;

import static io.machineroom.domain.replication.copy.ReplicaWorld.WORKER;
import static io.machineroom.domain.replication.copy.ReplicaWorld.upTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rows SRC-* and TGT-* on simulated servers, and the weaknesses that show there. */
final class CopyBehavioursTest {
    @Test
    void src03CopiesAllUnderTheNewSubject() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        world.start(WORKER);
        world.tasks.advance(Duration.ofSeconds(1));
        assertEquals(upTo(1_000), world.numbers());
        assertEquals("copy.x.TEST", world.held().getFirst().message().subject());
    }

    @Test
    void src05LeavesOutWhatIsTooOld() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        world.tasks.advance(Duration.ofMillis(1_500));
        world.publish(1_001, 1_010);
        Replicator replicator = world.start(WORKER + "max_age: 1s\n");
        world.copied(10);
        world.tasks.advance(Duration.ofSeconds(20));
        assertEquals(10, world.held().size());
        assertEquals(1_010, replicator.states().getFirst().sequence());
    }

    @Test
    void src06CopiesOneOfEachSender() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1_000);
        Replicator replicator =
                world.start(WORKER + "inspect_field: sender\ninspect_duration: 1h\nwarn_duration: 30m\n");
        world.until(() -> replicator.states().getFirst().sequence() == 1_000);
        assertEquals(10, world.held().size());
    }

    @Test
    void w13HeadersAndTokensAreSampledToo() throws InterruptedException {
        for (String by : List.of("inspect_header: sender", "inspect_subject_token: -1")) {
            ReplicaWorld world = ReplicaWorld.with(0);
            for (int i = 0; i < 20; i++) {
                world.source.publish(
                        new CopyMessage("TEST", Map.of("sender", List.of("host" + i % 2)), new byte[] {1}));
            }
            Replicator replicator = world.start(WORKER + by + "\ninspect_duration: 1h\n");
            world.until(() -> replicator.states().getFirst().sequence() == 20);
            assertEquals(by.contains("header") ? 2 : 1, world.held().size(), by);
        }
    }

    @Test
    void w14WhatCouldNotBeCopiedIsNotTakenForSeen() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(1);
        world.target.loseAnswers(0);
        world.target.refuse(_ -> Optional.of(new PortException.Unavailable("sink.full", "for a while")));
        world.start(WORKER + "inspect_field: sender\ninspect_duration: 1h\n");
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(0, world.held().size());
        world.target.refuse(_ -> Optional.empty());
        world.copied(1);
    }

    @Test
    void tgt01GoesOnAfterItsConsumerIsDeleted() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        for (int i = 1; i <= 1_000; i++) {
            world.source.publish("TEST", Integer.toString(i));
        }
        world.start(WORKER + "name: TR\nfilter_subject: TEST\ntarget_initiated: true\n");
        world.copied(1_000);
        world.source.deleteConsumer("TEST", "SR_TR");
        for (int i = 1; i <= 1_000; i++) {
            world.source.publish("TEST", Integer.toString(i));
        }
        world.copied(2_000);
        assertEquals(upTo(2_000), world.numbers());
        assertEquals("1", ReplicaWorld.body(world.held().get(1_000)));
        assertTrue(world.held()
                .getLast()
                .message()
                .header("Choria-SR-Source")
                .orElseThrow()
                .startsWith("TEST 2000 GINKGO TR "));
    }

    @Test
    void tgt03APurgedTargetGetsOnlyWhatIsNew() throws InterruptedException {
        String worker = WORKER + "name: TR\nfilter_subject: TEST\ntarget_initiated: true\n";
        ReplicaWorld world = ReplicaWorld.with(1_000);
        Replicator first = world.start(ReplicaWorld.config(worker), Optional.empty());
        world.copied(1_000);
        world.stop(first);
        world.tasks.advance(Duration.ofSeconds(1));
        world.target.purge("TEST_COPY");
        world.start(ReplicaWorld.config(worker), Optional.empty());
        world.tasks.advance(Duration.ofSeconds(1));
        world.publish(1_001, 2_000);
        world.copied(1_000);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(1_000, world.held().size());
        assertEquals(1_001, world.numbers().getFirst());
    }

    @Test
    void tgtTheTargetDecidesWhereToGoOn() throws InterruptedException {
        String worker = WORKER + "target_initiated: true\n";
        ReplicaWorld world = ReplicaWorld.with(500);
        Replicator first = world.start(ReplicaWorld.config(worker), Optional.empty());
        world.copied(500);
        world.stop(first);
        world.publish(501, 700);
        world.tasks.advance(Duration.ofMinutes(5));
        world.start(ReplicaWorld.config(worker), Optional.empty());
        world.copied(700);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals(upTo(700), world.numbers());
    }

    @Test
    void w16TargetInitiatedKeepsHeaders() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        world.source.publish(new CopyMessage("TEST", Map.of("KV-Operation", List.of("DEL")), new byte[0]));
        world.start(WORKER + "target_initiated: true\n");
        world.copied(1);
        assertEquals(
                "DEL", world.held().getFirst().message().header("KV-Operation").orElseThrow());
    }

    @Test
    void w17AnotherProducerAtTheTargetDoesNotStopIt() throws InterruptedException {
        String worker = WORKER + "target_initiated: true\n";
        ReplicaWorld world = ReplicaWorld.with(10);
        Replicator first = world.start(worker);
        world.copied(10);
        world.stop(first);
        world.target.publish("copy.somebody", "else");
        world.tasks.advance(Duration.ofMinutes(5));
        world.publish(11, 20);
        world.start(worker);
        world.copied(21);
        assertEquals(21, world.held().size());
        assertEquals("else", ReplicaWorld.body(world.held().get(10)));
    }

    @Test
    void w10TheFirstPullIsAtOnce() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(5);
        Replicator first = world.start(WORKER);
        world.copied(5);
        world.stop(first);
        world.publish(6, 10);
        world.start(WORKER);
        world.tasks.advance(Duration.ofMillis(500));
        assertEquals(upTo(10), world.numbers());
    }

    @Test
    void ephemeralCopiesAllAtEachStart() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(5);
        Replicator first = world.start(WORKER + "ephemeral: true\n");
        world.copied(5);
        world.stop(first);
        world.start(WORKER + "ephemeral: true\n");
        world.copied(10);
    }

    @Test
    void startsWhereThePolicySays() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(10);
        world.start(WORKER + "start_sequence: 8\n");
        world.copied(3);
        assertEquals(List.of(8L, 9L, 10L), world.numbers());
    }
}
