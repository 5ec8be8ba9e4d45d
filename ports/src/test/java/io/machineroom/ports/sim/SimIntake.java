package io.machineroom.ports.sim;

import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A simulated reader of a work queue. */
final class SimIntake implements Intake {
    private final SimLink link;
    private final SimQueue queue;
    private final Supplier<SimStream> stream;

    SimIntake(SimLink link, SimQueue queue, Supplier<SimStream> stream) {
        this.link = link;
        this.stream = stream;
        this.queue = queue;
    }

    private long ticks() {
        return link.network().sim().time().ticks();
    }

    private boolean connected() {
        return link.state() == Link.State.CONNECTED;
    }

    @Override
    public List<Arrival> read(int maxMessages, Duration wait) throws InterruptedException {
        SimTasks sim = link.network().sim();
        long deadline = sim.time().ticks() + wait.toNanos();
        while (!queue.ready(ticks()) && sim.time().ticks() < deadline && connected()) {
            // what was taken along comes back by time and not by an event
            Duration left = Duration.ofNanos(
                    Math.min(deadline, queue.nextDue(ticks())) - sim.time().ticks());
            sim.await("an arrival", () -> queue.ready(ticks()) || !connected(), left);
        }
        return link.ask("intake.unreachable", SimLink.PATIENCE, () -> queue.take(maxMessages, ticks()));
    }

    @Override
    public void settle(List<Arrival> arrivals) throws InterruptedException {
        answer(arrivals, sequence -> queue.settle(sequence, ticks()));
    }

    @Override
    public void release(List<Arrival> arrivals) throws InterruptedException {
        answer(arrivals, queue::release);
    }

    private void answer(List<Arrival> arrivals, LongConsumer word) throws InterruptedException {
        if (!arrivals.isEmpty()) {
            link.ask("intake.unreachable", SimLink.PATIENCE, () -> {
                arrivals.forEach(a -> word.accept(Long.parseLong(a.token())));
                return arrivals.size();
            });
        }
    }

    @Override
    public Backlog backlog() throws InterruptedException {
        return link.ask("intake.unreachable", SimLink.PATIENCE, () -> {
            SimStream all = stream.get();
            long bytes = all.held().values().stream().mapToLong(m -> m.size()).sum();
            return new Backlog(
                    all.held().size(),
                    bytes,
                    all.oldest().stream()
                            .mapToObj(
                                    ticks -> link.network().sim().time().wall().minusNanos(ticks() - ticks))
                            .findFirst());
        });
    }

    @Override
    public void close() {
        // nothing is held here: what was read and not settled comes back by itself
    }
}
