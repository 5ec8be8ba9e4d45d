package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of sampling, advisories, gossip and heartbeats (streams 4.9 to 4.12) that no row of the behaviours shows. */
final class SamplingRulesTest {
    private static final String WORKER = ReplicaWorld.WORKER
            + "inspect_field: sender\ninspect_duration: 1h\nadvisory: {subject: advisories.%s.%v}\n";

    private final ReplicaWorld world = ReplicaWorld.with(0);

    private Limiter limiter(Sampling.Key by) {
        Sampling hour = new Sampling(Optional.of(by), Duration.ofHours(1), Duration.ofMinutes(30), 0);
        Tracker tracker = new Tracker(hour, world.tasks.time(), world.tasks.entropy(), Tracker.Events.none());
        return new Limiter(
                by, tracker, new SimJson(), new JobMeter(new SimMeter(), "GINKGO", ReplicaWorld.job(WORKER)));
    }

    private static CopyMessage message(Map<String, List<String>> headers, String json) {
        return new CopyMessage("TEST.a.b", headers, json.getBytes(StandardCharsets.UTF_8));
    }

    private String key(String path, String json) {
        return limiter(new Sampling.Key.Field(path, "")).key(message(Map.of(), json));
    }

    /** As gjson writes a value, which is what the original's state files have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "sender;{\"sender\":7};7",
                "sender;{\"sender\":7.0};7",
                "sender;{\"sender\":70e-1};7",
                "sender;{\"sender\":-7.50};-7.5",
                "sender;{\"sender\":1e3};1000",
                "sender;{\"sender\":true};true",
                "sender;{\"sender\":null};``",
                "sender;{\"sender\":\"\"};``",
                "sender;{\"sender\":[1,2]};[1,2]",
                "node.name;{\"node\":{\"name\":\"n1\"}};n1",
                "nodes.1;{\"nodes\":[\"n1\",\"n2\"]};n2",
                "a\\.b;{\"a.b\":\"n1\"};n1",
                "sender.name;{\"sender\":\"n1\"};``",
                "sender;[1];``",
                "sender;no JSON;``"
            })
    void theFieldAsText(String path, String json, String wanted) {
        assertEquals(wanted, key(path, json));
    }

    @Test
    void theFirstValueOfAHeaderInAnyCase() {
        Limiter limiter = limiter(new Sampling.Key.Header("Sender"));
        assertEquals("n1", limiter.key(message(Map.of("sender", List.of("n1", "n2")), "")));
        assertEquals("", limiter.key(message(Map.of("sender", List.of("")), "")));
        assertEquals("", limiter.key(message(Map.of("other", List.of("n1")), "")));
        assertTrue(limiter.decide(message(Map.of(), "")).copy(), "who names no sender is copied always");
    }

    @Test
    void tokensCountFromOne() {
        assertEquals("TEST", limiter(new Sampling.Key.Token(1)).key(message(Map.of(), "")));
        assertEquals("b", limiter(new Sampling.Key.Token(3)).key(message(Map.of(), "")));
        assertEquals("", limiter(new Sampling.Key.Token(4)).key(message(Map.of(), "")));
        assertEquals("TEST.a.b", limiter(new Sampling.Key.Token(-1)).key(message(Map.of(), "")));
    }

    @Test
    void aForceFieldOfNullIsThereToo() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", "force"));
        limiter.done(limiter.decide(message(Map.of(), "{\"sender\":\"n1\"}")));
        assertFalse(limiter.decide(message(Map.of(), "{\"sender\":\"n1\"}")).copy());
        assertTrue(limiter.decide(message(Map.of(), "{\"sender\":\"n1\",\"force\":false}"))
                .copy());
        assertTrue(limiter.decide(message(Map.of(), "{\"sender\":\"n1\",\"force\":null}"))
                .copy());
    }

    /** A copy is due a second and up to a tenth of the interval early, so that copies of many senders spread. */
    @Test
    void theDeadlineIsALittleEarly() {
        Sampling hour = ReplicaWorld.job(WORKER).sampling();
        int early = 0;
        for (int i = 0; i < 200; i++) {
            Tracker tracker = new Tracker(hour, world.tasks.time(), world.tasks.entropy(), Tracker.Events.none());
            Instant now = world.tasks.time().wall();
            tracker.learn("n1", new Tracked(now, now.minus(Duration.ofMinutes(57)), false, 1));
            early += tracker.wants("n1", 1) ? 1 : 0;
            tracker.learn("n1", new Tracked(now, now.minus(Duration.ofMinutes(53)), false, 1));
            assertFalse(tracker.wants("n1", 1), "more than a tenth early");
            tracker.learn("n1", new Tracked(now, now.minus(Duration.ofMinutes(60)), false, 1));
            assertTrue(tracker.wants("n1", 1), "an hour is over");
        }
        assertTrue(early > 40 && early < 160, early + " of 200");
    }

