package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.bench.BenchBroker;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.orchestration.Wish;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.transport.Link;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Governors of a real broker, with the rights of a node: many workers, and {@code governor} as somebody types it. */
@Timeout(120)
final class GovernorIT {
    @TempDir
    private Path folder;

    private final SystemRuntime runtime = new SystemRuntime();
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();
    private final LinkedBlockingQueue<Outgoing> told = new LinkedBlockingQueue<>();
    private final MachineCommandLine line = new MachineCommandLine("governor");
    private final HeldRequests held = new HeldRequests();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Slots owner;
    private Link node;

    @BeforeEach
    void begin() throws Exception {
        String missing =
                NatsModule.broker(new LocalProcessRunner(), new JacksonJson()).missing();
        if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
            Assertions.fail(missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        Files.createDirectories(folder.resolve("broker"));
        BenchBroker broker = new BenchBroker(folder.resolve("broker"));
        open.add(broker);
        Link administrator = broker.administrator();
        open.add(administrator);
        owner = administrator.slots();
        node = broker.node();
        open.add(node);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Governor governor() {
        return new Governor(node::slots, new Governor.Means(tasks, runtime, runtime, new SimMeter()));
    }

    private void serve(Slots slots) {
        Events events = new Events("n1", Events.COMPONENT_SERVER, "1", runtime, runtime);
        Governors governors = new Governors(governor(), events, told::add, new JacksonJson());
        GovernorDesk desk = new GovernorDesk(() -> slots, governors, tasks, "ask the leader");
        Path socket = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config())
                .base()
                .controlSocket();
        open.add(new UnixControlSocket(new JacksonJson())
                .serve(socket, (request, answers) -> held.serve(desk::handle, request, answers)));
    }

    private Path config() {
        return folder.resolve("agent.cfg");
    }

    private int run(String action, String... more) {
        List<String> all = new ArrayList<>(List.of(action, "--config", config().toString()));
        all.addAll(List.of(more));
        return line.run(all.toArray(new String[0]));
    }

    private String next() throws InterruptedException {
        Outgoing event = told.poll(20, TimeUnit.SECONDS);
        return event == null
                ? "nothing"
                : event.event().data().text("event_type").orElse("") + " "
                        + event.event().data().text("identity").orElse("");
    }

    @Test
    void gov06LetsEverybodyThroughAndNeverMoreAtOnce() throws InterruptedException {
        owner.ensure(new Rules("TEST", 20, Duration.ofMinutes(2), 1));
        Governor governor = governor();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LinkedBlockingQueue<String> through = new LinkedBlockingQueue<>();
        Wish wish = new Wish(
                "TEST", "worker", Duration.ofMinutes(1), (tries, entropy) -> Duration.ofMillis(50), Wish.Ending.LEAVE);
        for (int i = 0; i < 200; i++) {
            tasks.fork(
                    "worker-" + i,
                    () -> through.add(governor.within(wish, turn -> {}, () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        tasks.sleep(Duration.ofMillis(50));
                        inside.decrementAndGet();
                        return "done";
                    })));
        }
        for (int i = 0; i < 200; i++) {
            assertEquals("done", through.poll(60, TimeUnit.SECONDS), i + " are through");
        }
        assertTrue(most.get() <= 20, most + " at once");
        assertTrue(most.get() > 10, most + " at once is not about the limit");
        for (int i = 0; i < 100 && owner.look("TEST").orElseThrow().taken() > 0; i++) {
            tasks.sleep(Duration.ofMillis(50));
        }
        assertEquals(0, owner.look("TEST").orElseThrow().taken());
    }

    @Test
    void w51RenewsOnARealBroker() throws InterruptedException {
        owner.ensure(new Rules("SHORT", 2, Duration.ofSeconds(4), 1));
        String done = governor()
                .within(Wish.ofWatcher("SHORT", "m", "w", "n1", Duration.ofSeconds(10)), turn -> {}, () -> {
                    for (int i = 0; i < 20; i++) {
                        tasks.sleep(Duration.ofMillis(500));
                        assertTrue(owner.look("SHORT").orElseThrow().taken() >= 1, "without a slot");
                    }
                    return "done";
                });
        assertEquals("done", done);
    }

    @Test
    void makesShowsAndRemovesGovernors() throws InterruptedException {
        serve(owner);
        assertEquals(0, run("add", "--capacity", "3", "--expire", "10m", "BACKUP"), line.err());
        assertTrue(line.out().startsWith("BACKUP  0 of 3 slots taken  slots live 10m"), line.out());
        long slot = node.slots().enter("BACKUP", "somebody", "a").orElseThrow();
        assertEquals(0, run("list", "--json"), line.err());
        assertTrue(
                line.out().startsWith("{\"governor\":\"BACKUP\",\"capacity\":3,\"taken\":1,\"expire\":600"),
                line.out());
        assertEquals(0, run("view", "BACKUP"), line.err());
        assertTrue(
                line.out().contains("slot " + slot + "  since ") && line.out().contains("  somebody"), line.out());
        assertEquals(0, run("evict", "BACKUP", Long.toString(slot)), line.err());
        assertEquals("evicted somebody\n", line.out());
        assertEquals("eviction somebody", next());
        assertEquals(ExitCodes.DATA, run("evict", "BACKUP", Long.toString(slot)));
        assertEquals(0, run("reset", "BACKUP"), line.err());
        assertEquals(0, run("delete", "BACKUP"), line.err());
        assertEquals(ExitCodes.DATA, run("view", "BACKUP"));
        assertTrue(line.err().contains("[governor.unknown]"), line.err());
        assertEquals(ExitCodes.DATA, run("add", "--capacity", "0", "BACKUP"));
        assertEquals(ExitCodes.USAGE, run("add", "--capacity", "3", "--expire", "soon", "BACKUP"));
    }

