package io.machineroom.app.simulation;

import io.machineroom.app.wiring.SimulatedHost;
import io.machineroom.ports.sim.SimBroker;
import io.machineroom.ports.sim.SimGateway;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimStreams;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the leader of a site serves from its box: a broker, which is a process of its own and outlives the agent's, and a gateway,
 * which does not. Every box has it; only who leads opens it, and only the box that the site's name leads to is found there.
 */
final class SiteDoors {
    /** A broker syncs what it stores every two minutes. */
    private static final int UNSYNCED_SECONDS = 120;

    private final SimWorld world;
    private final Box box;
    private final Path directory;
    private final SimBroker broker;

    SiteDoors(SimWorld world, Box box, Path directory) {
        this.world = world;
        this.box = box;
        this.directory = directory;
        this.broker = new SimBroker(world.network(), box.name());
    }

    /** For a process that starts. */
    SimulatedHost.Servers open(SimNode process) {
        SimGateway gateway = new SimGateway(box.disk()).whenBroken(world::broken);
        world.map().door(box).ifPresent(door -> world.web().open(door.host(), gateway, process, door.caPin()));
        return new SimulatedHost.Servers(
                world.accounts().guarded(broker, box.name()), gateway, new PlainCertificates(box));
    }

    /** The process is gone. */
    void close() {
        world.map().door(box).ifPresent(door -> world.web().close(door.host()));
    }

    /** What the site's broker stores. */
    SimStreams store() {
        return broker.store(directory);
    }

    boolean brokerRuns() {
        return broker.runs(directory);
    }

    void killBroker() {
        broker.kill(directory);
    }

    /** The broker dies, and its disk has what it had that long ago. */
    void forget(Duration last) {
        broker.forget(directory, last);
    }

    /** All that was stored is gone, and the broker with it: its keeper starts it on an empty directory. */
    void loseStore() {
        broker.lose(directory);
    }

    /** The agent was killed: the broker runs on, and the next start takes over. After a power cut it lost what was not synced. */
    void died(boolean power) {
        close();
        if (!power) {
            broker.orphan(directory);
        } else if (brokerRuns()) {
            forget(Duration.ofSeconds(world.sim().entropy().below(UNSYNCED_SECONDS)));
        }
    }
}
