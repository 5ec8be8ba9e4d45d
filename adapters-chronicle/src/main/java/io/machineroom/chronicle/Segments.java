package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;

/**
 * Names and numbers of the segment files of a journal.
 *
 * <p>Chronicle rolls by the clock. Here its clock is a counter of segments, one "hour" each, so that a file is as long
 * as the journal wants and no jump of the wall clock can touch it. The hours in the names mean nothing.
 */
final class Segments {
    static final String SUFFIX = ".cq4";
    static final String RETIRED = ".segment";
    static final RollCycle CYCLE = RollCycles.FAST_HOURLY;
    private static final long HOUR_SECONDS = 3600;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HH'F'");

    private Segments() {}

    static String name(int segment) {
        return NAME.format(Instant.ofEpochSecond(segment * HOUR_SECONDS).atOffset(ZoneOffset.UTC)) + SUFFIX;
    }

    /** Where a segment is: under its own name, or under the one that the library does not see. */
    static Path file(Path directory, int segment) {
        Path retired = retired(directory, segment);
        return Files.exists(retired) ? retired : directory.resolve(name(segment));
    }

    /** The name of a segment that is read but never written, nor opened by the library, again. */
    static Path retired(Path directory, int segment) {
        String name = name(segment);
        return directory.resolve(name.substring(0, name.length() - SUFFIX.length()) + RETIRED);
    }

    static Optional<Integer> number(String name) {
        if (!name.matches("\\d{8}-\\d{2}F(\\.cq4|\\.segment)")) {
            return Optional.empty();
        }
        LocalDateTime hour = LocalDateTime.of(
                Integer.parseInt(name.substring(0, 4)),
                Integer.parseInt(name.substring(4, 6)),
                Integer.parseInt(name.substring(6, 8)),
                Integer.parseInt(name.substring(9, 11)),
                0);
        return Optional.of((int) (hour.toEpochSecond(ZoneOffset.UTC) / HOUR_SECONDS));
    }

    /** Numbers of the segments in a directory, ascending. */
    static List<Integer> in(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> number(f.getFileName().toString()))
                    .flatMap(Optional::stream)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    static int segmentOf(long index) {
        return CYCLE.toCycle(index);
    }
}
