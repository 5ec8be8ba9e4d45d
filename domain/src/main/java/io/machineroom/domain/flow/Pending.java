package io.machineroom.domain.flow;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was read and not yet begun. One task. */
final class Pending {
    private final Source source;
    private final ParkedMessages parked;
    private List<Delivery> records = List.of();

    Pending(Source source, ParkedMessages parked) {
        this.source = source;
        this.parked = parked;
    }

    /** Reads on when nothing is left; the head of it within both bounds, empty when the spool has nothing. */
    List<Delivery> head(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        if (records.isEmpty()) {
            records = source.read(maxMessages, maxBytes, wait);
        }
        return records.isEmpty() ? records : run(maxMessages, maxBytes);
    }

    /** That many of the head are begun. */
    void begun(int count) {
        records = records.subList(count, records.size());
    }

    /** These were begun and not taken: they come first again. */
    void back(List<Delivery> untaken) {
        List<Delivery> all = new ArrayList<>(untaken);
        all.addAll(records);
        records = all;
    }

    void rewind() {
        source.rewind();
        records = List.of();
    }

    /** The records of one epoch and lane at the head, parked numbers as voids; at least one. */
    private List<Delivery> run(int maxMessages, long maxBytes) {
        Stamp first = records.getFirst().stamp();
        List<Delivery> out = new ArrayList<>(records.size());
        long bytes = 0;
        for (Delivery delivery : records) {
            Stamp stamp = delivery.stamp();
            bytes += delivery.message().size();
            boolean full = out.size() == maxMessages || bytes > maxBytes && !out.isEmpty();
            if (full || stamp.lane() != first.lane() || !stamp.epoch().equals(first.epoch())) {
                break;
            }
            out.add(parked.orVoid(delivery));
        }
        return out;
    }
}
