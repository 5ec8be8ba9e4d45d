package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.jspecify.annotations.Nullable;

/**
 * One Chronicle queue, written durably: what was {@linkplain #publish published} has been forced and is all that
 * readers see. Writing, forcing, repairing and closing belong to the writer thread; reading and counting to anybody.
 */
final class Journal implements AutoCloseable {
    static final long NONE = -1;

    private final Path directory;
    private final Disk disk;
    private final JournalSettings settings;
    private final SegmentFiles files;
    private final TailRepair repair;
    private final ReadWriteLock handles = new ReentrantReadWriteLock();
    private volatile int segment = 1;
    private volatile long published = NONE;
    private volatile int generation;
    private volatile long written;
    private volatile boolean closed;
    private long laid = NONE;
    private long tornBytes;
    private @Nullable ExcerptHeader last;
    private @Nullable SingleChronicleQueue queue;
    private @Nullable ExcerptAppender appender;
    private @Nullable OpenSegment current;

    /**
     * Opens or creates a journal.
     *
     * @param clean whether it was closed in good order: then its tail is trusted
     * @param rebooted whether the machine may have lost power since
     */
    Journal(Path directory, Disk disk, JournalSettings settings, boolean clean, boolean rebooted) {
        this.directory = directory;
        this.disk = disk;
        this.settings = settings;
        this.files = new SegmentFiles(directory, disk, settings);
        this.repair = new TailRepair(directory, disk, settings);
        disk.makeDirectory(directory);
        try {
            repair.sweep();
            forgetMetadata();
            JournalTail tail = new JournalTail(directory, repair, clean, rebooted);
            segment = tail.segment();
            written = tail.written();
            published = tail.published();
            laid = published;
            last = tail.last();
            tornBytes = tail.tornBytes();
        } catch (IOException e) {
            throw disk.unavailable("cannot open " + directory, e);
        }
    }

    /** Holds locks and a listing that only matter between processes, and may be stale; Chronicle makes it anew. */
    private void forgetMetadata() throws IOException {
        Files.deleteIfExists(directory.resolve("metadata.cq4t"));
    }

    /** Lays one excerpt; not yet durable nor seen. A fault leaves no half excerpt behind. */
    void write(byte[] bytes, int length) throws IOException {
        if (written > 0 && written + length > settings.segmentBytes()) {
            force(); // or a power cut could tear this segment and keep the next one, behind which nobody looks
            int next = segment + 1;
            segment = next;
        }
        ExcerptAppender to = appender();
        ExcerptBody.lay(to, excerpt -> {
            // a write of the file: through the map each page of it would cost a fault, and its sync half as much again
            follow(Objects.requireNonNull(to.currentFile()).toPath()).write(bytes, length, excerpt.writePosition());
            excerpt.writeSkip(length);
        });
        laid = to.lastIndexAppended();
        written = Objects.requireNonNull(to.wire()).bytes().writePosition();
    }

    private OpenSegment follow(Path file) throws IOException {
        OpenSegment before = current;
        if (before != null && before.isOf(file)) {
            return before;
        }
        if (before != null) {
            if (settings.syncs()) {
                before.finish();
            }
            before.close();
        }
        OpenSegment now = new OpenSegment(disk, file);
        current = now;
        return now;
    }

    /** Makes what was laid durable. */
    void force() throws IOException {
        OpenSegment to = current;
        if (to != null && settings.syncs()) {
            to.force(written);
        }
    }

    /** Before good order is noted: makes the library's own pages durable, too. False when the disk does not take them. */
    boolean settle() {
        try {
            if (current != null && settings.syncs()) {
                current.finish();
            }
            return true;
        } catch (IOException e) {
            System.getLogger(Journal.class.getName())
                    .log(System.Logger.Level.WARNING, "the end of " + directory + " may not be on the disk", e);
            return false;
        }
    }

    /** Lets readers see what was laid. */
    void publish() {
        published = laid;
    }

