package io.machineroom.app.simulation;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.wiring.SimulatedAgent;
import io.machineroom.app.wiring.SimulatedHost;
import io.machineroom.domain.agent.AgentLifecycle;
import io.machineroom.domain.agent.Exit;
import io.machineroom.http.SimulatedHttp;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.sim.SimArchives;
import io.machineroom.ports.sim.SimFacts;
import io.machineroom.ports.sim.SimHostFiles;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimProcesses;
import io.machineroom.ports.sim.SimTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node: the product's agent on a box that can be killed, cloned, rolled back and reset. */
final class NodeBox {
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final SimWorld world;
    private final String identity;
    private final Path home;
    private final Box box;
    private @Nullable SimulatedAgent agent;
    private AgentOptions.@Nullable ReadyAgent voice;
    private final SiteDoors doors;
    private final Map<String, String> settings = new HashMap<>();
    private Runnable furnishing = () -> {};
    private boolean processesHang;
    private boolean scrapped;
    private int resets;

    /**
     * A box for a node.
     *
     * @param name of the box; a clone has another one and the same identity
     */
    NodeBox(SimWorld world, String name, String identity) {
        this.world = world;
        this.identity = identity;
        this.home = Path.of("/node/" + identity);
        this.box = new Box(world.sim(), name);
        this.doors = new SiteDoors(world, box, home.resolve("state/site/nats"));
        box.tree(home);
        settings.put("MR_IDENTITY", identity);
    }

    /** A setting by its environment variable, from the next start on. */
    void setting(String variable, String value) {
        settings.put(variable, value);
    }

    /** What is there before the first start. */
    void furnish(Secret token, Map<String, String> machines) {
        furnishing = () -> put(token, machines);
        furnishing.run();
    }

    private void put(Secret token, Map<String, String> machines) {
        token.useText(text -> {
            box.disk().put(home.resolve("provisioning.jwt"), text.getBytes(StandardCharsets.US_ASCII));
            return text;
        });
        new TreeMap<>(machines)
                .forEach((name, yaml) -> box.disk()
                        .put(
                                home.resolve("machines/" + name + "/machine.yaml"),
                                yaml.getBytes(StandardCharsets.UTF_8)));
        box.tree(home).sync("");
    }

    Box box() {
        return box;
    }

    String identity() {
        return identity;
    }

    /** What it serves when it leads a site. */
    SiteDoors doors() {
        return doors;
    }

    Path home() {
        return home;
    }

    // --- its process -----------------------------------------------------------------------------

    /** Unless it was started before. */
    void startOnce() {
        if (agent == null) {
            start();
        }
    }

    void start() {
        if (scrapped) {
            return;
        }
        SimNode process = box.boot();
        voice = null;
        SimulatedAgent fresh = make(process);
        agent = fresh;
        process.fork("run", () -> {
            Exit exit = fresh.lifecycle().run();
            voice = null;
            doors.close();
            if (exit instanceof Exit.Failed failed) {
                world.log(box.name() + " ended: " + failed);
                world.exits(failed.code());
            }
            if (exit instanceof Exit.Failed) {
                world.later(RESTART, box.name() + " starts again", () -> {
                    if (box.process() == process) {
                        start();
                    }
                });
            }
        });
    }

    private SimulatedAgent make(SimNode process) {
        AgentOptions options = new AgentOptions(
                "sim-agent",
                "1.0.0",
                "ops@acme.example",
                "",
                Optional.of(world.saas().charter().organisation()),
                Optional.of(world.saas().charter().machineSigner()),
                Value::obj,
                List.of(),
                FactSource.OptOuts.none(),
                ready -> voice = ready,
                Map.of());
        ConfigSource source = new ConfigSource(new ConfigLoader(Map.of(), settings), home.resolve("agent.conf"));
        return SimulatedAgent.create(options, source, host(process));
    }

