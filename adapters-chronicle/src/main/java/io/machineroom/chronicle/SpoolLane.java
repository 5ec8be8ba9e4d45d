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
    private final JournalWriter writer;

    SpoolLane(Lane lane, Epoch epoch, JournalWriter writer) {
        this.lane = lane;
        this.epoch = epoch;
        this.writer = writer;
    }

    JournalWriter writer() {
        return writer;
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
        MessageCodec.Prepared message = MessageCodec.Prepared.of(LaneReader.empty(epoch, lane, from, created));
        lay(new SpoolFrame.Head(lane, epoch.ordinal(), from, through, cause), message, false);
        return new Appended(lane, from, through);
    }

    private void lay(SpoolFrame.Head head, MessageCodec.Prepared message, boolean more) throws IOException {
        int bytes = SpoolFrame.bytes(head, message);
        writer.frame(head.ordinal(), head.through(), bytes, more, to -> SpoolFrame.put(to, head, message));
    }

    /** The place of the oldest record that the files hold. */
    Place oldest() {
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