    /** Goes back to what was published, after a fault in writing or forcing. */
    void recover() throws IOException {
        disk.secure(written); // the last segment is written anew
        handles.writeLock().lock();
        try {
            closeHandles();
            forgetMetadata();
            int lastSegment = published == NONE ? 0 : Segments.segmentOf(published);
            for (int number : Segments.in(directory)) {
                long documents = number > lastSegment ? 0 : Segments.CYCLE.toSequenceNumber(published) + 1;
                if (number > lastSegment) {
                    repair.keep(number, 0);
                } else if (number == lastSegment) {
                    // never written again: what failed may lie in the file itself
                    repair.retire(number, documents);
                }
            }
            segment = lastSegment + 1;
            written = 0;
            laid = published;
            int next = generation + 1;
            generation = next;
        } finally {
            handles.writeLock().unlock();
        }
    }

    private ExcerptAppender appender() throws IOException {
        ExcerptAppender open = appender;
        if (open == null) {
            open = createAppender();
            appender = open;
        }
        return open;
    }

    /** The library looks into its newest files first; where damage keeps it from that, it gets to see none of them. */
    private ExcerptAppender createAppender() throws IOException {
        try {
            return queue().createAppender();
        } catch (PortException e) {
            throw e;
        } catch (RuntimeException e) {
            System.getLogger(Journal.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "the files of " + directory + " are set aside, for reading only",
                            e);
            closeHandles();
            forgetMetadata();
            int lastSegment = published == NONE ? 0 : Segments.segmentOf(published);
            for (int number : Segments.in(directory)) {
                boolean half = number == lastSegment;
                repair.retire(number, half ? Segments.CYCLE.toSequenceNumber(published) + 1 : Long.MAX_VALUE);
                segment = Math.max(segment, number + 1);
            }
            written = 0;
            return queue().createAppender();
        }
    }

    private synchronized SingleChronicleQueue queue() {
        SingleChronicleQueue open = queue;
        if (open == null) {
            if (closed) {
                throw disk.closed();
            }
            disk.secure(0);
            open = settings.queue(directory, () -> segment);
            queue = open;
        }
        return open;
    }

    ReadWriteLock handles() {
        return handles;
    }

    Disk disk() {
        return disk;
    }

    /** Index of the last excerpt that readers may see; {@link #NONE} before the first. */
    long published() {
        return published;
    }

    /** Changes when tailers have to be made anew. */
    int generation() {
        return generation;
    }

    boolean isClosed() {
        return closed;
    }

    /** Head of the last excerpt that the opening found; null in an empty journal. */
    @Nullable ExcerptHeader lastAtOpening() {
        return last;
    }

    long tornBytes() {
        return tornBytes;
    }

    Path file(int number) {
        return Segments.file(directory, number);
    }

    /** Numbers of the segments, ascending. */
    List<Integer> segments() {
        return files.list();
    }

    /** Deletes the segments below the given one; never the one with the last published excerpt. */
    void trim(int below) {
        if (published != NONE && files.delete(Math.min(below, Segments.segmentOf(published)))) {
            queue().refreshDirectoryListing();
        }
    }

    /** Bytes that the segments hold. */
    long diskBytes() {
        return files.bytes(segment, written);
    }

    private synchronized void closeHandles() throws IOException {
        OpenSegment sync = current;
        ExcerptAppender open = appender;
        SingleChronicleQueue opened = queue;
        current = null;
        appender = null;
        queue = null;
        if (open != null) {
            open.close();
        }
        if (opened != null) {
            opened.close();
        }
        if (sync != null) {
            sync.close();
        }
    }

    @Override
    public void close() {
        handles.writeLock().lock();
        try {
            closed = true;
            closeHandles();
        } catch (IOException e) {
            throw disk.unavailable("cannot close " + directory, e);
        } finally {
            handles.writeLock().unlock();
        }
    }
}
