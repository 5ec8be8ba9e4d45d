package io.machineroom.http;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/** What everything that waits here stands on. */
record Clocks(Tasks tasks, TimeSource time, Entropy entropy) {}
