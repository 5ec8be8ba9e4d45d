package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Sink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Batches that were begun and that the next hop has not answered, oldest first, so that the line is not idle while
 * the next batch is read. Together they hold at most what one batch may hold: about a second of the line. One task.
 */
final class Outstanding {
    private final Pending pending;
    private final LinePace pace;
    private final RateBudget budget;
    private final PumpSettings settings;
    private final TimeSource time;
    private final Consumer<List<Delivery>> begun;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private int count;
    private long bytes;

    /** {@code begun} is told of every batch that is on its way. */
    Outstanding(Pending pending, PumpSettings settings, TimeSource time, Consumer<List<Delivery>> begun) {
        this.pending = pending;
        this.pace = new LinePace(settings.batchBytes());
        this.budget = new RateBudget(settings.rate(), time);
        this.settings = settings;
        this.time = time;
        this.begun = begun;
    }

    /**
     * A batch on its way.
     *
     * @param began ticks when it was begun
     * @param bytes its own
     * @param ahead bytes on the way when it was begun, its own included
     */
    record Batch(List<Delivery> records, Sink.Sending sending, long began, long bytes, long ahead) {}

    /** How long the rate keeps the next batch back; at most {@code most}. */
    Duration wait(Duration most) {
        return budget.wait(most);
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    /**
     * Begins the next batch when there is room, and something to send; waits for that only when nothing is on the way.
     *
     * @param window how many messages may still be sent without a receipt, those on the way included
     */
    boolean begin(Sink sink, int resend, long window) throws InterruptedException {
        long most = budget.batchBytes(Math.max(1, pace.batchBytes() / sink.depth()));
        boolean idle = batches.isEmpty();
        if (!idle && (batches.size() >= sink.depth() || pace.batchBytes() - bytes < most)
                || window <= count
                || !budget.wait(settings.idle()).isZero()) {
            return false;
        }
        List<Delivery> batch = pending.head(settings.batchMessages(), most, idle ? settings.idle() : Duration.ZERO);
        if (batch.isEmpty()
                || !idle && !epoch(batch).equals(epoch(batches.getLast().records()))) {
            return false; // an epoch begins when the one before is over the line
        }
        long size = batch.stream().mapToLong(d -> d.message().size()).sum();
        long began = time.ticks();
        Sink.Sending sending = sink.begin(batch, resend);
        budget.sent(size);
        pending.begun(batch.size());
        begun.accept(batch);
        count += batch.size();
        bytes += size;
        batches.addLast(new Batch(batch, sending, began, size, bytes));
        return true;
    }

    private static Epoch epoch(List<Delivery> batch) {
        return batch.getFirst().stamp().epoch();
    }

    /** Takes the oldest out, to be awaited. */
    @Nullable Batch poll() {
        Batch oldest = batches.pollFirst();
        if (oldest != null) {
            count -= oldest.records().size();
            bytes -= oldest.bytes();
        }
        return oldest;
    }

    /** So many of the oldest were taken; when not all, the rest and what was begun behind it come first again. */
    void taken(Batch oldest, int accepted) {
        pace.took(oldest.ahead(), Duration.ofNanos(time.ticks() - oldest.began()));
        if (accepted < oldest.records().size()) {
            back(oldest.records().subList(accepted, oldest.records().size()));
        }
    }

    /** These were not taken: they come first again, and what was begun behind them is sent again after them. */
    void back(List<Delivery> untaken) {
        List<Delivery> all = new ArrayList<>(untaken);
        batches.forEach(batch -> all.addAll(batch.records()));
        forget();
        pending.back(all);
    }

    /** Reads again from behind the last receipt. */
    void rewind() {
        forget();
        pending.rewind();
    }

    private void forget() {
        batches.clear();
        count = 0;
        bytes = 0;
    }
}
