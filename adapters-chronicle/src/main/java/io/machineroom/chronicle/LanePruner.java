package io.machineroom.chronicle;

import io.machineroom.ports.spool.LaneLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of one lane what is too old, too much or superseded, from the oldest on. Nothing is written into the
 * journal: {@link Drops} says which numbers are void, readers jump over them, and their segments go with the next trim.
 * Writer thread only.
 */
final class LanePruner implements AutoCloseable {
    private final LaneParts parts;
    private final Supplier<Place> slowestReader;
    private @Nullable LaneCursor cursor;
    private @Nullable JournalReader heads;

    LanePruner(LaneParts parts, Supplier<Place> slowestReader) {
        this.parts = parts;
        this.slowestReader = slowestReader;
    }

    /** The oldest record that is still to be sent, or the end. */
    Place oldest() {
        return parts.drops().behind(parts.lane(), slowestReader.get());
    }

    /**
     * Takes out at least so much of what is published, when there is so much.
     *
     * @param slack what may go beyond, in the dimension that was short: each call costs a sync
     */
    boolean free(Load needed, Load slack) {
        Place start = oldest();
        LaneTail end = parts.tail().get();
        if (end.records() - start.records() < needed.records() || end.bytes() - start.bytes() < needed.bytes()) {
            return false;
        }
        long records = needed.records() == 0 ? 0 : needed.records() + slack.records();
        long bytes = needed.bytes() == 0 ? 0 : needed.bytes() + slack.bytes();
        List<Drop> runs = new ArrayList<>();
        LaneCursor walk = cursorAt(start);
        Place at = start;
        while (at.records() - start.records() < records || at.bytes() - start.bytes() < bytes) {
            Item item = walk.next();
            if (item == null) {
                break;
            }
            runs.add(new Drop(at, item.after(), cause(item)));
            at = item.after();
        }
        parts.drops().add(parts.lane(), runs, slowestReader.get());
        return true;
    }

    private static String cause(Item item) {
        String own = item.head().voidCause();
        return own == null ? LaneLimits.OVERFLOW : own;
    }

    /** Takes out the groups that were written before that time of the spool's clock. */
    void expire(long beforeMillis) {
        Place start = oldest();
        Place to = start;
        Optional<Excerpt> found = first(start);
        while (found.isPresent()) {
            Excerpt excerpt = found.get();
            ExcerptHeader head = ExcerptHeader.read(excerpt.bytes()).orElse(null);
            if (head != null && head.clockMillis() >= beforeMillis) {
                break;
            }
            if (head != null) {
                to = new Place(
                        excerpt.index(),
                        Integer.MAX_VALUE,
                        head.ordinal(),
                        head.last() + 1,
                        head.records(),
                        head.bytes());
            }
            found = reader().after(excerpt.index());
        }
        if (start.isBefore(to)) {
            parts.drops().add(parts.lane(), List.of(new Drop(start, to, LaneLimits.EXPIRED)), slowestReader.get());
        }
    }

    private Optional<Excerpt> first(Place place) {
        Optional<Excerpt> here = place.index() == Journal.NONE || place.offset() == Integer.MAX_VALUE
                ? Optional.empty()
                : reader().at(place.index())
                        .filter(e -> place.offset() < e.bytes().limit());
        return here.or(() -> reader().after(place.index()));
    }

    /** In lane {@code NEWEST}: takes out superseded records up to the first that is not. */
    void supersede() {
        NewestIndex index = parts.newest();
        if (index == null) {
            return;
        }
        Place start = oldest();
        Place to = start;
        LaneCursor walk = cursorAt(start);
        Item item = walk.next();
        while (item != null && LaneLimits.SUPERSEDED.equals(item.head().voidCause())) {
            to = item.after();
            item = walk.next();
        }
        if (start.isBefore(to)) {
            parts.drops().add(parts.lane(), List.of(new Drop(start, to, LaneLimits.SUPERSEDED)), slowestReader.get());
        }
        index.forgetBefore(to);
    }

    private LaneCursor cursorAt(Place start) {
        LaneCursor open = cursor;
        if (open == null) {
            open = parts.cursor(start);
            cursor = open;
        }
        open.reset(start);
        return open;
    }

    private JournalReader reader() {
        JournalReader open = heads;
        if (open == null) {
            open = new JournalReader(parts.journal());
            heads = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
        }
        if (heads != null) {
            heads.close();
        }
    }
}
