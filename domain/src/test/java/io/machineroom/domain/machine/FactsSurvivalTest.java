package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The facts are refreshed whatever happens to the host of the machines or to other machines. */
final class FactsSurvivalTest {
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final MachineWorld world = new MachineWorld(5, new Fragile());
    private Consumer<String> trouble = call -> {};
    private int gathered;

    /** The host with facts, kept up as the agent keeps it up. */
    private void start() {
        world.node.tasks.run(world::stop);
        world.extras.put(FactsChore.class, new FactsChore("3.2.1", INTERVAL, Path.of("/c.yaml"), () -> gathered++));
        world.store = troubled(world.node.store);
        world.start();
        world.node.tasks.run(world::stop); // made, and run by a supervisor from now on
        Supervisor supervisor = new Supervisor(
                SupervisorSettings.defaults(),
                world.node.tasks,
                world.node.tasks.time(),
                world.node.tasks.entropy(),
                new SimMeter());
        supervisor.start(Service.of("machines", world.host::run));
    }

    private FileTree troubled(FileTree real) {
        return (FileTree) Proxy.newProxyInstance(
                FileTree.class.getClassLoader(), new Class<?>[] {FileTree.class}, (proxy, method, arguments) -> {
                    trouble.accept(method.getName());
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void every(String call, RuntimeException what) {
        trouble = now -> {
            if (now.equals(call)) {
                throw what;
            }
        };
    }

    private void refreshes() {
        int before = gathered;
        world.node.tasks.advance(INTERVAL.multipliedBy(3).plusMinutes(1));
        assertTrue(gathered >= before + 3, (gathered - before) + " times in three intervals");
    }

    @Test
    void theHostFallsAndIsStartedAgain() {
        start();
        refreshes();
        every("list", new IllegalStateException("a fault of the program"));
        world.node.tasks.advance(Duration.ofSeconds(11));
        assertEquals(0, world.host.machines().size(), "it fell");
        trouble = call -> {};
        refreshes();
        assertEquals("GATHER", world.status("facts_refresh").state());
    }

    @Test
    void theStoreOfMachinesCannotBeListed() {
        every("list", new PortException.Unavailable("file.disk", "as the test wants it"));
        start();
        refreshes();
        trouble = call -> {};
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        refreshes();
        assertEquals("A", world.status("mine").state());
    }

    @Test
    void theFolderOfABuiltInMachineCannotBeMade() {
        every("makeDirectory", new PortException.Unavailable("file.disk", "as the test wants it"));
        start();
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        world.node.tasks.advance(Duration.ofMinutes(1));
        assertEquals(
                "file.disk: as the test wants it", world.status("facts_refresh").loadError());
        assertEquals("A", world.status("mine").state(), "others run");
        trouble = call -> {};
        refreshes();
    }

    @Test
    void aMachineBreaksWhoeverReadsIt() {
        start();
        world.write("poison", machine(MachineWorld.POISON, exec("run", "A", "/bin/true")));
        refreshes();
        assertEquals(
                "machine.broken: java.lang.IllegalStateException: as the test wants it",
                world.status("poison").loadError());
    }

    @Test
    void aWatcherEndsByAnErrorOfTheProcess() {
        start();
        world.write("poison", machine("poison", watcher("w", "fragile", "A", Value.obj())));
        world.node.tasks.advance(Duration.ofSeconds(11));
        assertTrue(world.status("poison").loadError().startsWith("machine.broken: "), world.status("poison")::toString);
        refreshes();
    }

    /** A kind that breaks where no kind should. */
    private record Fragile() implements WatcherType {
        @Override
        public String name() {
            return "fragile";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ZERO, null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new Watcher() {
                @Override
                public Outcome check(Trigger trigger) {
                    throw new StackOverflowError("as the test wants it");
                }

                @Override
                public Value.Obj state() {
                    return Value.obj();
                }
            };
        }
    }
}
