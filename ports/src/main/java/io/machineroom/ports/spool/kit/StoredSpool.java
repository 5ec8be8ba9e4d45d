package io.machineroom.ports.spool.kit;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A spool over the files of a {@link SpoolStore}. Any task may call it; {@link Turns} let in one at a time. */
public final class StoredSpool implements Spool {
    private final SpoolStore store;
    private final Turns turns;
    private final Books books;
    private final Map<String, StoredSource> live = new HashMap<>();
    private long news;
    private boolean closed;

    /**
     * Opens the spool: looks at every record, and saves the ledger with a new epoch in it.
     *
     * @param store its files, held already; closed with the spool, but not when this fails
     * @param settings the bounds
     * @param ticks monotonic nanoseconds
     * @param nonce 32 random lower-case hex digits
     * @param turns how tasks take turns
     * @throws PortException as {@link LaneStore} does
     */
    public StoredSpool(SpoolStore store, Settings settings, LongSupplier ticks, String nonce, Turns turns) {
        this.store = store;
        this.turns = turns;
        this.books = new Books(store, settings, ticks, nonce);
    }

    private <T> T open(Supplier<T> work) {
        return turns.alone(() -> {
            mustBeOpen(!closed);
            return work.get();
        });
    }

    private static void mustBeOpen(boolean open) {
        if (!open) {
            throw new PortException.Refused("spool.closed", "the spool or its source is closed");
        }
    }

    private <T> T changed(T what) {
        news++;
        turns.changed();
        return what;
    }

    @Override
    public Epoch epoch() {
        return books.epoch();
    }

    @Override
    public List<Appended> append(Lane lane, List<Message> messages) {
        messages.forEach(books::mustBeSmall);
        return messages.isEmpty() ? List.of() : open(() -> changed(books.append(lane, messages)));
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) {
        return open(() -> changed(books.skip(lane, count, cause)));
    }

    @Override
    public Source source(String reader) {
        if (!reader.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("reader name " + reader);
        }
        return open(() -> {
            if (live.containsKey(reader)) {
                throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
            }
            books.begin(reader);
            StoredSource source = new StoredSource(this, reader);
            live.put(reader, source);
            return source;
        });
    }

    /** Work of a source. */
    <T> T in(StoredSource source, Function<Books, T> work) {
        return open(() -> {
            mustBeOpen(live.containsValue(source));
            return work.apply(books);
        });
    }

    void forget(StoredSource source) {
        turns.alone(() -> changed(live.values().remove(source)));
    }

    /** Counts what a reader may wait for. In a turn. */
    long news() {
        return news;
    }

    /** Waits until there is more news. */
    void await(long seen, Duration limit) throws InterruptedException {
        turns.await(() -> news != seen, limit);
    }

    @Override
    public Stats stats() {
        Stats all = new Stats(0, 0, 0, 0, 0, 0);
        for (Lane lane : Lane.values()) {
            Stats of = stats(lane);
            all = new Stats(
                    all.records() + of.records(),
                    all.bytes() + of.bytes(),
                    all.diskBytes() + of.diskBytes(),
                    all.tornBytes() + of.tornBytes(),
                    all.damagedRecords() + of.damagedRecords(),
                    Math.max(all.oldestAgeSeconds(), of.oldestAgeSeconds()));
        }
        return all;
    }

    @Override
    public Stats stats(Lane lane) {
        return turns.alone(() -> books.stats(lane));
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        for (Lane lane : Lane.values()) {
            Optional<Delivery> shown = open(() -> books.next(lane, Place.FIRST));
            while (shown.isPresent()) {
                if (!visitor.test(shown.get())) {
                    return;
                }
                Place behind = Place.behind(shown.get());
                shown = open(() -> books.next(lane, behind));
            }
        }
    }

    @Override
    public void trim() {
        open(() -> {
            books.trim();
            return true;
        });
    }

    @Override
    public void close() {
        turns.alone(() -> {
            if (!closed) {
                closed = true;
                try {
                    books.save();
                } finally {
                    store.close();
                }
            }
            return changed(true);
        });
    }

    /** Lets go as a dying process does: saves nothing. For tests. */
    public void abandon() {
        turns.alone(() -> {
            closed = true;
            store.close();
            return changed(true);
        });
    }
}