    private SimulatedHost host(SimNode process) {
        Codecs codecs = world.codecs();
        return new SimulatedHost(
                new SimulatedHost.Machine(process, box.clock(), box.entropy(), new SimMeter()),
                new SimulatedHost.Documents(codecs.json(), codecs.yaml(), codecs.formats(), box.signatures()),
                new SimulatedHost.Disk(
                        box::tree,
                        box::keyring,
                        new SimHostFiles(box.disk()),
                        new SimArchives(box.disk()),
                        programs(process),
                        new SimFacts(identity)),
                new SimulatedHost.Ways(
                        SimTransport.nats(world.network(), box.name()),
                        new SimulatedHttp.Parts(
                                world.web(),
                                codecs.json(),
                                codecs.formats(),
                                process,
                                box.clock(),
                                box.entropy(),
                                (path, content) -> box.disk().put(path, content)),
                        () -> SimulatedHttpClient.builder(world.web(), box.name()),
                        new WitnessSpools(world, box)),
                doors.open(process));
    }

    private SimProcesses programs(SimNode process) {
        SimProcesses programs =
                new SimProcesses(process).program("limited", world.limit().program(this, process));
        return programs.program("check", (command, console) -> {
            if (processesHang) {
                world.hung();
                process.sleep(Duration.ofDays(1));
            }
            boolean good = box.entropy().below(4) > 0;
            console.out(good ? "fine" : "not so");
            return good ? 0 : 1;
        });
    }

    void processesHang(boolean now) {
        processesHang = now;
    }

    /** Whether its agent runs and is enrolled. */
    boolean ready() {
        return voice != null;
    }

    /** Publishes as the vendor's code does; whether there was anybody to take it. */
    boolean say(String kind, Value.Obj data) {
        AgentOptions.ReadyAgent now = voice;
        if (now == null || box.process().paused()) {
            return false;
        }
        now.publish(kind, data);
        return true;
    }

    Value.Obj status() {
        return lifecycle().map(AgentLifecycle::status).orElse(Value.obj());
    }

    Optional<AgentLifecycle> lifecycle() {
        return Optional.ofNullable(agent).map(SimulatedAgent::lifecycle);
    }

    // --- what is done to it ----------------------------------------------------------------------

    void die(boolean power, Duration downFor) {
        voice = null;
        if (power) {
            box.powerCut();
        } else {
            box.kill();
        }
        doors.died(power);
        bootIn(downFor);
    }

    /** Dies right before one of its next writes. */
    void dieAtAWrite(int steps, Duration downFor) {
        box.powerCutAfter(steps, () -> {
            voice = null;
            doors.died(true);
            bootIn(downFor);
        });
    }

    /** Boots when nobody else did until then. */
    void bootIn(Duration downFor) {
        SimNode dead = box.process();
        world.later(downFor, box.name() + " boots", () -> {
            if (box.process() == dead) {
                start();
            }
        });
    }

    Path spoolDirectory() {
        return home.resolve("state/spool");
    }

    /** The operator resets it: stopped, made as new, started. */
    void reset() {
        die(false, Duration.ofSeconds(2));
        world.truth().destroyed(box.name());
        SimulatedAgent idle = make(box.boot());
        box.calmly(() -> idle.reset().run()).forEach(fault -> world.log(box.name() + " reset: " + fault));
        resets++;
        box.storage().delete(spoolDirectory());
        doors.loseStore();
        bootIn(Duration.ofSeconds(2));
    }

    int resets() {
        return resets;
    }

    /** It never comes back, and what it held is lost with it. */
    void scrap() {
        scrapped = true;
        voice = null;
        box.powerCut();
        doors.died(true);
        world.truth().destroyed(box.name());
    }

    /** The disk is lost; the same host comes with a new one, furnished as the first was. */
    void replace(Duration downFor) {
        die(true, downFor);
        world.truth().destroyed(box.name());
        Box empty = new Box(world.sim(), box.name());
        box.disk().becomes(empty.disk());
        box.storage().becomes(empty.storage());
        doors.loseStore();
        resets++;
        box.calmly(() -> {
            furnishing.run();
            return resets;
        });
    }
}
