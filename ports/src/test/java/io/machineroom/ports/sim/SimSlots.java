package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The governors of a simulated server seen over a link; a node may enter, leave, look and list. */
final class SimSlots implements Slots {
    private static final String UNREACHABLE = "governor.unreachable";
    private static final Duration ENTER = Duration.ofSeconds(1);

    private final SimLink link;

    SimSlots(SimLink link) {
        this.link = link;
    }

    private SimGovernors there() {
        return link.stored(UNREACHABLE).governors();
    }

    private <T> T owner(String what, Supplier<T> effect) throws InterruptedException {
        if (link.ends().isNode()) {
            throw new PortException.Refused("governor.denied", "a node may not " + what);
        }
        return link.ask(UNREACHABLE, SimLink.PATIENCE, effect);
    }

    @Override
    public Optional<Long> enter(String governor, String holder, String attempt) throws InterruptedException {
        SimGovernors.named(governor);
        return link.ask(UNREACHABLE, ENTER, () -> there().enter(governor, holder, attempt));
    }

    @Override
    public boolean leave(String governor, long slot) throws InterruptedException {
        SimGovernors.named(governor);
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> there().leave(governor, slot));
    }

    @Override
    public Optional<Standing> look(String governor) throws InterruptedException {
        SimGovernors.named(governor);
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> there().look(governor));
    }

    @Override
    public List<String> names() throws InterruptedException {
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> there().names());
    }

    @Override
    public List<Slot> view(String governor) throws InterruptedException {
        return owner("see holders", () -> there().view(governor));
    }

    @Override
    public void ensure(Rules rules) throws InterruptedException {
        owner("make governors", () -> {
            there().ensure(rules);
            return true;
        });
    }

    @Override
    public String evict(String governor, long slot) throws InterruptedException {
        return owner("evict", () -> there().evict(governor, slot));
    }

    @Override
    public void reset(String governor) throws InterruptedException {
        owner("reset", () -> {
            there().reset(governor);
            return true;
        });
    }

    @Override
    public boolean delete(String governor) throws InterruptedException {
        return owner("delete governors", () -> there().delete(governor));
    }

    @Override
    public List<Closed> closed() throws InterruptedException {
        return owner("see what is closed", () -> there().closed());
    }

    @Override
    public boolean open(Closed left) throws InterruptedException {
        return owner("open governors", () -> there().open(left));
    }
}
