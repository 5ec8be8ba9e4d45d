package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import org.junit.jupiter.api.Test;

/** One line of {@code backplane events}. */
final class EventsRowTest {
    private static final Value.Obj STARTUP = Value.obj(
                    "protocol", Value.text("io.choria.lifecycle.v1.startup"),
                    "identity", Value.text("n1"),
                    "component", Value.text("server"))
            .with("version", Value.text("1.2.3"));

    private static String row(String type, Value data) {
        return EventsCommand.row(Value.obj("index", Value.num(7), "number", Value.num(3), "type", Value.text(type))
                .with("time", Value.text("2026-01-01T00:00:00Z"))
                .with("data", data));
    }

    @Test
    void b149ALifecycleEventSaysWhatHappened() {
        assertTrue(row("io.choria.lifecycle.v1.startup", STARTUP)
                .endsWith(" 3 2026-01-01T00:00:00Z io.choria.lifecycle.v1.startup [startup] n1: server version 1.2.3"));
        Value nameless = Value.obj("protocol", Value.text("io.choria.lifecycle.v1.governor"));
        assertTrue(row("io.choria.lifecycle.v1.governor", nameless).endsWith(" io.choria.lifecycle.v1.governor"));
    }

    @Test
    void aTransitionSaysFromWhereToWhere() {
        Value data = Value.obj("protocol", Value.text("io.choria.machine.v1.transition"), "identity", Value.text("n1"))
                .with("machine", Value.text("light"))
                .with("transition", Value.text("on"))
                .with("from_state", Value.text("OFF"))
                .with("to_state", Value.text("ON"));
        assertTrue(row("io.choria.machine.v1.transition", data)
                .endsWith(" n1 light transitioned via event on: OFF => ON"));
    }

    @Test
    void othersAreShownByTheirTypeAndNothingReachesTheTerminalUnseen() {
        assertTrue(row("x", Value.text("text")).endsWith("Z x"));
        assertTrue(row("x", Value.obj("protocol", Value.num(1))).endsWith("Z x"));
        String evil = row("x", STARTUP.with("version", Value.text("\u001b[2J\n")));
        assertTrue(evil.endsWith("version ?[2J?"), evil);
        String lost = EventsCommand.row(
                Value.obj("void", Value.text("age"), "from", Value.num(1)).with("through", Value.num(9)));
        assertEquals("void age 1-9", lost.strip().replaceFirst("^0 +", ""));
    }
}
