package io.machineroom.chronicle;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Position;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks the frames of a lane. Numbers that should be there and are not, whatever the damage was, come out as voids with
 * the cause {@code damaged}: whoever reads never sees a gap. One task at a time.
 */
final class LaneCursor implements AutoCloseable {
    static final String DAMAGED = "damaged";

    private final Lane lane;
    private final JournalReader reader;
    private final EpochTable epochs;
    private final Supplier<LaneTail> tail;
    private final Drops drops;
    private final Evidence evidence;
    private final @Nullable NewestIndex newest;
    private final Deque<Item> ready = new ArrayDeque<>();

    private Place place;
    private @Nullable Excerpt excerpt;
    private @Nullable ExcerptHeader header;
    private int offset;
    private int framesLeft;

    LaneCursor(LaneParts parts, @Nullable NewestIndex newest, Place start) {
        this.lane = parts.lane();
        this.reader = new JournalReader(parts.journal());
        this.epochs = parts.epochs();
        this.tail = parts.tail();
        this.drops = parts.drops();
        this.evidence = parts.evidence();
        this.newest = newest;
        this.place = start;
    }

    Place place() {
        return place;
    }

    LaneTail tail() {
        return tail.get();
    }

    EpochTable epochs() {
        return epochs;
    }

    Lane lane() {
        return lane;
    }

    void reset(Place to) {
        place = to;
        excerpt = null;
        header = null;
        ready.clear();
    }

    /** The next record, or null at the end of what is published. */
    @Nullable Item next() {
        while (ready.isEmpty()) {
            jump();
            if (!ready.isEmpty()) {
                break;
            }
            LaneTail end = tail.get();
            if (!inExcerpt() && !load()) {
                missing(epochs.current(), end.next(epochs.current()), DAMAGED);
                stepBehind(end);
                break;
            }
            frame();
        }
        Item item = ready.poll();
        if (item != null) {
            place = item.after();
        }
        return item;
    }

    /** Over records that were dropped, which come out as voids. */
    private void jump() {
        Drop drop = drops.covering(lane, place).orElse(null);
        if (drop != null) {
            missing(drop.to().ordinal(), drop.to().next(), drop.cause());
            Deque<Item> voids = drain();
            reset(drop.to());
            if (!voids.isEmpty()) {
                Item last = voids.removeLast();
                ready.addAll(voids);
                ready.add(new Item(last.position(), last.head(), null, drop.to()));
            }
        }
    }

    /** Gaps at the very end lie behind everything that is published now. */
    private void stepBehind(LaneTail end) {
        ready.addAll(drain().stream().map(i -> i.endingAt(end)).toList());
    }

    private Deque<Item> drain() {
        Deque<Item> all = new ArrayDeque<>(ready);
        ready.clear();
        return all;
    }

    private boolean inExcerpt() {
        Excerpt now = excerpt;
        return now != null && offset < now.bytes().limit();
    }

    private boolean load() {
        long behind = place.index();
        Excerpt now = excerpt;
        Optional<Excerpt> found = Optional.empty();
        if (now != null) {
            behind = now.index();
        } else if (place.index() != Journal.NONE && place.offset() < Integer.MAX_VALUE) {
            found = reader.at(place.index());
        }
        if (found.isEmpty()) {
            found = reader.after(behind);
        }
        if (found.isEmpty()) {
            return false;
        }
        enter(found.get(), found.get().index() == place.index() && now == null ? place.offset() : 0);
        return true;
    }

    private void enter(Excerpt found, int start) {
        excerpt = found;
        ByteBuffer bytes = found.bytes();
        ExcerptHeader head = ExcerptHeader.read(bytes).orElse(null);
        header = head;
        if (head == null) {
            evidence.keep(lane.wireName(), found.index(), 0, bytes);
            offset = bytes.limit();
            return;
        }
        framesLeft = head.frames();
        offset = ExcerptHeader.BYTES;
        while (offset < start && offset < bytes.limit()) {
            int length = Frames.length(bytes, offset);
            offset = length < 0 ? bytes.limit() : offset + length;
            framesLeft--;
        }
    }

    private void frame() {
        Excerpt now = excerpt;
        ExcerptHeader head = header;
        if (now == null || head == null || !inExcerpt()) {
            return;
        }
        ByteBuffer bytes = now.bytes();
        int start = offset;
        int length = Frames.length(bytes, start);
        offset = length < 0 ? bytes.limit() : start + length;
        framesLeft--;
        SpoolFrame frame = length < 0 ? null : decode(bytes, start, length);
        if (frame == null) {
            evidence.keep(lane.wireName(), now.index(), start, bytes.slice(start, offset - start));
        } else {
            found(frame, now.index(), start, head);
        }
    }

    private @Nullable SpoolFrame decode(ByteBuffer bytes, int start, int length) {
        if (!Frames.whole(bytes, start, length)) {
            return null;
        }
        try {
            SpoolFrame frame = SpoolFrame.read(Frames.payload(bytes, start, length));
            return frame.head().lane() == lane && epochs.epoch(frame.head().ordinal()) != null ? frame : null;
        } catch (IllegalArgumentException e) {
            System.getLogger(LaneCursor.class.getName()).log(System.Logger.Level.WARNING, "a frame that is none", e);
            return null;
        }
    }

    private void found(SpoolFrame frame, long index, int start, ExcerptHeader head) {
        SpoolFrame.Head numbers = frame.head();
        boolean seen = numbers.ordinal() < place.ordinal()
                || numbers.ordinal() == place.ordinal() && numbers.from() < place.next();
        if (seen) {
            return;
        }
        missing(numbers.ordinal(), numbers.from(), DAMAGED);
        Place after = new Place(
                index,
                offset,
                numbers.ordinal(),
                numbers.through() + 1,
                head.records() - framesLeft,
                head.bytes() - (head.length() - offset));
        ready.add(item(new Position(index, start), frame, after));
    }

    private Item item(Position position, SpoolFrame frame, Place after) {
        SpoolFrame.Head numbers = frame.head();
        boolean superseded = newest != null
                && numbers.voidCause() == null
                && newest.isSuperseded(frame.message().subject(), numbers.ordinal(), numbers.from());
        return superseded
                ? new Item(position, numbers.voided(LaneLimits.SUPERSEDED), null, after)
                : new Item(position, numbers, frame.message(), after);
    }

    /** Voids for all numbers between the place and the given one. */
    private void missing(long ordinal, long from, String cause) {
        long next = place.next();
        if (ordinal == place.ordinal() && from == next) {
            return;
        }
        for (long epoch : epochs.from(place.ordinal())) {
            if (epoch >= ordinal) {
                break;
            }
            gap(epoch, epoch == place.ordinal() ? next : 1, epochs.last(epoch, lane), cause);
        }
        if (ordinal >= place.ordinal()) {
            gap(ordinal, ordinal == place.ordinal() ? next : 1, from - 1, cause);
        }
    }

    private void gap(long epoch, long from, long through, String cause) {
        if (from <= through) {
            Position position = new Position(place.index(), place.offset());
            ready.add(new Item(
                    position,
                    new SpoolFrame.Head(lane, epoch, from, through, cause),
                    null,
                    place.expecting(epoch, through + 1)));
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
