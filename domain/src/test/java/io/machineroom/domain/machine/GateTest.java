package io.machineroom.domain.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.machine.MachineSurroundings.Neighbours;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherSpec.ForeignState;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The activity test, row by row of the published behaviours. */
final class GateTest {
    private static final ForeignState OTHER_OK = new ForeignState("other", "ok");

    private static boolean open(List<String> match, List<ForeignState> foreign, Map<String, String> others) {
        WatcherSpec spec = new WatcherSpec("w", "exec", match, foreign, "", "", null, null, Value.obj(), "");
        return Gate.open(spec, "notok", new Neighbours() {
            @Override
            public Optional<String> state(String machine) {
                return Optional.ofNullable(others.get(machine));
            }

            @Override
            public void moved(String machine, String event) {}
        });
    }

    @Test
    void b025WithoutAnyRequirement() {
        assertTrue(open(List.of(), List.of(), Map.of()));
    }

    @Test
    void b027AnyStateThatMatches() {
        assertTrue(open(List.of("ok", "notok"), List.of(), Map.of()));
        assertFalse(open(List.of("ok"), List.of(), Map.of()));
    }

    @Test
    void b028OneForeignState() {
        assertTrue(open(List.of(), List.of(OTHER_OK), Map.of("other", "ok")));
        assertFalse(open(List.of(), List.of(OTHER_OK), Map.of("other", "notok")));
        assertFalse(open(List.of(), List.of(OTHER_OK), Map.of()));
    }

    @Test
    void b029AllForeignStates() {
        List<ForeignState> both = List.of(new ForeignState("other1", "ok"), new ForeignState("other2", "ok"));
        assertTrue(open(List.of(), both, Map.of("other1", "ok", "other2", "ok")));
        assertFalse(open(List.of(), both, Map.of("other1", "ok", "other2", "notok")));
    }

    @Test
    void b031StateAndForeignState() {
        assertTrue(open(List.of("ok", "notok"), List.of(OTHER_OK), Map.of("other", "ok")));
        assertFalse(open(List.of("ok"), List.of(OTHER_OK), Map.of("other", "ok")));
    }

    @Test
    void halfARequirementNeverHolds() {
        assertFalse(open(List.of(), List.of(new ForeignState("", "ok")), Map.of("", "ok")));
        assertFalse(open(List.of(), List.of(new ForeignState("other", "")), Map.of("other", "")));
    }
}
