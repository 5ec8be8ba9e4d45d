package io.machineroom.domain.replication.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Messages sent regularly, so that somebody notices when they stay away.
 *
 * @param to where they go
 * @param election whether only one of a group sends them
 * @param beats what is sent
 */
public record Heartbeats(Side to, boolean election, List<Beat> beats) {
    public Heartbeats {
        beats = List.copyOf(beats);
    }

    /**
     * One regular message.
     *
     * @param subject where it goes
     * @param interval between two
     * @param headers its own, over those for all
     */
    public record Beat(String subject, Duration interval, Map<String, String> headers) {
        public Beat {
            headers = Map.copyOf(headers);
        }
    }
}
