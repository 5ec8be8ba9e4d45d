package io.machineroom.chronicle;

import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.store.EventLog.Stored;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows an event log. An entry that is damaged is set aside and left out; the indexes of the others do not move. */
final class EventLogReader implements EventLog.Reader {
    private final Journal journal;
    private final JournalReader reader;
    private final Disk disk;
    private final Evidence evidence;
    private final Arrivals arrivals;
    private long next;
    private long behind = Journal.NONE;
    private boolean found;
    private boolean closed;
    private @Nullable Excerpt excerpt;
    private int offset;
    private long framesLeft;
    private long through;

    EventLogReader(Journal journal, Disk disk, Evidence evidence, Arrivals arrivals, long fromIndex) {
        this.journal = journal;
        this.reader = new JournalReader(journal);
        this.disk = disk;
        this.evidence = evidence;
        this.arrivals = arrivals;
        this.next = fromIndex;
    }

    @Override
    public List<Stored> read(int maxEntries, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        List<Stored> entries = new ArrayList<>();
        while (true) {
            long seen = arrivals.version();
            collect(maxEntries, entries);
            if (!entries.isEmpty() || !arrivals.await(seen, deadline)) {
                return entries;
            }
        }
    }

    private void collect(int maxEntries, List<Stored> entries) {
        if (closed) {
            throw disk.closed();
        }
        if (!found) {
            locate();
        }
        while (entries.size() < maxEntries) {
            Excerpt now = excerpt;
            if (now == null || offset >= now.bytes().limit()) {
                if (!load()) {
                    return;
                }
            } else {
                frame(now, entries);
            }
        }
    }

    /** Goes to the segment of the wanted entry; the rest is read over. */
    private void locate() {
        if (journal.published() != Journal.NONE) {
            int segment = segmentOf(reader, journal.segments(), next);
            behind = segment == 0 ? Journal.NONE : Segments.CYCLE.toIndex(segment, 0) - 1;
            found = true;
        }
    }

    /** The last of the segments whose first entry is at or before the given one; 0 when there is none. */
    static int segmentOf(JournalReader reader, List<Integer> segments, long entry) {
        int low = 0;
        int high = segments.size();
        while (low < high) {
            int middle = (low + high) / 2;
            Optional<ExcerptHeader> head = reader.at(Segments.CYCLE.toIndex(segments.get(middle), 0))
                    .flatMap(e -> ExcerptHeader.read(e.bytes()));
            if (head.isPresent() && head.get().records() - head.get().frames() <= entry) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : segments.get(low - 1);
    }

    private boolean load() {
        Excerpt from = reader.after(behind).orElse(null);
        if (from == null) {
            return false;
        }
        behind = from.index();
        ExcerptHeader head = ExcerptHeader.read(from.bytes()).orElse(null);
        if (head == null) {
            evidence.keep("entries", from.index(), 0, from.bytes());
            excerpt = null;
            return true;
        }
        excerpt = from;
        offset = head.records() <= next ? from.bytes().limit() : ExcerptHeader.BYTES;
        framesLeft = head.frames();
        through = head.records();
        return true;
    }

    private void frame(Excerpt now, List<Stored> entries) {
        ByteBuffer bytes = now.bytes();
        int start = offset;
        int length = Frames.length(bytes, start);
        long index = through - framesLeft;
        framesLeft--;
        if (length < 0) {
            evidence.keep("entries", now.index(), start, bytes.slice(start, bytes.limit() - start));
            offset = bytes.limit();
            return;
        }
        offset = start + length;
        if (index < next) {
            return;
        }
        EventLog.Entry entry = decode(bytes, start, length);
        if (entry == null) {
            evidence.keep("entries", now.index(), start, bytes.slice(start, length));
        } else {
            entries.add(new Stored(index, entry));
        }
        next = index + 1;
    }

    private static EventLog.@Nullable Entry decode(ByteBuffer bytes, int start, int length) {
        if (!Frames.whole(bytes, start, length)) {
            return null;
        }
        try {
            return EntryCodec.read(Frames.payload(bytes, start, length));
        } catch (IllegalArgumentException e) {
            System.getLogger(EventLogReader.class.getName())
                    .log(System.Logger.Level.WARNING, "an entry that is none", e);
            return null;
        }
    }

    @Override
    public void close() {
        closed = true;
        reader.close();
    }
}
