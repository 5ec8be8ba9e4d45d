package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Single rules of the engine (spec 1 to 3) that no other test is about; the number is that of the paragraph. */
final class EngineRulesTest {
    private static final Duration SCAN = Duration.ofSeconds(11);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final MachineWorld world = new MachineWorld(17);
    private final List<String> ran = new ArrayList<>();

    EngineRulesTest() {
        world.processes.program("note", (command, console) -> {
            ran.add(command.argv().size() > 1 ? command.argv().get(1) : "");
            return 0;
        });
    }

    private static Value.Obj quiet(String name, String state) {
        return exec(name, state, "/bin/true").without("interval");
    }

    private static Value.Obj subscribed(Value.Obj transition, String machine, String event) {
        return transition.with(
                "subscribe", Value.arr(Value.obj("machine_name", Value.text(machine), "event", Value.text(event))));
    }

    private void load(String folder, Value manifest) {
        world.write(folder, manifest);
        world.advance(SCAN);
        assertEquals("", world.status(machineName(manifest)).loadError());
    }

    private static String machineName(Value manifest) {
        return ((Value.Obj) manifest).text("name").orElseThrow();
    }

    @Test
    void r12TheInitialStateNeedsNoTransition() {
        load("m", machine("m", quiet("w", "A")).with("initial_state", Value.text("ALONE")));
        assertEquals("ALONE", world.status("m").state());
        assertEquals(List.of(), world.status("m").transitions());
    }

    @Test
    void r13AnEmptyFromNeverFires() {
        Value.Obj never = Value.obj("name", Value.text("never"), "from", Value.arr(), "destination", Value.text("B"));
        load("m", machine("m", quiet("w", "A")).with("transitions", Value.arr(never, transition("go", "A", "B"))));
        assertEquals(List.of("go"), world.status("m").transitions());
        world.host.transition("m", "never");
        world.advance(MOMENT);
        assertEquals("A", world.status("m").state());
    }

    @Test
    void r14OfMachinesWithOneNameTheFirstDecides() {
        load("1", machine("twin", quiet("w", "A")));
        world.write("2", machine("twin", quiet("w", "B")).with("initial_state", Value.text("B")));
        Value.Obj foreign = Value.obj("machine_name", Value.text("twin"), "state", Value.text("B"));
        Value.Obj waits = exec("w", "A", "note").with("foreign_state_required", Value.arr(foreign));
        load("m", machine("m", waits));
        world.advance(Duration.ofMinutes(3));
        assertEquals(List.of(), ran);
        world.host.transition("twin", "go");
        world.advance(MOMENT);
        assertEquals(1, ran.size());
    }

    @Test
    void r14AWatcherWithoutStatesIsActiveInEachAndWithSeveralInAny() {
        load(
                "m",
                machine(
                        "m",
                        exec("any", "A", "note any").without("state_match"),
                        exec("two", "A", "note two").with("state_match", Value.arr(Value.text("A"), Value.text("B")))));
        world.host.transition("m", "go");
        world.advance(Duration.ofMinutes(1));
        assertTrue(ran.contains("any") && ran.contains("two"), ran::toString);
    }

    @Test
    void r113WhatEnvironmentNamesWinsOverTheRest() {
        world.processes.program("name", (command, console) -> {
            ran.add(command.environment().get("MACHINE_NAME") + " "
                    + command.environment().get("OTHER"));
            return 0;
        });
        Value.Obj properties = Value.obj("command", Value.text("name"))
                .with("environment", Value.texts(List.of("MACHINE_NAME=mine", "OTHER=a=b", "NOTHING")));
        load("m", machine("m", watcher("w", "exec", "A", properties).with("interval", Value.text("5s"))));
        assertEquals("mine a=b", ran.getFirst());
    }

