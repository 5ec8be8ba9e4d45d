package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool.Appended;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Gives the numbers of one lane. Appending belongs to the writer thread. */
final class SpoolLane {
    private final Lane lane;
    private final Epoch epoch;
    private final LaneParts parts;
    private final JournalWriter writer;
    private final LanePruner pruner;

    SpoolLane(Epoch epoch, JournalWriter writer, LaneParts parts, LanePruner pruner) {
        this.lane = parts.lane();
        this.epoch = epoch;
        this.writer = writer;
        this.parts = parts;
        this.pruner = pruner;
    }

    LaneParts parts() {
        return parts;
    }

    LanePruner pruner() {
        return pruner;
    }

    JournalWriter writer() {
        return writer;
    }

    /**
     * What became of an append.
     *
     * @param from first number given
     * @param kept how many of its messages are kept; the rest is a void; negative: nothing happened yet
     */
    record Laid(long from, int kept) {
        static final Laid LATER = new Laid(0, Admission.LATER);

        boolean isLater() {
            return kept < 0;
        }
    }

    /** The number that comes next. */
    long next() {
        return writer.open().next(epoch.ordinal());
    }

    Appended append(List<MessageCodec.Prepared> messages) throws IOException {
        long from = writer.open().next(epoch.ordinal());
        long number = from;
        for (MessageCodec.Prepared message : messages) {
            lay(new SpoolFrame.Head(lane, epoch.ordinal(), number, number, null), message, number > from);
            number++;
        }
        return new Appended(lane, from, number - 1);
    }

    Appended skip(long count, String cause, Instant created) throws IOException {
        long from = writer.open().next(epoch.ordinal());
        long through = from + count - 1;
        MessageCodec.Prepared message = MessageCodec.Prepared.of(Deliveries.empty(epoch, lane, from, created));
        lay(new SpoolFrame.Head(lane, epoch.ordinal(), from, through, cause), message, false);
        return new Appended(lane, from, through, false);
    }

    private void lay(SpoolFrame.Head head, MessageCodec.Prepared message, boolean more) throws IOException {
        int bytes = SpoolFrame.bytes(head, message);
        writer.frame(head.ordinal(), head.through(), bytes, more, to -> SpoolFrame.put(to, head, message));
    }

    /** Closes the lane; whether all of it is on the disk. Writer thread. */
    boolean end() {
        pruner.close();
        boolean settled = writer.journal().settle();
        writer.journal().close();
        return settled;
    }

    /** The place of the oldest record that the files hold. */
    Place oldest() {
        return oldest(writer, epoch);
    }

    static Place oldest(JournalWriter writer, Epoch epoch) {
        LaneTail tail = writer.tail();
        try (JournalReader reader = new JournalReader(writer.journal())) {
            Optional<Excerpt> excerpt = reader.after(Journal.NONE);
            while (excerpt.isPresent()) {
                ExcerptHeader head = ExcerptHeader.read(excerpt.get().bytes()).orElse(null);
                if (head != null) {
                    long first = firstNumber(excerpt.get(), head);
                    return new Place(
                            excerpt.get().index(),
                            0,
                            head.ordinal(),
                            first,
                            head.records() - head.frames(),
                            head.bytes() - head.length());
                }
                excerpt = reader.after(excerpt.get().index());
            }
        }
        return tail.ordinal() == 0
                ? new Place(tail.index(), 0, epoch.ordinal(), 1, tail.records(), tail.bytes())
                : new Place(
                        tail.index(), Integer.MAX_VALUE, tail.ordinal(), tail.last() + 1, tail.records(), tail.bytes());
    }

    private static long firstNumber(Excerpt excerpt, ExcerptHeader head) {
        int length = Frames.length(excerpt.bytes(), ExcerptHeader.BYTES);
        if (length > 0 && Frames.whole(excerpt.bytes(), ExcerptHeader.BYTES, length)) {
            return SpoolFrame.read(Frames.payload(excerpt.bytes(), ExcerptHeader.BYTES, length))
                    .head()
                    .from();
        }
        return Math.max(1, head.last() - head.frames() + 1);
    }
}
