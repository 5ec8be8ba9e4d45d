package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole machine host with the real parts: threads, processes, files, YAML. */
final class MachinesOnThisHostTest {
    private static final String MANIFEST = """
            name: heal
            version: 1.0.0
            initial_state: WATCH
            transitions:
              - {name: down, from: [WATCH], destination: HEAL}
              - {name: healed, from: [HEAL], destination: WATCH}
            watchers:
              - name: check
                type: exec
                interval: 500ms
                state_match: [WATCH]
                fail_transition: down
                properties:
                  command: test -f alive
                  timeout: 10s
                  suppress_success_announce: true
              - name: start
                type: exec
                state_match: [HEAL]
                success_transition: healed
                properties:
                  command: sh -c 'echo {{ lookup "facts.dc" "none" }} > alive'
                  timeout: 10s
            """;

    private final LinkedBlockingQueue<String> moves = new LinkedBlockingQueue<>();
    private final List<Outgoing> sent = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private MachineHost host() {
        return new RealHost(folder, this::take)
                .facts(Value.obj("dc", Value.text("lon")))
                .make();
    }

    private void take(Outgoing event) {
        sent.add(event);
        Value.Obj data = event.event().data();
        data.text("to_state").ifPresent(to -> moves.add(data.text("transition").orElse("") + ">" + to));
    }

    private String move() throws InterruptedException {
        return Optional.ofNullable(moves.poll(30, TimeUnit.SECONDS)).orElse("nothing");
    }

    @Test
    void aMachineHealsWhatItWatches() throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machines/heal"));
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(machine.resolve("machine.yaml"), MANIFEST);
        MachineHost host = host();
        Tasks.Task task = new VirtualThreadTasks().fork("machines", host::run);
        assertEquals("down>HEAL", move());
        assertEquals("healed>WATCH", move());
        assertEquals("lon\n", Files.readString(machine.resolve("alive")));
        Files.delete(machine.resolve("alive"));
        assertEquals("down>HEAL", move());
        assertEquals("healed>WATCH", move());
        assertTrue(host.machines().stream()
                .anyMatch(m -> m.name().equals("heal") && m.loadError().isEmpty()));
        task.cancel();
        assertTrue(task.join(Duration.ofSeconds(30)));
        assertEquals(List.of(), host.machines());
        assertTrue(sent.stream().anyMatch(o -> o.event().type().equals("io.machineroom.machine_stopped.v1")));
    }
}
