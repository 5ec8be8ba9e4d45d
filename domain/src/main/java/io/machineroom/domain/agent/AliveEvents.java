package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.function.Consumer;

/** Says "alive": first after a random part of the interval (whole minutes of it), then on the interval. */
final class AliveEvents implements Service {
    private final Events events;
    private final Consumer<Outgoing> out;
    private final Duration interval;
    private final Tasks tasks;
    private final Entropy entropy;

    AliveEvents(Events events, Consumer<Outgoing> out, Duration interval, Tasks tasks, Entropy entropy) {
        this.events = events;
        this.out = out;
        this.interval = interval;
        this.tasks = tasks;
        this.entropy = entropy;
    }

    @Override
    public String name() {
        return "alive";
    }

    @Override
    public void run() throws InterruptedException {
        tasks.sleep(first());
        while (true) {
            out.accept(events.alive());
            tasks.sleep(interval);
        }
    }

    private Duration first() {
        return interval.toMinutes() > 0
                ? Duration.ofMinutes(entropy.below(interval.toMinutes()))
                : Duration.ofMillis(entropy.below(Math.max(1, interval.toMillis())));
    }
}
