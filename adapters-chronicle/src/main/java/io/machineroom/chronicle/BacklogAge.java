package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How long the oldest undelivered record of a lane waits, on the spool's own clock. Any task. */
final class BacklogAge implements AutoCloseable {
    private static final long MILLIS = 1000;

    private final SpoolClock clock;
    private final Map<Lane, Known> known = new EnumMap<>(Lane.class);
    private final Map<Lane, JournalReader> readers = new EnumMap<>(Lane.class);

    private record Known(Place place, long clockMillis) {}

    BacklogAge(SpoolClock clock) {
        this.clock = clock;
    }

    synchronized long seconds(Lane lane, Journal journal, Place slowest) {
        Known before = known.get(lane);
        if (before == null || !before.place().equals(slowest)) {
            JournalReader reader = readers.computeIfAbsent(lane, _ -> new JournalReader(journal));
            Optional<ExcerptHeader> head = head(reader, slowest);
            if (head.isEmpty()) {
                return 0;
            }
            before = new Known(slowest, head.get().clockMillis());
            known.put(lane, before);
        }
        return Math.max(0, clock.millis() - before.clockMillis()) / MILLIS;
    }

    private static Optional<ExcerptHeader> head(JournalReader reader, Place place) {
        Optional<Excerpt> here = place.index() == Journal.NONE || place.offset() == Integer.MAX_VALUE
                ? Optional.empty()
                : reader.at(place.index())
                        .filter(e -> place.offset() < e.bytes().limit());
        return here.or(() -> reader.after(place.index())).flatMap(e -> ExcerptHeader.read(e.bytes()));
    }

    @Override
    public synchronized void close() {
        readers.values().forEach(JournalReader::close);
        readers.clear();
    }
}
