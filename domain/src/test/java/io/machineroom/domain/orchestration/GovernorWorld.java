package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.sim.SimGovernors;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimWire;
import io.machineroom.ports.transport.Link;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A broker with a governor, a node that is connected to it, and who works now. */
final class GovernorWorld {
    final SimTasks sim;
    final SimWire wire;
    final SimMeter meter = new SimMeter();
    final List<Turn> turns = new ArrayList<>();
    final Governor governor;
    private Link link;
    private boolean connecting;
    int working;
    int most;
    /** How much longer each answer takes. */
    Duration answersAfter = Duration.ZERO;

    GovernorWorld(long seed) {
        sim = new SimTasks(seed);
        wire = new SimWire(sim);
        governor = new Governor(this::slots, new Governor.Means(sim, sim.time(), sim.entropy(), meter));
    }

    /** Over a link that is made anew when it is lost, as agents do: by somebody else, so that nobody waits for it here. */
    private Slots slots() {
        if (link == null || link.state() != Link.State.CONNECTED) {
            if (!connecting) {
                connecting = true;
                sim.fork("connect", this::connect);
            }
            throw new PortException.Unavailable("governor.unreachable", "no link is up");
        }
        return answersAfter.isZero() ? link.slots() : slow(link.slots());
    }

    /** As over a link whose server is asked twice, with its longest patience. */
    private Slots slow(Slots slots) {
        return (Slots) Proxy.newProxyInstance(
                Slots.class.getClassLoader(), new Class<?>[] {Slots.class}, (self, method, arguments) -> {
                    sim.sleep(answersAfter);
                    try {
                        return method.invoke(slots, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void connect() throws InterruptedException {
        try {
            link = wire.nodeLink();
        } catch (PortException.Unavailable e) {
            sim.note("no link: " + e.code());
        } finally {
            connecting = false;
        }
    }

    SimGovernors broker() {
        return wire.streams().governors();
    }

    void make(int slots, Duration lifetime) {
        broker().ensure(new Slots.Rules("G", slots, lifetime, 1));
    }

    Wish wish(Duration patience) {
        return Wish.ofWatcher("G", "m", "w", "n1", patience);
    }

    /** Works for that long, and counts who does at the same time. */
    Governor.Work<String> work(Duration time) {
        return () -> {
            working++;
            most = Math.max(most, working);
            try {
                sim.sleep(time);
                return "done";
            } finally {
                working--;
            }
        };
    }

    String run(Duration patience, Duration time) throws InterruptedException {
        return governor.within(wish(patience), turns::add, work(time));
    }

    List<Turn.Kind> kinds() {
        return turns.stream().map(Turn::kind).toList();
    }
}
