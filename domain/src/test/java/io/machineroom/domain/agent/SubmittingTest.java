package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.spooling.submission.SubmissionFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node and the programs beside it. */
final class SubmittingTest extends AgentFixture {
    private Value.Obj message() {
        return SubmissionFormat.fresh(
                "a.b",
                "hello".getBytes(StandardCharsets.UTF_8),
                "me",
                tasks.time().wall(),
                tasks.entropy());
    }

    private String leave(Value.Obj message) {
        submitted.replace("P2/" + tasks.time().ticks() + "-x.msg", new SimJson().write(message), 0600);
        return message.text("id").orElseThrow();
    }

    /** The original forwards nothing while a node is not enrolled, and loses what it published while it was away. */
    @Test
    void streamsW26WhatWasLeftBeforeTheNodeWasEnrolledReachesTheSaas() {
        String early = leave(message());
        saas.way("https").reachable(false);
        AgentLifecycle agent = agent();
        start(agent);
        tasks.advance(Duration.ofMinutes(10));
        saas.way("https").reachable(true);
        assertTrue(tasks.runUntil(() -> saas.stored().contains(early), Duration.ofMinutes(20)));
        assertEquals(List.of(), submitted.list("P2"));
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void takesAMessageOverTheControlSocketOnceItIsEnrolled() {
        AgentLifecycle agent = agent();
        assertTrue(agent.submissions().isEmpty());
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        List<Value.Obj> answers = new ArrayList<>();
        Value.Obj request = Value.obj("command", Value.text("submit"), "message", message());
        tasks.run(() -> agent.submissions().orElseThrow().handle(request, answers::add));
        String id = answers.getFirst().text("id").orElseThrow();
        assertTrue(tasks.runUntil(() -> saas.stored().contains(id), SOON));
        tasks.advance(Duration.ofSeconds(40));
        Value.Obj room = json("etc/agent/state/status.json").obj("machine_room").orElseThrow();
        assertEquals(Optional.of(1L), room.obj("submissions").orElseThrow().whole("taken"));
        Value.Obj ledger = room.obj("ledger").orElseThrow();
        assertEquals(ledger.whole("accepted"), ledger.whole("done"));
    }
}
