package io.machineroom.app.wiring;

import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/** Tasks, clocks, chance and metrics of the real world; one parameter instead of four. */
record RealWorld(Tasks tasks, TimeSource time, Entropy entropy, PrometheusMeter meter) {}
