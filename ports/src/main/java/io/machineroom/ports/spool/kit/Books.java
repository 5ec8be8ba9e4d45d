package io.machineroom.ports.spool.kit;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool.Appended;
import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** All that a spool knows and does, for one task at a time. */
final class Books {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SpoolStore store;
    private final Settings settings;
    private final LongSupplier ticks;
    private final Ledger ledger;
    private final Epoch epoch;
    private final Map<Lane, LaneBook> lanes = new EnumMap<>(Lane.class);
    private final Room room;
    private final long startTicks;
    private final long startClock;

    Books(SpoolStore store, Settings settings, LongSupplier ticks, String nonce) {
        this.store = store;
        this.settings = settings;
        this.ticks = ticks;
        this.ledger = store.ledger();
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneBook(lane, store.lane(lane), ledger));
        }
        this.room = new Room(settings, lanes.values());
        this.startTicks = ticks.getAsLong();
        this.startClock = ledger.clock();
        this.epoch = ledger.begin(nonce, o -> lanes.values().stream().anyMatch(lane -> lane.holds(o)));
        store.save(ledger);
    }

    Epoch epoch() {
        return epoch;
    }

    private LaneBook book(Lane lane) {
        return Optional.ofNullable(lanes.get(lane)).orElseThrow();
    }

    /** The spool's own clock in milliseconds, which no wall clock moves. */
    private long clock() {
        return startClock + (ticks.getAsLong() - startTicks) / NANOS_PER_MILLI;
    }

    void save() {
        ledger.at(clock());
        store.save(ledger);
    }

    /** Changes the ledger and saves it; when that fails nothing has changed. */
    private void change(Runnable work) {
        Ledger before = ledger.copy();
        Map<Lane, Load> loads = new EnumMap<>(Lane.class);
        lanes.forEach((lane, book) -> loads.put(lane, book.load()));
        try {
            work.run();
            save();
        } catch (PortException e) {
            ledger.become(before);
            loads.forEach((lane, load) -> book(lane).takeBack(load));
            throw e;
        }
    }

    void mustBeSmall(Message message) {
        room.mustBeSmall(message);
    }

    List<Appended> append(Lane lane, List<Message> messages) {
        LaneBook book = book(lane);
        List<Entry> entries = new ArrayList<>();
        List<Appended> given = new ArrayList<>();
        Place first = next(lane);
        for (int i = 0; i < messages.size(); i++) {
            entries.add(Entry.of(first.plus(i), messages.get(i), clock()));
        }
        int fits = admit(book, entries.stream().map(Load::of).toList());
        for (Entry entry : entries.subList(0, fits)) {
            given.add(new Appended(lane, entry.through(), entry.through()));
        }
        if (fits < entries.size()) {
            Entry rest = Entry.empty(first.plus(fits), entries.getLast().through(), LaneLimits.OVERFLOW, clock());
            entries.subList(fits, entries.size()).clear();
            entries.add(rest);
            given.add(new Appended(lane, rest.from().number(), rest.through(), false));
        }
        book.append(entries);
        return given;
    }

    /** The next number of a lane. */
    private Place next(Lane lane) {
        return new Place(epoch.ordinal(), ledger.last(lane, epoch.ordinal()) + 1);
    }

    /** How many of the messages, from the first on, may come in. */
    private int admit(LaneBook book, List<Load> messages) {
        if (store.freeBytes() - Load.of(messages).bytes() < settings.reserveBytes()) {
            throw new PortException.Refused("spool.full", "the disk is at its reserve");
        }
        return room.admit(book, messages, expired(book), causes -> change(() -> book.drop(causes)));
    }

    /** The cause when a message waited too long. */
    private Function<Entry, String> expired(LaneBook book) {
        long age = settings.bounds().lane(book.lane()).maxAge().toMillis();
        long now = clock();
        return entry -> age > 0 && entry.clock() < now - age ? LaneLimits.EXPIRED : "";
    }

    Appended skip(Lane lane, long count, String cause) {
        Place first = next(lane);
        Stamp stamp = new Stamp(epoch, null, lane, first.number(), first.number() + count - 1, cause); // it checks them
        book(lane).append(List.of(Entry.empty(first, stamp.through(), cause, clock())));
        return new Appended(lane, first.number(), stamp.through(), false);
    }

    /** A reader that is new begins with the oldest record that is left. */
    void begin(String reader) {
        if (!ledger.knows(reader)) {
            change(() -> ledger.add(reader, (lane, o) -> book(lane).gone(o)));
            lanes.values().forEach(LaneBook::recount);
        }
    }

    void commit(String reader, DoneMark mark) {
        if (ledger.isProgress(reader, mark)) {
            long ordinal = mark.epoch().ordinal();
            long before = ledger.done(mark.lane(), ordinal);
            change(() -> {
                ledger.commit(reader, mark);
                book(mark.lane()).settle(ordinal, before);
            });
        }
    }

    long waiting(String reader) {
        return ledger.waiting(reader);
    }

    /** What comes at or behind a place and a reader is not done with. */
    Optional<Delivery> next(String reader, Lane lane, Place from) {
        return next(lane, from, o -> ledger.through(reader, lane, o));
    }

    /** The same for what not every reader is done with. */
    Optional<Delivery> next(Lane lane, Place from) {
        return next(lane, from, o -> ledger.done(lane, o));
    }

    private Optional<Delivery> next(Lane lane, Place from, LongUnaryOperator done) {
        LaneBook book = book(lane);
        return book.next(from, done).map(book::deliver);
    }

    void trim() {
        change(() -> lanes.values().forEach(book -> book.drop(expired(book))));
        lanes.values().forEach(LaneBook::trim);
    }

    Stats stats(Lane lane) {
        return book(lane).stats(clock());
    }
}
