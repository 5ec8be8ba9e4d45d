package io.machineroom.ports.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a server says of a stream.
 *
 * @param name its name
 * @param created when it was made; a stream that was deleted and made again has another
 * @param first number of its oldest message; last + 1 when it holds none
 * @param last number of its newest message ever; 0 when there never was one
 * @param messages how many it holds
 * @param lastTime when the newest came; the epoch when there never was one
 * @param subjects what it takes
 * @param maxAge how long it keeps a message; zero: for ever
 */
public record StreamFacts(
        String name,
        Instant created,
        long first,
        long last,
        long messages,
        Instant lastTime,
        List<String> subjects,
        Duration maxAge) {
    public StreamFacts {
        subjects = List.copyOf(subjects);
    }
}
