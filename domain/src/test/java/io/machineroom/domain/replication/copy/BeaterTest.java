package io.machineroom.domain.replication.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.config.Heartbeats;
import io.machineroom.ports.replica.CopyMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows HB-* of the behaviours of streams. */
final class BeaterTest {
    private final ReplicaWorld world = ReplicaWorld.with(0);

    private void beat(Leadership leadership, Heartbeats.Beat... beats) {
        world.target.makeStream("BEATS", "heartbeat", "heartbeat2");
        Heartbeats all = new Heartbeats(ReplicaWorld.job(ReplicaWorld.WORKER).target(), false, List.of(beats));
        Beater beater =
                new Beater(all, "GINKGO", "test_host", world.ports(Optional.empty()), leadership, Duration.ZERO);
        world.tasks.fork("beats", beater::run);
    }

    private static Heartbeats.Beat every500(String subject, Map<String, String> headers) {
        return new Heartbeats.Beat(subject, Duration.ofMillis(500), headers);
    }

    private List<CopyMessage> held() {
        return world.target.held("BEATS").stream().map(read -> read.message()).toList();
    }

    @Test
    void hb01AndHb04BeatsAtTheirIntervalWithTheirHeaders() {
        beat(() -> true, every500("heartbeat", Map.of("test1", "value1", "test2", "value2")));
        world.tasks.advance(Duration.ofSeconds(1));
        CopyMessage first = held().getFirst();
        assertEquals("heartbeat", first.subject());
        long seconds = Long.parseLong(new String(first.body(), StandardCharsets.UTF_8));
        assertTrue(Math.abs(world.tasks.time().wall().getEpochSecond() - seconds) <= 2);
        assertEquals("test_host", first.header("Choria-SR-Originator").orElseThrow());
        assertEquals("heartbeat", first.header("Choria-SR-Subject").orElseThrow());
        assertEquals("value1", first.header("test1").orElseThrow());
        assertEquals("value2", first.header("test2").orElseThrow());
        world.tasks.advance(Duration.ofSeconds(9));
        assertTrue(held().size() >= 17 && held().size() <= 20, "in ten seconds " + held().size());
    }

    @Test
    void hb02EachSubjectBeats() {
        beat(() -> true, every500("heartbeat", Map.of()), every500("heartbeat2", Map.of()));
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(2, held().stream().map(CopyMessage::subject).distinct().count());
    }

    @Test
    void hb03WhoDoesNotLeadIsSilent() {
        beat(() -> false, every500("heartbeat", Map.of()));
        world.tasks.advance(Duration.ofSeconds(5));
        assertTrue(held().isEmpty());
    }
}