    @Test
    void whoWasSilentForTwoIntervalsGoesWithoutAWord() {
        List<String> told = new ArrayList<>();
        Tracker tracker = new Tracker(
                ReplicaWorld.job(WORKER).sampling(), world.tasks.time(), world.tasks.entropy(), new Tracker.Events() {
                    @Override
                    public void first(String key, Tracked item) {
                        told.add("new " + key);
                    }

                    @Override
                    public void recovered(String key, Tracked item) {
                        told.add("recover " + key);
                    }

                    @Override
                    public Set<String> silent(Map<String, Tracked> items) {
                        items.keySet().forEach(key -> told.add("timeout " + key));
                        return Set.of();
                    }

                    @Override
                    public void expired(Map<String, Tracked> items) {
                        items.keySet().forEach(key -> told.add("expire " + key));
                    }
                });
        Instant now = world.tasks.time().wall();
        tracker.learn("a", new Tracked(now.minus(Duration.ofMinutes(121)), now, false, 1));
        tracker.learn("b", new Tracked(now.minus(Duration.ofMinutes(119)), now, false, 1));
        tracker.learn("c", new Tracked(now.minus(Duration.ofMinutes(31)), now, false, 1));
        tracker.scrub();
        assertEquals(List.of("expire b", "timeout c"), told);
        assertEquals(Set.of("c"), tracker.items().keySet());
        tracker.scrub();
        assertEquals("timeout c", told.getLast(), "one that could not be told is told again");
        tracker.seen("c", 1);
        assertEquals("recover c", told.getLast());
    }

    @Test
    void gossipHasTheFormOfTheOriginal() throws InterruptedException {
        world.start(WORKER);
        world.publish(3, 3);
        world.copied(1);
        CopyMessage told = world.source.published().stream()
                .filter(m -> m.subject().equals("choria.stream-replicator.sync.TEST.GINKGO"))
                .findFirst()
                .orElseThrow();
        Value.Obj body = (Value.Obj) new SimJson().read(told.body());
        assertEquals(
                Set.of("seen", "copied", "advised", "size", "value"),
                body.fields().keySet());
        assertEquals("host3", body.text("value").orElseThrow());
        assertEquals(26, body.whole("size").orElseThrow());
        Instant.parse(body.text("seen").orElseThrow());
    }

    @Test
    void withoutAdvisoriesNobodyGossips() throws InterruptedException {
        world.start(ReplicaWorld.WORKER + "inspect_field: sender\ninspect_duration: 1h\n");
        world.publish(1, 20);
        world.copied(10);
        assertTrue(world.source.published().stream().noneMatch(m -> m.subject().startsWith("choria.")));
    }

    @Test
    void anAdvisoryHasTheseFieldsAndNoOther() throws InterruptedException {
        world.start(WORKER);
        world.publish(3, 3);
        world.until(() ->
                world.source.published().stream().anyMatch(m -> m.subject().startsWith("advisories.")));
        CopyMessage advisory = world.source.published().stream()
                .filter(m -> m.subject().startsWith("advisories."))
                .findFirst()
                .orElseThrow();
        assertEquals("advisories.new.host3", advisory.subject());
        Value.Obj body = (Value.Obj) new SimJson().read(advisory.body());
        assertEquals(
                List.of(
                        "protocol",
                        "event_id",
                        "inspect_field",
                        "age",
                        "seen",
                        "replicator",
                        "timestamp",
                        "event",
                        "value"),
                List.copyOf(body.fields().keySet()));
        assertTrue(body.text("event_id").orElseThrow().matches("[0-9A-Za-z]{27}"));
    }

    /** In the original this gauge says which member copies. */
    @Test
    void whoLeadsNoLongerShowsNoNumber() throws InterruptedException {
        world.source.makeBucket(BucketSpec.ELECTIONS, Duration.ofSeconds(10));
        world.publish(1, 50);
        world.start(ReplicaWorld.config(ReplicaWorld.WORKER + "leader_election_name: one\n"), Optional.empty());
        world.copied(50);
        world.until(() -> number() == 50);
        world.source.bucketBehind(BucketSpec.ELECTIONS).put("SR_GINKGO_TEST", "two".getBytes(StandardCharsets.UTF_8));
        world.until(() -> number() == 0);
    }

    private double number() {
        return world.meter.gauge("choria_stream_replicator_replicator_stream_sequence"
                + "{replicator=\"GINKGO\",stream=\"TEST\",worker=\"GINKGO\"}");
    }
}
