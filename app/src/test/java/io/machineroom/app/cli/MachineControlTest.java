package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.conformance.machines.RealHost;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for operators against a real machine host behind a real control socket. */
final class MachineControlTest {
    private static final String MANIFEST = """
            name: light
            version: 1.2.3
            initial_state: OFF
            transitions:
              - {name: switch_on, from: [OFF], destination: ON}
              - {name: switch_off, from: [ON], destination: OFF}
            watchers:
              - name: probe
                type: exec
                state_match: [ON]
                properties:
                  command: sh -c 'echo "{\\"lumen\\":800}"'
                  parse_as_data: true
                  timeout: 10s
              - name: lever
                type: httpswitch
                success_transition: switch_on
                fail_transition: switch_off
            """;

    @TempDir
    private Path folder;

    private final MachineCommandLine line = new MachineCommandLine();
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private Optional<Tasks.Task> task = Optional.empty();
    private Optional<AutoCloseable> control = Optional.empty();

    @BeforeEach
    void begin() throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machines/light"));
        Files.writeString(machine.resolve("machine.yaml"), MANIFEST);
        Files.createDirectories(folder.resolve("state"));
        MachineHost host = host();
        task = Optional.of(new VirtualThreadTasks().fork("machines", host::run));
        Path socket = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config())
                .base()
                .controlSocket();
        control = Optional.of(new UnixControlSocket(new JacksonJson())
                .serve(socket, (request, answers) -> host.desk().handle(request, answers)));
        until("machine_started light");
    }

    @AfterEach
    void end() throws Exception {
        control.orElseThrow().close();
        task.orElseThrow().cancel();
        assertTrue(task.orElseThrow().join(Duration.ofSeconds(30)));
    }

    private Path config() {
        return folder.resolve("agent.cfg");
    }

    private void until(String event) throws InterruptedException {
        while (true) {
            String next = Optional.ofNullable(events.poll(30, TimeUnit.SECONDS)).orElseThrow();
            if (next.equals(event)) {
                return;
            }
        }
    }

    private MachineHost host() {
        return new RealHost(
                        folder,
                        out -> events.add(out.event()
                                        .type()
                                        .replace("io.machineroom.", "")
                                        .replace(".v1", "") + " "
                                + out.event().data().text("machine").orElse("")))
                .make();
    }

    private int run(String command, String... more) {
        String[] all = new String[more.length + 3];
        all[0] = command;
        System.arraycopy(more, 0, all, 1, more.length);
        all[more.length + 1] = "--config";
        all[more.length + 2] = config().toString();
        return line.run(all);
    }

    /** Its watchers are asked for the first time in tasks of their own, after the machine said that it started. */
    private void shows(String expected, String machine) {
        long end = System.nanoTime() + 30_000_000_000L;
        String shown;
        do {
            assertEquals(0, run("states", machine), line.err());
            shown = line.out();
        } while (!shown.equals(expected) && System.nanoTime() < end);
        assertEquals(expected, shown);
    }

    @Test
    void showsARefusedMachineByItsFolderAndItsName() throws Exception {
        Path lamp = Files.createDirectories(folder.resolve("machines/lamp"));
        Files.writeString(lamp.resolve("machine.yaml"), MANIFEST.replace("name: light", "name: bulb") + "  - {}\n");
        until("machine_rejected lamp");
        for (String name : new String[] {"lamp", "bulb"}) {
            assertEquals(0, run("states", name), line.err());
            assertTrue(line.out().startsWith("lamp (bulb)   does not run: machine.invalid: "), line.out());
        }
    }

    @Test
    void showsFiresAndReads() throws Exception {
        shows("light 1.2.3  OFF  directory\n    can switch_on\n    lever: unknown\n", "light");
        assertEquals(0, run("fire", "light", "switch_on"), line.err());
        assertEquals("light: OFF > ON\n", line.out());
        until("io.choria.machine.watcher.exec.state light");
        assertEquals(0, run("data", "light"), line.err());
        assertTrue(line.out().contains("\"lumen\" : 800"), line.out());
        assertEquals(0, run("states", "--json"), line.err());
        assertTrue(line.out().contains("\"name\":\"light\"") && line.out().contains("machines_manager"), line.out());
        assertTrue(line.out().contains("\"available_transitions\":[\"switch_off\"]"), line.out());
    }

    @Test
    void pressesASwitch() throws Exception {
        assertEquals(0, run("press", "light", "lever", "on"), line.err());
        assertEquals("light: lever on\n", line.out());
        until("io.choria.machine.transition light");
        assertEquals(0, run("states", "light"), line.err());
        assertTrue(line.out().startsWith("light 1.2.3  ON "), line.out());
        assertEquals(0, run("press", "light", "lever", "off"), line.err());
        until("io.choria.machine.transition light");
        assertEquals(ExitCodes.DATA, run("press", "light", "probe", "on"));
        assertEquals("agent: there is no switch 'probe' [machine.press]\n", line.err());
        assertEquals(ExitCodes.USAGE, run("press", "light", "lever", "up"));
    }

    @Test
    void saysWhyNot() {
        assertEquals(ExitCodes.DATA, run("fire", "light", "switch_of"));
        assertEquals(
                "agent: Could not perform switch_of transition: transition switch_of is not valid while in OFF state;"
                        + " did you mean 'switch_on'? [machine.fire]\n",
                line.err());
        assertEquals(ExitCodes.DATA, run("fire", "ligt", "switch_on"));
        assertEquals(
                "agent: Could not perform switch_on transition: could not find machine matching criteria name='ligt',"
                        + " version='', path='', id=''; did you mean 'light'? [machine.unknown]\n",
                line.err());
        assertEquals(ExitCodes.DATA, run("data", "ligt"));
        assertEquals("agent: Could not find a matching machine; did you mean 'light'? [machine.unknown]\n", line.err());
        assertEquals(ExitCodes.USAGE, line.run("data", "light"));
        assertEquals(
                ExitCodes.UNAVAILABLE,
                line.run("states", "--config", folder.resolve("x/agent.cfg").toString()));
    }
}