    @Test
    void saysWhoMayDoWhatANodeMayNot() {
        serve(node.slots());
        assertEquals(ExitCodes.DATA, run("add", "--capacity", "3", "BACKUP"));
        assertTrue(line.err().contains("ask the leader [governor.denied]"), line.err());
        assertEquals(0, run("list"), line.err());
    }

    @Test
    void runsACommandInASlot() throws InterruptedException {
        serve(node.slots());
        owner.ensure(new Rules("BACKUP", 1, Duration.ofMinutes(2), 1));
        assertEquals(7, run("run", "BACKUP", "--", "sh", "-c", "exit 7"), line.err());
        assertEquals("enter n1", next());
        assertEquals("exit n1", next());
        // told just before it is given back
        for (int i = 0; i < 100 && owner.look("BACKUP").orElseThrow().taken() > 0; i++) {
            tasks.sleep(Duration.ofMillis(50));
        }
        assertTrue(node.slots().enter("BACKUP", "somebody", "a").isPresent());
        assertEquals(ExitCodes.TEMPORARY, run("run", "--max-wait", "1s", "--interval", "1s", "BACKUP", "true"));
        assertTrue(line.err().contains("[governor.timeout]"), line.err());
        assertEquals("timeouts n1", next());
        assertEquals(0, run("run", "--max-wait", "1s", "--interval", "1s", "--max-per-period", "BACKUP", "false"));
        assertEquals(ExitCodes.DATA, run("run", "NOT_THERE", "true"));
        assertEquals(ExitCodes.USAGE, run("run", "--interval", "10ms", "BACKUP", "true"));
    }

    @Test
    void keepsTheSlotWhereRunsAPeriodAreCounted() throws InterruptedException {
        serve(node.slots());
        owner.ensure(new Rules("DAILY", 1, Duration.ofMinutes(2), 1));
        assertEquals(0, run("run", "--max-per-period", "DAILY", "true"), line.err());
        assertEquals(1, owner.view("DAILY").size());
        assertEquals("n1", owner.view("DAILY").getFirst().holder());
    }

    @Test
    void anAgentThatStopsHasTheCommandStoppedBeforeItGivesTheSlotBack() throws Exception {
        serve(node.slots());
        owner.ensure(new Rules("BACKUP", 1, Duration.ZERO, 1));
        Path started = folder.resolve("started");
        Path stopped = folder.resolve("stopped");
        String script = "trap 'sleep 0.3; touch " + stopped + "; exit 0' TERM; touch " + started
                + "; while :; do sleep 0.1; done";
        CompletableFuture<Integer> command =
                CompletableFuture.supplyAsync(() -> run("run", "BACKUP", "--", "sh", "-c", script));
        for (int i = 0; i < 200 && !Files.exists(started); i++) {
            tasks.sleep(Duration.ofMillis(50));
        }
        assertEquals(1, owner.view("BACKUP").size());
        Tasks.Task stop = tasks.fork("stop", () -> held.end(Duration.ofSeconds(10)));
        while (!stop.join(Duration.ofMillis(20))) {
            assertTrue(!owner.view("BACKUP").isEmpty() || Files.exists(stopped), "given back before the command ended");
        }
        assertEquals(ExitCodes.TEMPORARY, command.get(30, TimeUnit.SECONDS), line.err());
        assertTrue(line.err().contains("the agent that held the slot stops"), line.err());
        assertEquals(List.of(), owner.view("BACKUP"));
    }

    /** One that does not end by itself is killed before its slot is given back, however little time the agent has. */
    @Test
    void anAgentWithLittleTimeGivesTheSlotBackWhenTheCommandIsDead() throws Exception {
        serve(node.slots());
        owner.ensure(new Rules("BACKUP", 1, Duration.ofMinutes(10), 1));
        Path pid = folder.resolve("pid");
        String script =
                "trap '' TERM; echo $$ > " + pid + "~; mv " + pid + "~ " + pid + "; while :; do sleep 0.1; done";
        CompletableFuture<Integer> command =
                CompletableFuture.supplyAsync(() -> run("run", "BACKUP", "--", "sh", "-c", script));
        for (int i = 0; i < 200 && !Files.exists(pid); i++) {
            tasks.sleep(Duration.ofMillis(50));
        }
        long child = Long.parseLong(Files.readString(pid).strip());
        Tasks.Task stop = tasks.fork("stop", () -> held.end(Duration.ofSeconds(2)));
        while (!owner.view("BACKUP").isEmpty()) {
            tasks.sleep(Duration.ofMillis(20));
        }
        assertTrue(ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty(), "given back before it was dead");
        assertTrue(stop.join(Duration.ofSeconds(10)));
        assertEquals(ExitCodes.TEMPORARY, command.get(30, TimeUnit.SECONDS), line.err());
    }
}
