package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows LIM-* of the behaviours of streams: an interval of an hour, a warning after half of it, a trigger of 1,024 bytes. */
final class LimiterTest {
    private final SimTasks tasks = new SimTasks(5);
    private int copied;
    private int skipped;

    private Limiter limiter(Sampling.Key by) {
        Sampling hour = new Sampling(Optional.of(by), Duration.ofHours(1), Duration.ofMinutes(30), 1_024);
        Tracker tracker = new Tracker(hour, tasks.time(), tasks.entropy(), Tracker.Events.none());
        JobMeter meter = new JobMeter(new SimMeter(), "GINKGO", ReplicaWorld.job(ReplicaWorld.WORKER));
        return new Limiter(by, tracker, new SimJson(), meter);
    }

    private void pass(Limiter limiter, CopyMessage message) {
        Limiter.Decision decision = limiter.decide(message);
        limiter.done(decision);
        copied += decision.copy() ? 1 : 0;
        skipped += decision.copy() ? 0 : 1;
    }

    private static CopyMessage body(String json) {
        return new CopyMessage("TEST", Map.of(), json.getBytes(StandardCharsets.UTF_8));
    }

    private void assertPassed(int wantedCopies, int wantedSkips) {
        assertEquals(wantedCopies + "/" + wantedSkips, copied + "/" + skipped);
    }

    @Test
    void lim01WhatNamesNoSenderIsCopied() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", ""));
        pass(limiter, body("{\"hello\":\"world\"}"));
        pass(limiter, body("no JSON"));
        assertPassed(2, 0);
    }

    @Test
    void lim02AForceFieldIsCopiedWhateverWasBefore() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", "force_copy"));
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        assertPassed(1, 1);
        pass(limiter, body("{\"sender\":\"some.node\", \"force_copy\":true}"));
        pass(limiter, body("{\"sender\":\"some.node\", \"force_copy\":true}"));
        assertPassed(3, 1);
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        assertPassed(3, 2);
    }

    @Test
    void lim03OfOneSenderOneIsCopied() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", ""));
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        assertPassed(1, 1);
        pass(limiter, body("{\"sender\":\"other.node\"}"));
        assertPassed(2, 1);
    }

    @Test
    void lim04AForceFieldCountsWhateverItsValueAndOnlyWithASender() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", "force.copy"));
        pass(limiter, body("{\"sender\":\"some.node\"}"));
        pass(limiter, body("{\"sender\":\"some.node\", \"force\":{\"copy\":false}}"));
        pass(limiter, body("{\"sender\":\"some.node\", \"force\":{}}"));
        assertPassed(2, 1);
        pass(limiter, body("{\"sender\":\"\", \"force\":{}}"));
        pass(limiter, body("{\"sender\":\"\", \"force\":{}}"));
        assertPassed(4, 1);
    }

    @Test
    void lim05TheWholeSubjectTellsSendersApart() {
        Limiter limiter = limiter(new Sampling.Key.Token(-1));
        pass(limiter, new CopyMessage("test.1", Map.of(), new byte[0]));
        pass(limiter, new CopyMessage("test.1", Map.of(), new byte[0]));
        assertPassed(1, 1);
        pass(limiter, new CopyMessage("foo.1", Map.of(), new byte[0]));
        assertPassed(2, 1);
    }

    @Test
    void lim06OneTokenTellsSendersApart() {
        Limiter limiter = limiter(new Sampling.Key.Token(2));
        pass(limiter, new CopyMessage("a.1", Map.of(), new byte[0]));
        pass(limiter, new CopyMessage("b.1", Map.of(), new byte[0]));
        assertPassed(1, 1);
        pass(limiter, new CopyMessage("a.2", Map.of(), new byte[0]));
        assertPassed(2, 1);
    }

    @Test
    void lim07WhoseSubjectHasNoSuchTokenIsCopiedAlways() {
        Limiter limiter = limiter(new Sampling.Key.Token(2));
        pass(limiter, new CopyMessage("short", Map.of(), new byte[0]));
        pass(limiter, new CopyMessage("short", Map.of(), new byte[0]));
        assertPassed(2, 0);
    }

    @Test
    void lim08AHeaderTellsSendersApart() {
        Limiter limiter = limiter(new Sampling.Key.Header("sender"));
        CopyMessage message = new CopyMessage("TEST", Map.of("sender", List.of("some.node")), new byte[0]);
        pass(limiter, message);
        pass(limiter, message);
        assertPassed(1, 1);
    }

    @Test
    void w14WhatWasNotCopiedAfterAllIsDecidedAboutAgain() {
        Limiter limiter = limiter(new Sampling.Key.Field("sender", ""));
        CopyMessage message = body("{\"sender\":\"some.node\"}");
        assertEquals(true, limiter.decide(message).copy());
        assertEquals(true, limiter.decide(message).copy(), "the first try failed and was not told of");
    }
}
