package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.bench.BenchBroker;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.GovernorMender;
import io.machineroom.domain.orchestration.Wish;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.transport.Link;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A governor of a real broker that somebody closed to make it smaller, and did not open again. */
@Timeout(120)
final class GovernorMendingIT {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SystemRuntime runtime = new SystemRuntime();
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();
    private final JacksonJson json = new JacksonJson();

    /** A worker who waits meanwhile gets its slot, and there is never one more than before. Time runs faster here than at the broker. */
    @Test
    void streamsW51OneThatWasLeftClosedLetsWorkersInAgain(@TempDir Path folder) throws Exception {
        String missing = NatsModule.broker(new LocalProcessRunner(), json).missing();
        if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
            Assertions.fail(missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        Files.createDirectories(folder.resolve("broker"));
        try (BenchBroker broker = new BenchBroker(folder.resolve("broker"));
                Link administrator = broker.administrator();
                Link node = broker.node()) {
            opensIt(administrator, node);
        }
    }

    private void opensIt(Link administrator, Link node) throws Exception {
        Slots owner = administrator.slots();
        owner.ensure(new Rules("LEFT", 2, LIFE, 1));
        long held = node.slots().enter("LEFT", "somebody", "a").orElseThrow();
        closeAsOneWhoIsKilled(administrator);
        assertEquals(List.of(new Slots.Closed("LEFT", "killed")), owner.closed());
        CompletableFuture<Integer> inside = new CompletableFuture<>();
        Governor governor = new Governor(node::slots, new Governor.Means(tasks, runtime, runtime, new SimMeter()));
        Wish wish = Wish.ofWatcher("LEFT", "m", "w", "n1", Duration.ofMinutes(1));
        tasks.fork(
                "worker",
                () -> inside.complete(governor.within(
                        wish, turn -> {}, () -> owner.view("LEFT").size())));
        SimTasks time = new SimTasks(1);
        GovernorMender mender = new GovernorMender(time.time(), new SimMeter());
        mender.look(owner);
        assertEquals(1, owner.closed().size(), "the change may go on");
        time.advance(GovernorMender.PATIENCE);
        mender.look(owner);
        assertEquals(2, inside.get(30, TimeUnit.SECONDS));
        assertTrue(node.slots().leave("LEFT", held));
        assertEquals(
                new Rules("LEFT", 2, LIFE, 1), owner.look("LEFT").orElseThrow().rules());
    }

    private void closeAsOneWhoIsKilled(Link administrator) throws InterruptedException {
        byte[] told = administrator.request("$JS.API.STREAM.INFO.GOVERNOR_LEFT", new byte[0], PATIENCE);
        Value.Obj closed = ((Value.Obj) json.read(told))
                .obj("config")
                .orElseThrow()
                .with("max_msg_size", Value.num(1))
                .with("description", Value.text("Concurrency Governor LEFT [closed by change killed]"));
        administrator.request("$JS.API.STREAM.UPDATE.GOVERNOR_LEFT", json.write(closed), PATIENCE);
    }
}
