package com.example.segment;

import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * One lane and what belongs to it.
 *
 * @param log its files
 * @param epochs the openings
 * @param drops what the bounds took out
 * @param newest what is superseded
 * @param evidence where damaged bytes go
 * @param readers all readers of the spool
 */
record LaneState(LaneLog log, Epochs epochs, Drops drops, Newest newest, Evidence evidence, Collection<Marks> readers) {
    Lane lane() {
        return log.lane();
    }

    Cursor cursor(Place start) {
        return new Cursor(this, start);
    }

    /** The place behind every number ever given. */
    Place behindAll(Place end) {
        long current = epochs.from(0).getLast();
        return end.expecting(current, end.epoch() == current ? end.next() : 1);
    }

    /** The oldest record that the files hold. */
    Place oldest() {
        Place end = log.end();
        try {
            for (long number : log.segments()) {
                var bytes = log.read(number, 0, number == end.segment() ? end.offset() : Integer.MAX_VALUE);
                for (int at = 0; at < bytes.limit(); at++) {
                    int length = Frame.lengthAt(bytes, at);
                    if (length > 0) {
                        Frame frame = Frame.at(bytes, at).orElseThrow();
                        return new Place(
                                number,
                                at,
                                frame.numbers().epoch(),
                                frame.numbers().from(),
                                frame.totals().records() - 1,
                                frame.totals().bytes() - length);
                    }
                }
            }
        } catch (IOException e) {
            throw Store.disk("cannot read lane " + lane().wireName(), e);
        }
        return end;
    }

    /** Where the slowest reader stands; without readers, the oldest record. */
    Place slowest() {
        Place slowest = null;
        for (Marks marks : readers) {
            Place low = marks.low(lane());
            slowest = slowest == null || low.isBefore(slowest) ? low : slowest;
        }
        return slowest == null ? oldest() : slowest;
    }

    /** The oldest record that is still to be sent. */
    Place waiting() {
        return drops.behind(lane(), slowest());
    }

    /** Looks at what waits for the last record of each subject; for lane {@code NEWEST}. */
    void noteNewest() {
        Cursor cursor = cursor(waiting());
        for (Optional<Item> item = cursor.next(); item.isPresent(); item = cursor.next()) {
            Frame.Numbers numbers = item.get().numbers();
            item.get().message().ifPresent(m -> newest.put(m.subject(), numbers));
        }
    }

    static Stats stats(Collection<LaneState> lanes, long clockNow, long damaged) {
        Stats all = new Stats(0, 0, 0, 0, damaged, 0);
        for (LaneState lane : lanes) {
            Stats of = lane.stats(clockNow);
            all = new Stats(
                    all.records() + of.records(),
                    all.bytes() + of.bytes(),
                    all.diskBytes() + of.diskBytes(),
                    all.tornBytes() + of.tornBytes(),
                    damaged,
                    Math.max(all.oldestAgeSeconds(), of.oldestAgeSeconds()));
        }
        return all;
    }

    Stats stats(long clockNow) {
        Place from = waiting();
        Place end = log.end();
        long records = Math.max(0, end.records() - from.records());
        long clock = records == 0 ? -1 : cursor(from).next().map(Item::clock).orElse(-1L);
        try {
            return new Stats(
                    records,
                    Math.max(0, end.bytes() - from.bytes()),
                    log.diskBytes(),
                    log.tornBytes(),
                    0,
                    clock < 0 ? 0 : Math.max(0, (clockNow - clock) / 1000));
        } catch (IOException e) {
            throw Store.disk("cannot read lane " + lane().wireName(), e);
        }
    }
}
