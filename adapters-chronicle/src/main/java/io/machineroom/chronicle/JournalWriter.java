package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Lays frames into the excerpts of a journal and makes them durable as one group. All but {@link #tail} belongs to the
 * writer thread.
 */
final class JournalWriter {
    private final Journal journal;
    private final SpoolClock clock;
    private final ExcerptBuilder builder = new ExcerptBuilder();
    private volatile LaneTail tail;
    private LaneTail open;
    private boolean torn;
    private boolean failed;
    private int unforced;

    JournalWriter(Journal journal, SpoolClock clock) {
        this.journal = journal;
        this.clock = clock;
        this.tail = LaneTail.of(journal);
        this.open = tail;
    }

    Journal journal() {
        return journal;
    }

    /** Where readers see the journal end. Any task. */
    LaneTail tail() {
        return tail;
    }

    /** Where the journal ends with what this group laid. */
    LaneTail open() {
        return open;
    }

    /** Bytes of an excerpt with one such frame: what an append costs at most. */
    static long cost(int payloadBytes) {
        return (long) ExcerptHeader.BYTES + Frames.OVERHEAD + payloadBytes;
    }

    /**
     * Adds a frame.
     *
     * @param more whether the frame before belongs to the same append, so that a cut between them must not stand
     */
    void frame(long ordinal, long last, int payloadBytes, boolean more, Consumer<ByteBuffer> payload)
            throws IOException {
        if (!builder.isEmpty() && builder.length() + payloadBytes > JournalSettings.TARGET_EXCERPT_BYTES) {
            flush(more);
        }
        payload.accept(builder.room(payloadBytes));
        builder.add(payloadBytes);
        open = new LaneTail(open.index(), ordinal, last, open.records() + 1, open.bytes());
    }

    private void flush(boolean more) throws IOException {
        if (builder.isEmpty()) {
            return;
        }
        int length = builder.length();
        open = new LaneTail(open.index(), open.ordinal(), open.last(), open.records(), open.bytes() + length);
        builder.head(new ExcerptHeader(
                length,
                more,
                builder.frames(),
                open.ordinal(),
                open.last(),
                open.records(),
                open.bytes(),
                clock.millis(),
                unforced));
        journal.disk().secure(length);
        torn = true;
        journal.write(builder.array(), length);
        unforced++;
        builder.clear();
    }

    /** Makes the group durable and visible. */
    void commit() throws IOException {
        flush(false);
        journal.force();
        journal.publish();
        torn = false;
        unforced = 0;
        open = new LaneTail(journal.published(), open.ordinal(), open.last(), open.records(), open.bytes());
        tail = open;
    }

    /** Forgets the group; the journal is repaired before the next one. */
    void rollBack() {
        builder.clear();
        unforced = 0;
        open = tail;
        failed = torn;
    }

    /** Cuts what a failed group left in the files, if anything. */
    void heal() throws IOException {
        if (failed) { // not while a group is being laid, which may have excerpts in the file already
            journal.recover();
            torn = false;
            failed = false;
        }
    }
}
