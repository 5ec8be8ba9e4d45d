package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When watchers are asked, in every order that tasks may run in. */
final class WatcherTimingTest {
    /** A repair that succeeds ends the state; an interval that was due meanwhile must not repair a second time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void repairsOnceForEachEntryOfTheState(long seed) {
        MachineWorld world = new MachineWorld(seed);
        AtomicInteger repairs = new AtomicInteger();
        world.processes.program("repair", (command, console) -> {
            repairs.incrementAndGet();
            world.node.tasks.sleep(Duration.ofSeconds(8));
            return 0;
        });
        Value.Obj command = Value.obj("command", Value.text("repair"), "timeout", Value.text("20s"));
        Value.Obj repair = watcher("repair", "exec", "A", command)
                .with("interval", Value.text("5s"))
                .with("success_transition", Value.text("go"));
        Value.Obj breaks = exec("breaks", "B", "/bin/true").with("success_transition", Value.text("back"));
        world.write("mine", machine("mine", repair, breaks));
        world.advance(Duration.ofMinutes(10));
        long entries = world.moves("mine").stream().filter("A>B"::equals).count();
        assertTrue(entries > 5, entries + " entries");
        long unfinished = world.status("mine").state().equals("A") ? 1 : 0;
        assertEquals(entries + unfinished, repairs.get(), "one repair an entry");
    }
}