    @Test
    void r22TheLaterOfTwoEntriesCounts() {
        load(
                "m",
                machine("m", quiet("w", "A"))
                        .with("transitions", Value.arr(transition("go", "A", "B"), transition("go", "A", "C"))));
        world.host.transition("m", "go");
        world.advance(MOMENT);
        assertEquals(List.of("A>C"), world.moves("m"));
    }

    @Test
    void r22OneNameLeadsElsewhereFromEachState() {
        load(
                "m",
                machine("m", quiet("w", "A"))
                        .with("transitions", Value.arr(transition("go", "A", "B"), transition("go", "B", "A"))));
        world.host.transition("m", "go");
        world.host.transition("m", "go");
        world.advance(Duration.ofSeconds(1));
        assertEquals(List.of("A>B", "B>A"), world.moves("m"));
    }

    @Test
    void r22ATransitionToTheSameStateIsToldToNobody() {
        Value.Obj chain = subscribed(transition("chain", "A", "B"), "m", "stay");
        load("m", machine("m", quiet("w", "A")).with("transitions", Value.arr(transition("stay", "A", "A"), chain)));
        world.host.transition("m", "stay");
        world.advance(MOMENT);
        assertEquals(List.of(), world.moves("m"));
    }

    @Test
    void r23AMachineHearsItself() {
        Value.Obj chain = subscribed(transition("chain", "B", "C"), "m", "go");
        load("m", machine("m", quiet("w", "A")).with("transitions", Value.arr(transition("go", "A", "B"), chain)));
        world.host.transition("m", "go");
        world.advance(Duration.ofSeconds(1));
        assertEquals(List.of("A>B", "B>C"), world.moves("m"));
    }

    @Test
    void r23WhatASubscriberCannotDoIsForgotten() {
        load("m", machine("m", quiet("w", "A")));
        Value.Obj start = subscribed(transition("start", "B", "A"), "m", "go");
        load("n", machine("n", quiet("w", "A")).with("transitions", Value.arr(start, transition("on", "A", "B"))));
        world.host.transition("m", "go");
        world.advance(Duration.ofSeconds(1));
        world.host.transition("n", "on");
        world.advance(Duration.ofSeconds(1));
        assertEquals(List.of("A>B"), world.moves("n"), "the event before is past");
    }

    @Test
    void r25WakesOfABusyWatcherAreOne() {
        world.processes.program("slow", (command, console) -> {
            ran.add("slow");
            world.node.tasks.sleep(Duration.ofSeconds(10));
            return 0;
        });
        Value.Obj slow = watcher(
                        "w", "exec", "A", Value.obj("command", Value.text("slow"), "timeout", Value.text("1m")))
                .without("state_match");
        load("m", machine("m", slow));
        for (String event : List.of("go", "back", "go", "back", "go")) {
            world.host.transition("m", event);
            world.advance(Duration.ofSeconds(1));
        }
        world.advance(Duration.ofMinutes(1));
        assertEquals(5, world.moves("m").size());
        assertEquals(2, ran.size(), "the one that ran, and one for all that came meanwhile");
    }

    @Test
    void r26EveryLoadIsAnotherInstance() {
        load("m", machine("m", quiet("w", "A")));
        String first = world.status("m").id();
        load("m", machine("m", quiet("other", "A")));
        assertNotEquals(first, world.status("m").id());
    }

    @Test
    void r3DataIsOneLineOfJsonForItsOwnerOnly() {
        world.processes.program("data", "{\"b\": {\"c\": [1, null]}, \"a\": true}", 0);
        Value.Obj properties = Value.obj("command", Value.text("data"), "parse_as_data", Value.text("1"));
        load("m", machine("m", watcher("w", "exec", "A", properties).with("interval", Value.text("5s"))));
        byte[] file = world.node.store.read("m/machine_data.json", 1_000).orElseThrow();
        assertEquals("{\"b\":{\"c\":[1,null]},\"a\":true}", new String(file, StandardCharsets.UTF_8).strip());
        assertEquals(
                0600, world.node.store.info("m/machine_data.json").orElseThrow().mode());
    }
}
