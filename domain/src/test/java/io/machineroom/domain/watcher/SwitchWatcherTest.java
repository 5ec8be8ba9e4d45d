package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import org.junit.jupiter.api.Test;

final class SwitchWatcherTest {
    private final Bench bench = new Bench();
    private final Watcher watcher = bench.make(
            new SwitchWatcher.Type(),
            "{'on_when':['B'],'off_when':['C'],'disable_when':['D'],'annotations':{'room':'1'}}");

    private String text() {
        return bench.text(watcher.state());
    }

    @Test
    void aPressIsTheTransitionOfItsKind() {
        assertEquals("{\"status\":\"unknown\",\"is_on\":false,\"annotations\":{\"room\":\"1\"}}", text());
        Outcome.Succeeded on = assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.ON));
        assertTrue(on.fire() && on.announce());
        assertEquals("{\"status\":\"on\",\"is_on\":true,\"annotations\":{\"room\":\"1\"}}", text());
        Outcome.Failed off = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.OFF));
        assertTrue(off.fire() && off.announce());
        assertEquals("", off.reason());
    }

    @Test
    void statesSetItWithoutATransition() {
        bench.state = "B";
        Outcome on = bench.ask(watcher, Trigger.STATE_CHANGED);
        assertInstanceOf(Outcome.Unchanged.class, on);
        assertTrue(on.announce());
        assertEquals("on", on.detail());
        bench.state = "C";
        assertEquals("off", bench.ask(watcher, Trigger.STATE_CHANGED).detail());
        bench.state = "A";
        assertFalse(bench.ask(watcher, Trigger.STATE_CHANGED).announce());
        assertEquals("off", bench.ask(watcher, Trigger.START).detail());
    }

    @Test
    void aDisabledSwitchTakesNoPress() {
        bench.state = "D";
        assertFalse(bench.ask(watcher, Trigger.ON).announce());
        assertTrue(Switches.disabled(Bench.obj("{'disable_when':['D']}"), "D"));
        assertFalse(Switches.disabled(Bench.obj("{'disable_when':['D']}"), "A"));
    }

    @Test
    void w36PressesNeverWaitForTheirOwnQueue() {
        for (int i = 0; i < 1000; i++) {
            bench.ask(watcher, i % 2 == 0 ? Trigger.ON : Trigger.OFF);
        }
        assertTrue(text().contains("\"off\""));
    }
}
