package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExpressionWatcherTest {
    private final Bench bench = new Bench();
    private final ExpressionWatcher.Type type = new ExpressionWatcher.Type();

    ExpressionWatcherTest() {
        bench.data = obj("{'test':1}");
    }

    private Outcome evaluate(String properties) {
        Watcher watcher = bench.make(type, properties);
        assertTrue(
                bench.properties.faults().isEmpty(), bench.properties.faults().toString());
        return bench.ask(watcher, Trigger.INTERVAL);
    }

    @Test
    void b039TheSameAnswerTwiceIsToldTwiceAndFiresOnce() {
        Watcher watcher = bench.make(type, "{'success_when':'data.test == 1'}");
        Outcome.Succeeded first = assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.INTERVAL));
        Outcome.Succeeded second = assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.INTERVAL));
        assertTrue(first.announce() && first.fire());
        assertTrue(second.announce());
        assertFalse(second.fire());
        assertEquals("success_when", second.detail());
    }

    @Test
    void b041AnErrorIsToldAndMovesNothing() {
        Outcome.Failed error =
                assertInstanceOf(Outcome.Failed.class, evaluate("{'success_when':'data.none.deeper == 1'}"));
        assertEquals("error", error.detail());
        assertTrue(error.announce());
        assertFalse(error.fire());
        assertFalse(error.reason().isEmpty());
    }

    @Test
    void b042AndB044AndB046ConditionsAreAboutTheData() {
        assertEquals(
                "success_when", evaluate("{'success_when':'data.test == 1'}").detail());
        Outcome none = evaluate("{'success_when':'data.test == 2'}");
        assertEquals("no_match", none.detail());
        assertFalse(none.announce());
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, evaluate("{'fail_when':'data.test == 1'}"));
        assertEquals("failed_when", failed.detail());
        assertTrue(failed.fire() && failed.announce());
    }

    @Test
    void b045AndB048OnlyBooleansAreConditions() {
        for (String name : List.of("success_when", "fail_when")) {
            String properties = "{'" + name + "':'1'}";
            assertEquals("", bench.fault(type, properties), "it is loaded");
            Outcome.Failed error = assertInstanceOf(Outcome.Failed.class, evaluate(properties));
            assertEquals("error", error.detail());
            assertTrue(error.reason().endsWith("expected bool, but got int"), error.reason());
            assertFalse(error.fire());
        }
    }

    @Test
    void b049AndW34AnIntervalTooShortIsRefused() {
        bench.interval = Duration.ofMillis(1);
        assertEquals("interval should be more than 1 second: 1ms", bench.fault(type, "{'success_when':'true'}"));
        bench.interval = Duration.ofMillis(500);
        assertEquals("", bench.fault(type, "{'success_when':'true'}"));
    }

    @Test
    void b051OneConditionIsEnough() {
        assertEquals("", bench.fault(type, "{'success_when':'true'}"));
        assertEquals("", bench.fault(type, "{'fail_when':'true'}"));
        assertEquals("success_when or fail_when is required", bench.fault(type, "{}"));
    }

    @Test
    void w34FactsAreAMap() {
        bench.facts = obj("{'os':{'family':'debian'}}");
        assertEquals(
                "success_when",
                evaluate(
                                "{'success_when':'facts.os.family == \\'debian\\' && get_fact(\\'os.family\\') == facts.os.family"
                                        + " && identity == \\'ginkgo\\''}")
                        .detail());
    }

    @Test
    void w34ComingBackToItsStatesTellsAnew() {
        Watcher watcher = bench.make(type, "{'success_when':'data.test == 1'}");
        bench.ask(watcher, Trigger.INTERVAL);
        watcher.stateChanged(false);
        assertEquals("skipped", watcher.state().text("previous_outcome").orElseThrow());
        assertTrue(assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.STATE_CHANGED))
                .fire());
        bench.data = obj("{'test':2}");
        bench.ask(watcher, Trigger.INTERVAL);
        bench.data = obj("{'test':1}");
        assertTrue(assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.INTERVAL))
                .fire());
    }
}
