package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Sink;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The line to a {@link SimSaas}: how many batches are on it, and what arrived before its predecessors. */
final class SimPipe {
    private final Tasks tasks;
    private final Map<String, NavigableMap<Long, Delivery>> early = new HashMap<>();
    int depth = 1;
    int mostBegun;
    long mostBytesBegun;
    private int begun;
    private long bytesBegun;

    SimPipe(Tasks tasks) {
        this.tasks = tasks;
    }

    /** Takes a batch. */
    interface Taking {
        Sink.Receipt take();
    }

    /** With more than one batch on the way a batch arrives at once, and its answer comes later. */
    Sink.Sending begin(List<Delivery> batch, Taking taking) {
        long bytes = batch.stream().mapToLong(d -> d.message().size()).sum();
        begun++;
        bytesBegun += bytes;
        mostBegun = Math.max(mostBegun, begun);
        mostBytesBegun = Math.max(mostBytesBegun, bytesBegun);
        FutureTask<Sink.Receipt> arrival = new FutureTask<>(taking::take);
        if (depth > 1) {
            arrival.run();
        }
        return () -> {
            tasks.sleep(Duration.ofMillis(2));
            begun--;
            bytesBegun -= bytes;
            arrival.run();
            return told(arrival);
        };
    }

    private static Sink.Receipt told(FutureTask<Sink.Receipt> arrival) throws InterruptedException {
        try {
            return arrival.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PortException told) {
                throw told;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Keeps what came before its predecessors; false when nothing can, because one batch is on the way at a time. */
    boolean hold(String run, Delivery delivery) {
        if (depth > 1) {
            early.computeIfAbsent(run, r -> new TreeMap<>())
                    .put(delivery.stamp().from(), delivery);
        }
        return depth > 1;
    }

    /** What was held and comes now. */
    @Nullable Delivery next(String run, long number) {
        NavigableMap<Long, Delivery> held = early.get(run);
        return held == null ? null : held.remove(number);
    }

    void forget() {
        early.clear();
    }
}
