package io.machineroom.ports.sim;

import io.machineroom.ports.contract.MeterContract;
import io.machineroom.ports.runtime.Meter;

final class SimMeterTest extends MeterContract {
    private final SimMeter meter = new SimMeter();

    @Override
    protected Meter meter() {
        return meter;
    }

    @Override
    protected double seen(String key) {
        double gauge = meter.gauge(key);
        return Double.isNaN(gauge) ? (double) meter.counter(key) : gauge;
    }
}
