package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the original's engine and host do badly and this build mended, by the numbers of the specification. */
final class MachineWeaknessTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(3);
    private final DefinitionReader reader = new DefinitionReader(WatcherCatalog.builtInAnd(List.of()));

    private static Value.Obj success(Value.Obj watcher, String transition) {
        return watcher.with("success_transition", Value.text(transition));
    }

    private Value.Obj answer(String action, String name) {
        return answer(Value.obj("action", Value.text(action), "name", Value.text(name)));
    }

    private Value.Obj answer(Value.Obj request) {
        List<Value.Obj> answers = new ArrayList<>();
        world.node.tasks.run(() -> world.host.desk().handle(request, answers::add));
        return answers.getFirst();
    }

    private List<Value.Obj> sent(String kind, String machine) {
        return world.node.sent(kind).stream()
                .filter(d -> d.text("machine").orElse("").equals(machine))
                .toList();
    }

    @Test
    void w01AMachineThatAsksForItKeepsStateAndOutcomesOverARestart() throws InterruptedException {
        Value.Obj plain = machine("plain", success(exec("run", "A", "/bin/true"), "go"));
        world.write("plain", plain);
        world.write("kept", plain.with("name", Value.text("kept")).with("persist_state", Value.bool(true)));
        world.advance(Duration.ofSeconds(75));
        assertEquals("B", world.status("kept").state());
        String id = world.status("kept").id();
        world.stop();
        world.start();
        world.advance(SCAN);
        assertEquals("B", world.status("kept").state());
        assertEquals("A", world.status("plain").state(), "as in the original");
        assertNotEquals(id, world.status("kept").id());
        Value.Obj run = answer("states", "kept")
                .obj("watchers")
                .orElseThrow()
                .obj("run")
                .orElseThrow();
        assertEquals("success", run.text("previous_outcome").orElse(""));
        world.write(
                "kept",
                machine("kept", exec("run", "A", "/bin/true"))
                        .with("persist_state", Value.bool(true))
                        .with("initial_state", Value.text("C"))
                        .with("transitions", Value.arr(transition("go", "C", "A"))));
        world.advance(SCAN);
        assertEquals("C", world.status("kept").state(), "a state that is no more is not gone back to");
    }

    @Test
    void w02AMachineThatIsSlowedAnswersAndCountsNoSelfTransitions() {
        Value.Obj quick = success(exec("a", "A", "/bin/true").with("interval", Value.text("500ms")), "go");
        Value.Obj back = success(exec("b", "B", "/bin/true").with("interval", Value.text("500ms")), "back");
        world.write("storm", machine("storm", quick, back));
        Value.Obj same = success(exec("same", "A", "/bin/true").with("interval", Value.text("30s")), "stay");
        world.write(
                "calm",
                machine("calm", same)
                        .with("transitions", Value.arr(transition("go", "A", "B"), transition("stay", "A", "A"))));
        world.advance(Duration.ofMinutes(10));
        long begin = world.node.tasks.time().ticks();
        assertEquals("storm", answer("data", "storm").text("name").orElse(""));
        assertTrue(world.node.tasks.time().ticks() - begin < 1_000_000, "asking takes no time");
        assertTrue(
                world.moves("storm").size() < 300,
                "slowed: " + world.moves("storm").size());
        assertTrue(answer(Value.obj("action", Value.text("fire"), "name", Value.text("calm"))
                        .with("transition", Value.text("go")))
                .bool("success")
                .orElse(false));
        assertTrue(world.node.tasks.time().ticks() - begin < 1_000_000, "twenty self transitions do not slow it");
        world.node.store.delete("storm/machine.yaml");
        world.node.store.delete("storm");
        world.advance(SCAN);
        assertTrue(world.host.machines().stream().noneMatch(m -> m.name().equals("storm")));
    }

    @Test
    void w03AndW04RemovingMachinesThatWatchEachOtherHoldsNobodyUp() {
        for (String name : List.of("one", "two")) {
            String other = name.equals("one") ? "two" : "one";
            Value.Obj subscribed = transition("back", "B", "A")
                    .with(
                            "subscribe",
                            Value.arr(Value.obj("machine_name", Value.text(other), "event", Value.text("go"))));
            Value.Obj run = success(exec("run", "A", "/bin/true").with("interval", Value.text("1s")), "go")
                    .with(
                            "foreign_state_required",
                            Value.arr(Value.obj("machine_name", Value.text(other), "state", Value.text("A"))));
            world.write(
                    name, machine(name, run).with("transitions", Value.arr(transition("go", "A", "B"), subscribed)));
        }
        world.advance(Duration.ofMinutes(2));
        world.node.store.delete("one/machine.yaml");
        world.node.store.delete("one");
        world.write("three", machine("three", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertEquals("A", world.status("three").state());
        assertEquals(1, sent("machine_removed", "one").size());
    }

    @Test
    void w08ALongSplayStartsOnceAndListensMeanwhile() {
        world.write("late", machine("late", exec("run", "A", "/bin/true")).with("splay_start", Value.num(600)));
        world.advance(SCAN);
        assertEquals(0, sent("machine_started", "late").size());
        assertTrue(world.host.transition("late", "go"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("late").state());
        world.advance(Duration.ofMinutes(11));
        assertEquals(1, sent("machine_started", "late").size());
        assertEquals(1, sent("machine_loaded", "late").size());
    }

    @Test
    void w09AndW10AMachineThatCannotStartIsToldOnceWithItsReasonAndShown() {
        world.write("bad", machine("bad", exec("first", "A", "/bin/true"), exec("run", "A", "")));
        world.advance(Duration.ofMinutes(3));
        List<Value.Obj> told = world.node.sent("machine_rejected");
        assertEquals(1, told.size());
        assertTrue(told.getFirst().texts("problems").getFirst().contains("command is required"), told.toString());
        assertTrue(answer("states", "bad").text("load_error").orElse("").contains("command is required"));
        world.write("bad", machine("bad", exec("first", "A", "/bin/true"), exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertEquals("", world.status("bad").loadError());
    }

    @Test
    void w11AReplacedMachineLeavesNoTimerBehind() {
        Value.Obj timer = watcher("limit", "timer", "A", Value.obj("timer", Value.text("1m")))
                .with("fail_transition", Value.text("go"));
        world.write("timed", machine("timed", timer));
        world.advance(Duration.ofSeconds(20));
        String before = world.status("timed").id();
        world.write("timed", machine("timed", exec("run", "B", "/bin/true")));
        world.advance(Duration.ofMinutes(5));
        assertNotEquals(before, world.status("timed").id());
        assertEquals(List.of(), world.moves("timed"));
        assertEquals("A", world.status("timed").state());
    }

    @Test
    void w12OnlyTheManifestOfAFolderCounts() {
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        String id = world.status("mine").id();
        world.node.store.replace("mine/script.sh", new byte[] {1}, 0700);
        world.advance(SCAN);
        assertEquals(id, world.status("mine").id());
    }

    @Test
    void w13FaultsShowWhenAMachineIsLoadedAndOddThingsAreWarnings() {
        Value.Obj odd = transition("", "A", "").with("note", Value.text("x"));
        Value.Obj half = exec("run", "A", "/bin/true")
                .with("foreign_state_required", Value.arr(Value.obj("machine_name", Value.text("other"))));
        Value.Obj manifest = machine("m", half).with("transitions", Value.arr(transition("go", "A", "B"), odd));
        Readable good = assertInstanceOf(Readable.class, reader.read(manifest, path -> 0));
        assertEquals(4, good.warnings().size(), good.warnings().toString());
        Value.Obj nothing = machine("m").with("watchers", Value.arr(Value.nil()));
        Unreadable bad = assertInstanceOf(Unreadable.class, reader.read(nothing, path -> 0));
        assertEquals(
                "null was used where mapping is expected",
                bad.problems().getFirst().message());
    }

    @Test
    void w15PropertiesTakeDaysAndNumbersStayNanoseconds() {
        Value.Obj days =
                watcher("run", "exec", "A", Value.obj("command", Value.text("x"), "timeout", Value.text("1d")));
        assertInstanceOf(Readable.class, reader.read(machine("m", days), path -> 0));
        Value.Obj number = watcher("run", "exec", "A", Value.obj("command", Value.text("x"), "timeout", Value.num(5)));
        assertInstanceOf(Readable.class, reader.read(machine("m", number), path -> 0));
    }

    @Test
    void w18TheLifeOfAMachineIsTold() {
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        world.write("mine", machine("mine", exec("other", "A", "/bin/true")));
        world.advance(SCAN);
        world.node.store.delete("mine/machine.yaml");
        world.node.store.delete("mine");
        world.advance(SCAN);
        List<String> life = world.node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.data().text("machine").orElse("").equals("mine"))
                .map(e -> e.type().replace("io.machineroom.machine_", "").replace(".v1", ""))
                .filter(t -> !t.startsWith("io."))
                .toList();
        assertEquals(List.of("loaded", "started", "stopped", "loaded", "started", "stopped", "removed"), life);
    }

    @Test
    void w19AFailureCarriesItsReasonAndARefusedTransitionIsTold() {
        Value.Obj run = exec("run", "A", "/bin/false").with("fail_transition", Value.text("back"));
        world.write("mine", machine("mine", run));
        world.advance(Duration.ofMinutes(5));
        Value.Obj state = world.node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.type().equals("io.choria.machine.watcher.exec.v1.state"))
                .findFirst()
                .orElseThrow()
                .data();
        assertTrue(state.text("reason").orElse("").contains("1"), state.toString());
        List<Value.Obj> refused = sent("transition_refused", "mine");
        assertEquals(1, refused.size(), "once for the state");
        assertEquals("back", refused.getFirst().text("transition").orElse(""));
        assertEquals("A", refused.getFirst().text("state").orElse(""));
    }

    @Test
    void w20EveryAliveEventHasItsOwnIdentityAndTime() {
        Value.Obj first = world.node.events.alive().event().data();
        world.advance(Duration.ofMinutes(30));
        Value.Obj second = world.node.events.alive().event().data();
        assertNotEquals(first.text("id"), second.text("id"));
        assertNotEquals(first.whole("timestamp"), second.whole("timestamp"));
    }
}
