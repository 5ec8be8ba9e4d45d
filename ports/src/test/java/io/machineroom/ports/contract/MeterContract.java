package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Meter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Meter} promises. */
public abstract class MeterContract {
    protected abstract Meter meter();

    /** What a reader sees: the value of {@code name} or {@code name{label="value"}}; NaN when absent. */
    protected abstract double seen(String key);

    @Test
    void addsUpCounters() {
        assertTrue(Double.isNaN(seen("mr_things_total")) || seen("mr_things_total") == 0);
        meter().count("mr_things_total", 2);
        meter().count("mr_things_total", 40);
        assertEquals(42, seen("mr_things_total"));
    }

    @Test
    void keepsLabelsApart() {
        meter().count("mr_sent_total", "lane", "urgent", 1);
        meter().count("mr_sent_total", "lane", "bulk", 5);
        meter().count("mr_sent_total", "lane", "urgent", 1);
        assertEquals(2, seen("mr_sent_total{lane=\"urgent\"}"));
        assertEquals(5, seen("mr_sent_total{lane=\"bulk\"}"));
    }

    @Test
    void gaugesHoldTheLastNumber() {
        meter().gauge("mr_spool_bytes", 10);
        meter().gauge("mr_spool_bytes", 7.5);
        meter().gauge("mr_queue_events", "queue", "one", 3);
        meter().gauge("mr_queue_events", "queue", "one", -1);
        assertEquals(7.5, seen("mr_spool_bytes"));
        assertEquals(-1, seen("mr_queue_events{queue=\"one\"}"));
    }

    @Test
    void takesSeveralLabelsUnderNamesOfOthers() {
        Map<String, String> labels = Map.of("stream", "S", "worker", "W");
        meter().count("others_copied_messages", labels, 2);
        meter().count("others_copied_messages", labels, 3);
        meter().count("others_error_count", labels, 1);
        meter().gauge("others_lag_messages", labels, 7);
        assertEquals(5, seen("others_copied_messages{stream=\"S\",worker=\"W\"}"));
        assertEquals(1, seen("others_error_count{stream=\"S\",worker=\"W\"}"));
        assertEquals(7, seen("others_lag_messages{stream=\"S\",worker=\"W\"}"));
    }

    @Test
    void countingNothingIsAllowed() {
        meter().count("mr_nothing_total", 0);
        assertEquals(0, seen("mr_nothing_total"));
    }
}
