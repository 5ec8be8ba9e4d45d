package io.machineroom.domain.replication.copy;

import static io.machineroom.domain.replication.copy.ReplicaWorld.WORKER;
import static io.machineroom.domain.replication.copy.ReplicaWorld.upTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The windows of loss and repetition of the original, and its weaknesses, each with its number. */
final class CopyWeaknessTest {
    private static PortException full() {
        return new PortException.Unavailable("sink.full", "the stream is full");
    }

    private static boolean isNumber(CopyMessage message, int number) {
        return message.header(CopyHeaders.SOURCE).orElse("").startsWith("TEST " + number + " ");
    }

    @Test
    void w01ConditionsOfTheSourceDoNotActAtTheTarget() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        world.source.publish(new CopyMessage(
                "TEST",
                Map.of(
                        "Nats-Expected-Last-Subject-Sequence", List.of("7"),
                        "Nats-TTL", List.of("5s"),
                        "Kept", List.of("a", "b")),
                new byte[0]));
        world.start(WORKER);
        world.copied(1);
        CopyMessage copy = world.held().getFirst().message();
        assertTrue(copy.header("Nats-Expected-Last-Subject-Sequence").isEmpty());
        assertTrue(copy.header("Nats-TTL").isEmpty());
        assertEquals(List.of("a", "b"), copy.headers().get("Kept"));
    }

    @Test
    void w06OnePoisonousMessageIsParkedAndTheRestGoesOn() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(300);
        world.target.refuse(m -> isNumber(m, 100)
                ? Optional.of(new PortException.Refused("sink.too-large", "larger than the stream takes"))
                : Optional.empty());
        Replicator replicator = world.start(WORKER);
        world.copied(299);
        assertEquals(1, replicator.states().getFirst().parked());
        List<Long> expected = upTo(300).stream().filter(n -> n != 100).toList();
        assertEquals(expected, world.numbers());
        byte[] evidence = world.files
                .read("parked/TEST_GINKGO/" + "%019d".formatted(100), 1 << 20)
                .orElseThrow();
        String text = new String(evidence, StandardCharsets.UTF_8);
        assertTrue(text.startsWith("code: sink.too-large\n"), text);
        assertTrue(text.endsWith("{\"msg\":100,\"sender\":\"host0\"}"), text);
    }

    @Test
    void w06AStreamThatRejectsOneForItselfParksItAfterSomeTries() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(20);
        world.target.refuse(m -> isNumber(m, 5)
                ? Optional.of(new PortException.Unavailable("sink.failed", "wrong last sequence [10071]"))
                : Optional.empty());
        Replicator replicator = world.start(WORKER);
        world.copied(19);
        assertEquals(1, replicator.states().getFirst().parked());
    }

    @Test
    void w06AReceiverThatRefusesAllIsWaitedFor() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(20);
        world.target.refuse(_ -> Optional.of(new PortException.Refused("sink.too-large", "all of them")));
        Replicator replicator = world.start(WORKER);
        world.tasks.advance(Duration.ofMinutes(10));
        assertEquals(2, replicator.states().getFirst().parked());
        world.target.refuse(_ -> Optional.empty());
        world.copied(18);
        assertEquals(2, replicator.states().getFirst().parked());
    }

    @Test
    void w07ManyAreOnTheirWayAtOnce() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(5_000);
        long start = world.tasks.time().ticks();
        world.start(WORKER);
        world.copied(5_000);
        // the simulated target takes a millisecond for each answer
        assertTrue(world.tasks.time().ticks() - start < Duration.ofSeconds(2).toNanos());
    }

    @Test
    void w08ALostAnswerRepeatsNothing() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(500);
        world.target.loseAnswers(3);
        world.start(WORKER);
        world.copied(500);
        world.tasks.advance(Duration.ofMinutes(1));
        assertEquals(upTo(500), world.numbers());
    }

    @Test
    void w08TwoJobsOverOneStreamDoNotTakeEachOthersForRepeats() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(10);
        var one = ReplicaWorld.config(WORKER + "name: ONE\n");
        var two = ReplicaWorld.config(WORKER + "name: TWO\n");
        world.start(one, Optional.empty());
        world.start(two, Optional.empty());
        world.copied(20);
        assertEquals(20, world.held().size());
    }

    @Test
    void w09LagIsMeasured() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(100);
        world.target.refuse(m -> isNumber(m, 50) ? Optional.of(full()) : Optional.empty());
        world.start(WORKER);
        world.tasks.advance(Duration.ofSeconds(30));
        String labels = "{replicator=\"GINKGO\",stream=\"TEST\",worker=\"GINKGO\"}";
        world.target.refuse(_ -> Optional.empty());
        world.copied(100);
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(100, world.meter.counter(JobMeter.PREFIX + "replicator_copied_messages" + labels));
        assertEquals(0, world.meter.gauge(JobMeter.PREFIX + "replicator_stream_lag_messages" + labels));
        assertTrue(world.meter.counter(JobMeter.PREFIX + "replicator_handler_error_count" + labels) > 0);
    }

    @Test
    void w15AFullTargetIsWaitedForInOrder() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(100);
        world.target.refuse(m -> isNumber(m, 50) ? Optional.of(full()) : Optional.empty());
        world.start(WORKER);
        world.copied(49);
        world.tasks.advance(Duration.ofMinutes(2));
        assertEquals(49, world.held().size());
        world.target.refuse(_ -> Optional.empty());
        world.copied(100);
        assertEquals(upTo(100), world.numbers());
    }

    @Test
    void w35AJobWhoseSetUpFailsIsTriedAgain() throws InterruptedException {
        ReplicaWorld world = new ReplicaWorld();
        world.target.makeStream("TEST_COPY", "copy.>");
        world.source.down(true);
        Replicator replicator = world.start(WORKER);
        world.tasks.advance(Duration.ofMinutes(3));
        assertTrue(replicator.states().getFirst().error().startsWith("link.unreachable"));
        world.source.down(false);
        world.tasks.advance(Duration.ofMinutes(1));
        assertTrue(replicator.states().getFirst().error().startsWith("copy.no-stream"));
        world.source.makeStream("TEST", "TEST");
        world.publish(1, 3);
        world.copied(3);
    }

    @Test
    void w48AStreamThatIsMadeAgainIsCopiedFromItsBeginning() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(50);
        world.start(WORKER);
        world.copied(50);
        world.source.deleteStream("TEST");
        world.tasks.advance(Duration.ofSeconds(30));
        world.source.makeStream("TEST", "TEST");
        world.publish(1, 10);
        world.copied(60);
        assertEquals(upTo(10), world.numbers().subList(50, 60));
    }

    @Test
    void w48AlsoWhenItHappensBetweenTwoRuns() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(50);
        Replicator first = world.start(WORKER);
        world.copied(50);
        world.stop(first);
        world.source.deleteStream("TEST");
        world.tasks.advance(Duration.ofSeconds(1));
        world.source.makeStream("TEST", "TEST");
        world.publish(1, 10);
        world.start(WORKER);
        world.copied(60);
        assertEquals(upTo(10), world.numbers().subList(50, 60));
    }

    @Test
    void w49AnotherStreamsAcknowledgementDoesNotCount() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(5);
        world.target.makeStream("ANOTHER", "elsewhere.>");
        Replicator replicator = world.start("target_stream: TEST_COPY\ntarget_subject_prefix: elsewhere\n");
        world.tasks.advance(Duration.ofSeconds(10));
        assertEquals(0, replicator.states().getFirst().copied());
        assertTrue(replicator.states().getFirst().error().startsWith("sink.no-stream"));
    }

    @Test
    void d2AndD4ALostConsumerAndALostProcessRepeatNothing() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(100);
        Replicator first = world.start(WORKER);
        world.copied(100);
        world.stop(first);
        world.source.deleteConsumer("TEST", "SR_GINKGO");
        world.tasks.advance(Duration.ofMinutes(10));
        world.publish(101, 110);
        world.start(WORKER);
        world.copied(110);
        world.tasks.advance(Duration.ofSeconds(10));
        assertEquals(upTo(110), world.numbers());
    }

    @Test
    void w50ConnectionsThatComeAndGoLoseNothingAndRepeatNothing() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(0);
        world.start(WORKER);
        for (int round = 0; round < 20; round++) {
            world.publish(round * 100 + 1, round * 100 + 100);
            world.tasks.advance(Duration.ofMillis(50 + round * 7L));
            (round % 2 == 0 ? world.source : world.target).down(true);
            world.tasks.advance(Duration.ofMillis(300));
            world.source.down(false);
            world.target.down(false);
            world.target.loseAnswers(round % 3);
        }
        world.copied(2_000);
        world.tasks.advance(Duration.ofMinutes(1));
        assertEquals(upTo(2_000), world.numbers());
    }

    @Test
    void map16DeleteMarkersOfBucketsAreCopiedWhole() throws InterruptedException {
        ReplicaWorld world = new ReplicaWorld();
        world.source.makeStream("TEST", "$KV.CONFIG.>");
        world.target.makeStream("TEST_COPY", "$KV.CONFIG.>");
        world.source.publish("$KV.CONFIG.eu.queue", "one");
        world.source.publish(
                new CopyMessage("$KV.CONFIG.eu.queue", Map.of("KV-Operation", List.of("DEL")), new byte[0]));
        world.start("target_stream: TEST_COPY\ntarget_subject_remove: eu\n");
        world.copied(2);
        CopyMessage marker = world.held().getLast().message();
        assertEquals("$KV.CONFIG.queue", marker.subject());
        assertEquals("DEL", marker.header("KV-Operation").orElseThrow());
        assertEquals(0, marker.body().length);
    }

    @Test
    void w18OnlyTheLeaderGivesTheKeyBackAndTheGroupCopiesOnce() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(200);
        world.source.makeBucket(io.machineroom.ports.kv.BucketSpec.ELECTIONS, Duration.ofSeconds(10));
        var one = ReplicaWorld.config(WORKER + "leader_election_name: one\n");
        var two = ReplicaWorld.config(WORKER + "leader_election_name: two\n");
        Replicator first = world.start(one, Optional.empty());
        world.copied(200);
        Replicator second = world.start(two, Optional.empty());
        world.publish(201, 300);
        world.copied(300);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals("waiting", second.states().getFirst().phase());
        world.stop(second);
        world.tasks.advance(Duration.ofSeconds(5));
        assertEquals("copying", first.states().getFirst().phase());
        assertEquals(upTo(300), world.numbers());
        assertFalse(new HashSet<>(world.numbers()).size() < 300);
    }

    @Test
    void w19TwoReplicatorsOfOneStreamNeitherShareNorDeleteAConsumer() throws InterruptedException {
        ReplicaWorld world = ReplicaWorld.with(100);
        var one = ReplicaWorld.config(WORKER + "name: ONE\n");
        var two = ReplicaWorld.config(WORKER + "name: TWO\n");
        world.start(one, Optional.empty());
        world.copied(100);
        Replicator second = world.start(two, Optional.empty());
        world.copied(200);
        world.stop(second);
        world.start(two, Optional.empty());
        world.publish(101, 150);
        world.copied(300);
        world.tasks.advance(Duration.ofMinutes(2));
        // each consumer goes on where it was: all twice, nothing three times, although nobody keeps a checkpoint
        List<Long> sorted = world.numbers().stream().sorted().toList();
        List<Long> twice = upTo(150).stream().flatMap(n -> Stream.of(n, n)).toList();
        assertEquals(twice, sorted);
    }
}
