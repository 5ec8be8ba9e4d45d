package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimerWatcherTest {
    private final Bench bench = new Bench();
    private final TimerWatcher.Type type = new TimerWatcher.Type();

    private String state(String properties) {
        return bench.text(bench.make(type, properties).state());
    }

    @Test
    void b124AnHourIsAnHour() {
        assertEquals("{\"state\":\"stopped\",\"timer\":3600000000000}", state("{'timer':'1h'}"));
    }

    @Test
    void b125AndB127WithoutPropertiesItIsOneSecondAndStands() {
        assertEquals("{\"state\":\"stopped\",\"timer\":1000000000}", state("{}"));
        assertEquals("{\"state\":\"stopped\",\"timer\":1000000000}", state("{'timer':'10ms'}"));
        assertTrue(bench.properties.faults().isEmpty());
    }

    @Test
    void aSplayIsDrawnOnce() {
        Watcher watcher = bench.make(type, "{'timer':'1h','splay':true}");
        assertEquals(bench.text(watcher.state()), bench.text(watcher.state()));
        assertFalse(bench.text(watcher.state()).contains("3600000000000"));
    }

    @Test
    void w32ARestartedTimerIsTheOnlyOne() {
        Watcher watcher = bench.make(type, "{'timer':'10s'}");
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofSeconds(8));
        Outcome again = bench.ask(watcher, Trigger.STATE_CHANGED);
        assertTrue(again.announce());
        bench.tasks.advance(Duration.ofSeconds(3));
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
        assertTrue(bench.text(watcher.state()).contains("running"));
        bench.tasks.advance(Duration.ofSeconds(7));
        Outcome.Failed over = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.WOKEN));
        assertTrue(over.announce() && over.fire());
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
    }

    @Test
    void leavingItsStatesCancelsItAndTellsSo() {
        Watcher watcher = bench.make(type, "{'timer':'10s'}");
        assertFalse(watcher.stateChanged(false));
        bench.ask(watcher, Trigger.STATE_CHANGED);
        assertTrue(watcher.stateChanged(false));
        assertFalse(watcher.stateChanged(false));
        bench.tasks.advance(Duration.ofSeconds(20));
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
    }
}
