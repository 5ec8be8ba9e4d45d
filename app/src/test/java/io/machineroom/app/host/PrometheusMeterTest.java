package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.MeterContract;
import io.machineroom.ports.runtime.Meter;
import org.junit.jupiter.api.Test;

final class PrometheusMeterTest extends MeterContract {
    private final PrometheusMeter meter = new PrometheusMeter();

    @Override
    protected Meter meter() {
        return meter;
    }

    @Override
    protected double seen(String key) {
        return meter.render()
                .lines()
                .filter(line -> line.startsWith(key + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(key.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    void rendersTypeAndHelp() {
        meter.count("mr_things_total", 1);
        meter.gauge("mr_spool_bytes", 1);
        String text = meter.render();
        assertTrue(text.contains("# TYPE mr_things_total counter"), text);
        assertTrue(text.contains("# TYPE mr_spool_bytes gauge"), text);
        assertTrue(text.contains("# HELP mr_spool_bytes "), text);
    }

    @Test
    void aNameUsedInTwoWaysNeverStopsTheCaller() {
        meter.count("mr_things_total", 1);
        meter.count("mr_things_total", "label", "value", 1);
        meter.gauge("not a name", 1);
        assertEquals(1, seen("mr_things_total"));
    }
}
