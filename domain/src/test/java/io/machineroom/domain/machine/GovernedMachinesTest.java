package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.sim.SimGovernors;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimWire;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watchers with a governor, in machines that run: spec autonomous agents 4.0. */
final class GovernedMachinesTest {
    private final MachineWorld world = new MachineWorld(5);
    private final SimWire wire = new SimWire(world.node.tasks);
    private final List<Link> links = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    @BeforeEach
    void connect() {
        world.node.tasks.run(() -> {
            links.add(wire.nodeLink());
            world.stop();
        });
        world.extras.put(
                Governor.class,
                new Governor(
                        () -> links.getFirst().slots(),
                        new Governor.Means(
                                world.node.tasks,
                                world.node.tasks.time(),
                                world.node.tasks.entropy(),
                                new SimMeter())));
        world.processes.program("work", (command, console) -> {
            running.incrementAndGet();
            try {
                world.node.tasks.sleep(Duration.ofSeconds(30));
            } finally {
                running.decrementAndGet();
            }
            return 0;
        });
        world.start();
    }

    private SimGovernors broker() {
        return wire.streams().governors();
    }

    private void make(String governor, int slots) {
        broker().ensure(new Slots.Rules(governor, slots, Duration.ofMinutes(10), 1));
    }

    private static Value.Obj governed(String governor) {
        Value.Obj properties = Value.obj("command", Value.text("work"), "timeout", Value.text("1m"))
                .with("governor", Value.text(governor))
                .with("governor_timeout", Value.text("40s"));
        return watcher("heal", "exec", "A", properties)
                .with("interval", Value.text("5m"))
                .with("success_transition", Value.text("go"))
                .with("fail_transition", Value.text("go"));
    }

    private void run(Value watcher) {
        world.write("mine", machine("mine", watcher));
    }

    private List<String> told() {
        return world.node.sent.stream()
                .filter(o -> o.subject().text().equals("choria.lifecycle.event.governor.mine"))
                .map(Outgoing::event)
                .map(e -> e.data().text("event_type").orElse("") + " "
                        + e.data().text("governor").orElse("") + " "
                        + e.data().whole("sequence").orElse(-1L))
                .toList();
    }

    private String outcome() {
        return world.node.sent.stream()
                .filter(o -> o.subject().text().equals("choria.machine.watcher.exec.state"))
                .map(o -> o.event().data().text("previous_outcome").orElse(""))
                .reduce((first, last) -> last)
                .orElse("none");
    }

    @Test
    void worksInASlotAndTellsInPlainJson() {
        make("BACKUP", 1);
        run(governed("BACKUP"));
        world.advance(Duration.ofMinutes(5).plusSeconds(20));
        assertEquals(1, running.get());
        assertEquals(
                List.of("Auto Agent  mine#heal @ node1"),
                broker().view("BACKUP").stream().map(Slots.Slot::holder).toList());
        world.advance(Duration.ofSeconds(20));
        assertEquals(List.of(), broker().view("BACKUP"));
        assertEquals(List.of("enter BACKUP 1", "exit BACKUP 1"), told());
        assertEquals("success", outcome());
        assertEquals(List.of("A>B"), world.moves("mine"));
    }

    @Test
    void lc13TellsWhatChoriaReads() {
        make("BACKUP", 1);
        run(governed("BACKUP"));
        world.advance(Duration.ofMinutes(6));
        Outgoing first = world.node.sent.stream()
                .filter(o -> o.subject().text().startsWith("choria.lifecycle.event.governor."))
                .findFirst()
                .orElseThrow();
        Value.Obj read = (Value.Obj) world.node.json.read(StandardCharsets.UTF_8
                .decode(first.plain().orElseThrow())
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        assertEquals(first.event().data(), read);
        assertEquals(
                List.of("protocol", "id", "identity", "component", "timestamp", "governor", "sequence", "event_type"),
                List.copyOf(read.fields().keySet()));
        assertEquals("io.choria.lifecycle.v1.governor", read.text("protocol").orElse(""));
        assertEquals("node1", read.text("identity").orElse(""));
        assertEquals("mine", read.text("component").orElse(""));
    }

    @Test
    void failsWhenThereIsNoSlotInTime() {
        make("BACKUP", 1);
        broker().enterAs("BACKUP", "choria cli");
        run(governed("BACKUP"));
        world.advance(Duration.ofMinutes(7));
        assertEquals(List.of("timeouts BACKUP 0"), told());
        assertEquals("error", outcome());
        assertEquals(List.of("A>B"), world.moves("mine"));
        assertEquals(0, world.processes.started().size());
    }

    @Test
    void failsAtOnceWhenThereIsNoSuchGovernor() {
        run(governed("NOT_THERE"));
        world.advance(Duration.ofMinutes(5).plusSeconds(15));
        assertEquals(List.of("timeouts NOT_THERE 0"), told());
        assertEquals("error", outcome());
    }

    @Test
    void fillsTheNameInFromFacts() {
        make("BACKUP_lon", 1);
        run(governed("BACKUP_{{ lookup \"facts.dc\" \"\" }}"));
        world.advance(Duration.ofMinutes(6));
        assertEquals(List.of("enter BACKUP_lon 1", "exit BACKUP_lon 1"), told());
    }

    @Test
    void givesTheSlotBackWhenTheMachineStops() {
        make("BACKUP", 1);
        run(governed("BACKUP"));
        world.advance(Duration.ofMinutes(5).plusSeconds(20));
        assertEquals(1, running.get());
        world.node.tasks.run(world::stop);
        assertEquals(0, running.get());
        assertEquals(List.of(), broker().view("BACKUP"));
        assertEquals(List.of("enter BACKUP 1", "exit BACKUP 1"), told());
    }

    @Test
    void stopsWaitingWhenTheMachineStops() {
        make("BACKUP", 1);
        broker().enterAs("BACKUP", "choria cli");
        run(governed("BACKUP"));
        world.advance(Duration.ofMinutes(5).plusSeconds(20));
        long before = world.node.tasks.time().ticks();
        world.node.tasks.run(world::stop);
        assertTrue(
                world.node.tasks.time().ticks() - before < Duration.ofSeconds(5).toNanos());
        assertEquals(0, world.processes.started().size());
        assertEquals(1, broker().view("BACKUP").size());
    }

    @Test
    void theQuickWatchersOfTheMachineAreNotHeldUp() {
        make("BACKUP", 1);
        broker().enterAs("BACKUP", "choria cli");
        Value timer = watcher("soon", "timer", "A", Value.obj("timer", Value.text("5m10s")))
                .with("fail_transition", Value.text("go"));
        world.write("mine", machine("mine", governed("BACKUP"), timer));
        world.advance(Duration.ofMinutes(5).plusSeconds(25));
        assertEquals(List.of("A>B"), world.moves("mine"), "the timer fired while the other one waited");
    }
}
