package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.watcher.WatcherRunner;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of the behaviours about things that are built otherwise here: the nearest rule, by their numbers. */
final class MachineRowsTest {
    private static final Duration SCAN = Duration.ofSeconds(11);
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger(Transitions.class.getName()), Logger.getLogger(WatcherRunner.class.getName()));

    private final MachineWorld world = new MachineWorld(12, new Failing());
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** A vendor's watcher whose checks fail. */
    private record Failing() implements WatcherType {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofSeconds(1), null, true, false, false);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new Watcher() {
                @Override
                public Outcome check(Trigger trigger) {
                    throw new PortException.Unavailable("odd.code", "nobody is there");
                }

                @Override
                public Value.Obj state() {
                    return Value.obj();
                }
            };
        }
    }

    @BeforeEach
    void listen() {
        LOGS.forEach(log -> {
            log.setLevel(Level.ALL);
            log.setUseParentHandlers(false);
            log.addHandler(handler);
        });
    }

    @AfterEach
    void leave() {
        LOGS.forEach(log -> {
            log.removeHandler(handler);
            log.setUseParentHandlers(true);
            log.setLevel(null);
        });
    }

    @Test
    void b004WhatCannotBeMadeIsRefusedAsAWholeAndHasItsName() {
        world.write("odd", machine("odd", exec("good", "A", "/bin/true"), exec("bad", "A", "")));
        world.write("fine", machine("fine", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertTrue(world.status("odd").loadError().contains("command is required"));
        assertEquals("A", world.status("fine").state(), "the others are loaded");
        assertTrue(world.node.sent("machine_loaded").stream()
                .noneMatch(told -> told.text("machine").orElse("").equals("odd")));
        List<Value.Obj> rejected = world.node.sent("machine_rejected");
        assertEquals("odd", rejected.getFirst().text("machine").orElse(""));
    }

    @Test
    void b006TheMachineThatIsBuiltInRunsUnderItsName() {
        world.advance(SCAN);
        MachineStatus manager = world.status("machines_manager");
        assertEquals("", manager.loadError());
        assertEquals("INITIAL", manager.state());
        assertEquals("built-in", manager.origin());
        assertTrue(world.node.sent("machine_started").stream()
                .anyMatch(told -> told.text("machine").orElse("").equals("machines_manager")));
    }

    @Test
    void b017AndB018AnUnknownTransitionIsOneWarningThatNamesItAndTheState() {
        world.write("mine", machine("mine", exec("run", "B", "/bin/true").without("interval")));
        world.advance(SCAN);
        assertTrue(world.host.transition("mine", "go"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("mine").state());
        lines.clear();
        assertTrue(world.host.transition("mine", "fire_10"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("mine").state());
        assertEquals(List.of("WARNING mine: Could not fire 'fire_10' event while in B"), lines);
    }

    @Test
    void b019EveryMachineTellsTheOneOutboxAndEachEventOnce() {
        world.write("one", machine("one", exec("run", "B", "/bin/true").without("interval")));
        world.write("two", machine("two", exec("run", "B", "/bin/true").without("interval")));
        world.advance(SCAN);
        for (String name : List.of("one", "two")) {
            assertTrue(world.host.transition(name, "go"));
            world.advance(Duration.ofSeconds(1));
            assertEquals(List.of("A>B"), world.moves(name));
        }
    }

    @Test
    void b021ALineOfAWatcherNamesItAndItsMachine() {
        world.write(
                "mine",
                machine("mine", watcher("w1", "failing", "A", Value.obj()).with("interval", Value.text("5s"))));
        world.advance(Duration.ofSeconds(17));
        assertTrue(lines.contains("WARNING mine#w1: odd.code: nobody is there"), lines.toString());
    }

    @Test
    void b128TheTypeHomekitIsUnknownAsInTheOriginal() {
        Value.Obj kit = watcher("kit", "homekit", "A", Value.obj("pin", Value.text("12345678")));
        world.write("mine", machine("mine", kit));
        world.advance(SCAN);
        assertTrue(
                world.status("mine").loadError().contains("unknown watcher 'homekit'"),
                world.status("mine").loadError());
    }
}
