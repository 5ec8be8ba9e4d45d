package io.machineroom.domain.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.sim.CarelessFiles;
import io.machineroom.ports.sim.CrashPoints;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimTasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The power fails at every step of keeping the data of a machine. */
final class MachineDataCrashTest {
    private static final Path ROOT = Path.of("/machines");
    private static final String FOLDER = "data/echo";
    private static final int CHANGES = 12;
    private static final int DRAWN = 600;

    private final SimTasks tasks = new SimTasks(1);
    private final SimDisk disk = new SimDisk(tasks.time(), 1);
    private final SimFiles files = new SimFiles(disk, ROOT);

    private static MachineData data(FileTree tree) {
        return new MachineData(tree, FOLDER, new SimJson());
    }

    private static Value.Obj expected(int state) {
        Value.Obj values = Value.obj();
        for (int i = 1; i <= state; i++) {
            values = i % 4 == 0 ? values.without("key" + (i - 3)) : values.with("key" + i, value(i));
        }
        return values;
    }

    private static Value value(int i) {
        return Value.text(("value " + i + " ").repeat(300));
    }

    private static String state(SimDisk after) {
        MachineData found = data(new SimFiles(after, ROOT));
        found.prepare();
        assertEquals(Optional.empty(), found.load(), "set aside");
        for (int state = 0; state <= CHANGES; state++) {
            if (found.values().equals(expected(state))) {
                return "state " + state;
            }
        }
        throw new AssertionError("a mix: " + found.values());
    }

    private CrashPoints tell(FileTree tree) throws Exception {
        MachineData data = data(tree);
        CrashPoints points = new CrashPoints("machine-data", disk, tasks.time(), DRAWN).begins("state 0");
        for (int i = 1; i <= CHANGES; i++) {
            int now = i;
            points.change("state " + i, () -> {
                data.prepare();
                if (now % 4 == 0) {
                    data.change(Value.obj(), List.of("key" + (now - 3)));
                } else {
                    data.change(Value.obj("key" + now, value(now)), List.of());
                }
            });
        }
        return points;
    }

    @Test
    void theDataIsAsBeforeOrAsAfter() throws Exception {
        tell(files).cut(MachineDataCrashTest::state).atLeast(3_000);
    }

    @Test
    void catchesDataThatIsWrittenInPlace() throws Exception {
        CrashPoints points = tell(new CarelessFiles(files));
        assertThrows(AssertionError.class, () -> points.cut(MachineDataCrashTest::state));
    }
}
