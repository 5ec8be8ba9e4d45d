package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.Advising;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.sim.SimJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rows ADV-* of the behaviours of streams, and W-47. */
final class AdvisorTest {
    private static final String WORKER = ReplicaWorld.WORKER + "inspect_field: sender\ninspect_duration: 1h\n";
    private final ReplicaWorld world = ReplicaWorld.with(0);
    private final Tracked now = new Tracked(world.tasks.time().wall(), Tracked.NEVER, false, 1);

    private Advisor advisor() {
        return new Advisor(
                ReplicaWorld.job(WORKER),
                new Advising("advisories.%s.%v", false),
                "GINKGO",
                world.ports(Optional.of(world.files)));
    }

    private List<CopyMessage> sent(Advisor advisor) {
        world.tasks.run(() -> {
            try (var source = world.source.connect(
                    new Places(world.ports(Optional.empty()).files())
                            .of(ReplicaWorld.job(WORKER).source(), "test"))) {
                advisor.send(source);
            }
        });
        return world.source.published();
    }

    private static Value.Obj body(CopyMessage message) {
        return (Value.Obj) new SimJson().read(message.body());
    }

    @Test
    void adv01TellsOfANewSender() {
        Advisor advisor = advisor();
        advisor.first("ginkgo.example.net", now);
        CopyMessage message = sent(advisor).getFirst();
        assertEquals("advisories.new.ginkgo.example.net", message.subject());
        Value.Obj body = body(message);
        Instant wall = world.tasks.time().wall();
        assertEquals("io.choria.sr.v2.age_advisory", body.text("protocol").orElseThrow());
        assertEquals(27, body.text("event_id").orElseThrow().length());
        assertEquals("sender", body.text("inspect_field").orElseThrow());
        assertEquals(0, body.whole("age").orElseThrow());
        assertEquals(wall.getEpochSecond(), body.whole("seen").orElseThrow());
        assertEquals(wall.getEpochSecond(), body.whole("timestamp").orElseThrow());
        assertEquals("GINKGO", body.text("replicator").orElseThrow());
        assertEquals("new", body.text("event").orElseThrow());
        assertEquals("ginkgo.example.net", body.text("value").orElseThrow());
    }

    @Test
    void adv02TellsOfWhoIsForgotten() {
        Advisor advisor = advisor();
        advisor.expired(new TreeMap<>(Map.of("old", now, "new", now)));
        List<CopyMessage> sent = sent(advisor);
        assertEquals(
                List.of("advisories.expire.new", "advisories.expire.old"),
                sent.stream().map(CopyMessage::subject).toList());
        assertEquals("expire", body(sent.getFirst()).text("event").orElseThrow());
    }

    @Test
    void adv03TellsOfWhoIsBack() {
        Advisor advisor = advisor();
        advisor.recovered("ginkgo.example.net", now);
        CopyMessage message = sent(advisor).getFirst();
        assertEquals("advisories.recover.ginkgo.example.net", message.subject());
        assertEquals("recover", body(message).text("event").orElseThrow());
        assertEquals("ginkgo.example.net", body(message).text("value").orElseThrow());
    }

    @Test
    void advTheAgeIsRoundedAndUnknownWithoutATime() {
        Advisor advisor = advisor();
        advisor.silent(Map.of("k", new Tracked(world.tasks.time().wall().minusMillis(1_600), now.copied(), false, 1)));
        advisor.recovered("never", Tracked.UNKNOWN);
        List<CopyMessage> sent = sent(advisor);
        assertEquals(2, body(sent.getFirst()).whole("age").orElseThrow());
        assertEquals(-1, body(sent.getLast()).whole("age").orElseThrow());
    }

    @Test
    void adv04WarnsInTheOrderOfNames() {
        Advisor advisor = advisor();
        assertEquals(Set.of("new", "old"), advisor.silent(new TreeMap<>(Map.of("old", now, "new", now))));
        assertEquals(
                List.of("advisories.timeout.new", "advisories.timeout.old"),
                sent(advisor).stream().map(CopyMessage::subject).toList());
    }

    @Test
    void w47WhatCouldNotBeSentOutlivesTheProcess() {
        Advisor before = advisor();
        before.first("ginkgo", now);
        before.save();
        Advisor after = advisor();
        assertEquals("advisories.new.ginkgo", sent(after).getFirst().subject());
        after.save();
        assertTrue(world.files.list("advisories").isEmpty());
    }
}
