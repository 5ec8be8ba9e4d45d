package io.machineroom.ports.spool.kit;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/** One lane: how much waits in it, what comes next, what is void. It holds no records but counts them. */
final class LaneBook {
    private static final String DAMAGED = "damaged";

    private final Lane lane;
    private final LaneStore store;
    private final Ledger ledger;
    private final Map<String, Latest> newest = new HashMap<>();
    private Load load = Load.NONE;
    private long damaged;

    /** The last message of a subject, in lane {@code NEWEST}. */
    private record Latest(Place place, Load load) {}

    LaneBook(Lane lane, LaneStore store, Ledger ledger) {
        this.lane = lane;
        this.store = store;
        this.ledger = ledger;
        recount();
    }

    Lane lane() {
        return lane;
    }

    /** Messages that not every reader is done with. */
    Load load() {
        return load;
    }

    /** A change of the ledger was not saved: that much waits again. */
    void takeBack(Load before) {
        load = before;
    }

    /** Looks at each record. */
    void recount() {
        load = Load.NONE;
        newest.clear();
        for (var next = store.find(Place.FIRST);
                next.isPresent();
                next = store.find(next.get().behind())) {
            took(next.get());
        }
        damaged = store.damaged();
    }

    void append(List<Entry> entries) {
        store.append(entries);
        entries.forEach(this::took);
    }

    private void took(Entry entry) {
        ledger.given(lane, entry.last());
        ledger.at(entry.clock());
        entry.message().ifPresent(message -> {
            Latest latest = new Latest(entry.from(), Load.of(entry));
            load = isWaiting(latest.place) ? load.plus(latest.load) : load;
            if (lane == Lane.NEWEST) {
                Latest before = newest.put(message.subject().text(), latest);
                load = before != null && isWaiting(before.place) ? load.minus(before.load) : load;
            }
        });
    }

    private boolean isWaiting(Place place) {
        return ledger.last(lane, place.epoch()) > 0
                && place.number() > done(place.epoch())
                && ledger.dropped(lane, place).isEmpty();
    }

    private long done(long epoch) {
        return ledger.done(lane, epoch);
    }

    /** All readers are done with more of an epoch than before; what was damaged meanwhile cannot be counted off. */
    void settle(long epoch, long before) {
        Place end = new Place(epoch, done(epoch));
        var next = next(new Place(epoch, before + 1), _ -> before);
        while (next.isPresent() && next.get().from().compareTo(end) <= 0) {
            load = next.get().isVoid() ? load : load.minus(Load.of(next.get()));
            next = next(next.get().behind(), _ -> before);
        }
        if (damaged != store.damaged()) {
            recount();
        }
    }

    /** What comes at or behind a place and is not done: whoever reads sees no gap. */
    Optional<Entry> next(Place from, LongUnaryOperator done) {
        for (long epoch : ledger.since(from.epoch())) {
            long number = Math.max(done.applyAsLong(epoch) + 1, epoch == from.epoch() ? from.number() : 1);
            if (number <= ledger.last(lane, epoch)) {
                return Optional.of(at(new Place(epoch, number)));
            }
        }
        return Optional.empty();
    }

    /** The same for what not every reader is done with. */
    Optional<Entry> next(Place from) {
        return next(from, this::done);
    }

    /** Numbers that were given, that nobody dropped and that the files do not have, are damaged. */
    private Entry at(Place place) {
        long last = ledger.last(lane, place.epoch());
        Optional<Ledger.Run> run = ledger.dropped(lane, place);
        if (run.isPresent()) {
            Place through = run.get().through();
            long end = through.epoch() == place.epoch() ? through.number() : last;
            return Entry.empty(place, end, run.get().cause(), 0);
        }
        Optional<Entry> found = store.find(place).filter(e -> e.from().epoch() == place.epoch());
        if (found.isPresent() && found.get().from().compareTo(place) <= 0) {
            Entry entry = found.get().since(place);
            return isSuperseded(entry) ? entry.voided(LaneLimits.SUPERSEDED) : entry;
        }
        return Entry.empty(place, found.map(e -> e.from().number() - 1).orElse(last), DAMAGED, 0);
    }

    private boolean isSuperseded(Entry entry) {
        return entry.message()
                .map(message -> newest.get(message.subject().text()))
                .filter(latest -> !latest.place.equals(entry.from()))
                .isPresent();
    }

    Delivery deliver(Entry entry) {
        Place from = entry.from();
        Epoch epoch = ledger.epoch(from.epoch());
        String cause = entry.isVoid() ? entry.cause() : null;
        var previous = ledger.previous(lane, from.epoch()).orElse(null);
        Stamp stamp = new Stamp(epoch, previous, lane, from.number(), entry.through(), cause);
        String id = "void." + epoch.nonce() + "." + lane.wireName() + "." + from.number();
        Message empty = new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
        Position position =
                new Position(from.epoch() << 32 | from.number() >>> 31, (int) (from.number() & Integer.MAX_VALUE));
        return new Delivery(position, stamp, entry.message().orElse(empty), 1);
    }

    /** The oldest message that waits. */
    Optional<Entry> oldest() {
        var next = next(Place.FIRST);
        while (next.isPresent() && next.get().isVoid()) {
            next = next(next.get().behind());
        }
        return next;
    }

    /** Takes voids off the front, and messages as long as there is a cause; the ledger has them from now on. */
    void drop(Function<Entry, String> causeOf) {
        for (var next = next(Place.FIRST);
                next.isPresent();
                next = next(next.get().behind())) {
            Entry entry = next.get();
            String cause = entry.isVoid() ? entry.cause() : causeOf.apply(entry);
            if (cause.isEmpty()) {
                return;
            }
            load = entry.isVoid() ? load : load.minus(Load.of(entry));
            ledger.drop(lane, entry.last(), cause);
        }
    }

    /** Frees the space of what was dropped, or is done. */
    void trim() {
        store.trim(oldest().map(Entry::from).orElse(Place.END));
        Place first = store.find(Place.FIRST).map(Entry::from).orElse(Place.END);
        newest.values().removeIf(latest -> latest.place.compareTo(first) < 0);
    }

    /** The last number of an epoch that is gone, because all readers were done with it. */
    long gone(long epoch) {
        Place first = store.find(Place.FIRST).map(Entry::from).orElse(Place.END);
        return epoch < first.epoch() ? ledger.last(lane, epoch) : epoch == first.epoch() ? first.number() - 1 : 0;
    }

    /** Whether there are records of an epoch. */
    boolean holds(long epoch) {
        return store.find(new Place(epoch, 1))
                .filter(e -> e.from().epoch() == epoch)
                .isPresent();
    }

    Stats stats(long now) {
        long age = load.records() == 0 ? 0 : now - oldest().map(Entry::clock).orElse(now);
        return new Stats(
                load.records(),
                load.bytes(),
                store.diskBytes(),
                store.tornBytes(),
                store.damaged(),
                Math.max(0, age / 1000));
    }
}
