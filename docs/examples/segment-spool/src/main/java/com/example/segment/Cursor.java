package com.example.segment;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.stream.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Walks the records of a lane. Whatever the damage is, numbers that should be there and are not come out as voids, and
 * what was dropped is jumped over: whoever reads sees no gap. One task.
 */
final class Cursor {
    static final String DAMAGED = "damaged";
    private static final int CHUNK = 4 << 20;

    private final LaneState lane;
    private final Deque<Item> ready = new ArrayDeque<>();
    private Place place;
    private long loaded = -1;
    private int base;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    Cursor(LaneState lane, Place start) {
        this.lane = lane;
        this.place = start;
    }

    void reset(Place to) {
        ready.clear();
        place = to;
    }

    /** The next record; empty at the end of what is durable. */
    Optional<Item> next() {
        while (ready.isEmpty()) {
            Place end = lane.log().end();
            Optional<Drops.Drop> drop = lane.drops().covering(lane.lane(), place);
            if (drop.isPresent()) {
                voids(drop.get().to(), drop.get().cause());
                place = ready.isEmpty() ? drop.get().to() : place;
            } else if (!atEnd(end)) {
                frame(end);
            } else {
                voids(lane.behindAll(end), DAMAGED);
                break;
            }
        }
        Optional<Item> item = Optional.ofNullable(ready.poll());
        item.ifPresent(i -> place = i.after());
        return item;
    }

    private boolean atEnd(Place end) {
        return place.segment() > end.segment() || place.segment() == end.segment() && place.offset() >= end.offset();
    }

    /** The next whole record at or behind the place; what lies between is damaged. */
    private void frame(Place end) {
        ByteBuffer in = load(end);
        int at = place.offset() - base;
        int start = at;
        while (at < in.limit() && Frame.lengthAt(in, at) == 0) {
            at++;
        }
        Optional<Frame> found = at < in.limit() ? Frame.at(in, at) : Optional.empty();
        if (at > start) {
            lane.evidence().keep(lane.lane(), place.segment(), place.offset(), in.slice(start, at - start));
        }
        if (found.isEmpty()) {
            place = at < in.limit() ? moved(base + at + Frame.lengthAt(in, at)) : nextSegment(end);
            return;
        }
        Frame frame = found.get();
        int offset = base + at;
        Place after = LaneLog.behind(frame, place.segment(), offset + Frame.lengthAt(in, at));
        boolean strange = frame.lane() != lane.lane()
                || lane.epochs().epoch(frame.numbers().epoch()).isEmpty()
                || after.expecting(frame.numbers().epoch(), frame.numbers().from())
                        .isBefore(place);
        if (strange) {
            place = moved(after.offset());
            return;
        }
        voids(after.expecting(frame.numbers().epoch(), frame.numbers().from()), DAMAGED);
        ready.add(item(frame, new Position(place.segment(), offset), after));
    }

    private Item item(Frame frame, Position position, Place after) {
        boolean empty = !frame.cause().isEmpty();
        Item item = new Item(
                position,
                frame.numbers(),
                frame.cause(),
                empty ? Optional.empty() : Optional.of(frame.message()),
                frame.clock(),
                after);
        boolean old = !empty && lane.newest().isSuperseded(frame.message().subject(), frame.numbers());
        return old ? item.voided(LaneLimits.SUPERSEDED) : item;
    }

    private Place moved(int offset) {
        return new Place(place.segment(), offset, place.epoch(), place.next(), place.records(), place.bytes());
    }

    private Place nextSegment(Place end) {
        long next = place.segment() + 1;
        if (next > end.segment()) {
            return new Place(end.segment(), end.offset(), place.epoch(), place.next(), place.records(), place.bytes());
        }
        return new Place(next, 0, place.epoch(), place.next(), place.records(), place.bytes());
    }

    /** The bytes of the segment from the place on, as far as they are durable. */
    private ByteBuffer load(Place end) {
        int limit = place.segment() == end.segment() ? end.offset() : Integer.MAX_VALUE;
        int offset = place.offset();
        boolean there = loaded == place.segment() && offset >= base && offset < base + bytes.limit();
        if (!there) {
            try {
                int to = (int) Math.min(limit, (long) offset + CHUNK);
                ByteBuffer read = lane.log().read(place.segment(), offset, to);
                if (read.limit() == CHUNK && Frame.lengthAt(read, 0) == 0) {
                    read = lane.log().read(place.segment(), offset, limit);
                }
                bytes = read;
                base = offset;
                loaded = place.segment();
            } catch (IOException e) {
                throw Store.disk("cannot read " + lane.log().file(place.segment()), e);
            }
        } else if (Frame.lengthAt(bytes, offset - base) == 0 && base + bytes.limit() < limit) {
            loaded = -1;
            return load(end);
        }
        return bytes;
    }

    /** Voids for all numbers between the place and the given one. */
    private void voids(Place to, String cause) {
        Place at = place;
        for (long epoch : lane.epochs().from(place.epoch())) {
            if (epoch > to.epoch()) {
                break;
            }
            long from = epoch == place.epoch() ? place.next() : 1;
            long through = epoch == to.epoch() ? to.next() - 1 : lane.epochs().last(epoch, lane.lane());
            if (from <= through) {
                at = at.expecting(epoch, through + 1);
                ready.add(new Item(
                        new Position(place.segment(), place.offset()),
                        new Frame.Numbers(epoch, from, through),
                        cause,
                        Optional.empty(),
                        -1,
                        at));
            }
        }
        Item last = ready.peekLast();
        if (last != null && !cause.equals(DAMAGED)) {
            ready.removeLast();
            ready.add(last.endingAt(to));
        }
    }
}
