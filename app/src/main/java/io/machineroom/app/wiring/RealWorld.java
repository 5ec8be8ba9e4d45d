package io.machineroom.app.wiring;

import io.machineroom.app.graph.Metrics;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/** Tasks, clocks, chance and metrics of the real world; one parameter instead of five. */
record RealWorld(Tasks tasks, TimeSource time, Entropy entropy, Meter meter, Metrics metrics) {}
