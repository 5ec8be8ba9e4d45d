package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The segment files of one journal.
 *
 * @param directory where they lie
 * @param disk how its faults are told
 * @param settings sizes of the journal
 */
record SegmentFiles(Path directory, Disk disk, JournalSettings settings) {
    /** Their numbers, ascending. */
    List<Integer> list() {
        try {
            return Segments.in(directory);
        } catch (IOException e) {
            throw disk.unavailable("cannot list " + directory, e);
        }
    }

    /** Deletes those below the given one; whether there were any. */
    boolean delete(int below) {
        boolean gone = false;
        try {
            for (int number : list()) {
                if (number < below) {
                    Files.delete(Segments.file(directory, number));
                    gone = true;
                }
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot trim " + directory, e);
        }
        return gone;
    }

    /** Bytes that they hold; Chronicle's unused blocks at their ends, which are holes, left out. */
    long bytes(int current, long written) {
        long sum = 0;
        long bound = settings.segmentBytes() + settings.maxExcerptBytes();
        for (int number : list()) {
            long length = Segments.file(directory, number).toFile().length();
            sum += number == current ? Math.min(length, written) : Math.min(length, bound);
        }
        return sum;
    }
}
