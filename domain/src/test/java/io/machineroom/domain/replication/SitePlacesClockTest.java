package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A site with two standbys whose clocks differ (W-37): keys live by stamps of one machine and the judgement of another. */
final class SitePlacesClockTest extends PlacesWorld {
    private static final String WARNINGS = "mr_site_clock_warnings_total";

    /** Place 1 carries, and its broker stamps what the bucket of the places takes. */
    private Place headCarries(Duration ahead) {
        places.get(2).meter.breaksAt("choria_election_campaigns");
        places.get(3).meter.breaksAt("choria_election_campaigns");
        startAll();
        Place head = places.get(1);
        until("the head carries", head::carrying);
        head.brokers.real.clockAhead(head.directory(), ahead);
        tasks.advance(Duration.ofSeconds(5));
        until("it carries by its new clock", head::carrying);
        places.get(2).meter.breaksAt("");
        places.get(3).meter.breaksAt("");
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(List.of(head), carrying());
        assertTrue(head.brokers.real.heads(head.directory()));
        return head;
    }

    @Test
    void w37AClockThatIsAnHourAheadKeepsNobodyFromTakingOver() {
        Place head = headCarries(Duration.ofHours(1));
        head.isolate();
        int looks = 0;
        while (carrying().isEmpty() || carrying().contains(head)) {
            assertTrue(carrying().size() <= 1, "two at once");
            tasks.advance(Duration.ofMillis(100));
            assertTrue(++looks < 450, "nobody else carries");
        }
        Place second = carrying().getFirst();
        for (int i = 0; i < 600; i++) {
            tasks.advance(Duration.ofMillis(100));
            assertEquals(List.of(second), carrying());
            // its key counts for its time to live after the last move, and that was seen up to a round later
            assertTrue(
                    i < 150 || second.standing().seen().equals(List.of(2, 3)),
                    () -> "seen: " + second.standing().seen());
        }
    }

    @Test
    void w37WhoCarriesIsUnseatedByNobodyWhateverItsClockSays() {
        Place head = headCarries(Duration.ZERO);
        for (Duration ahead : List.of(Duration.ofMinutes(-5), Duration.ofHours(1), Duration.ofSeconds(9))) {
            head.brokers.real.clockAhead(head.directory(), ahead);
            tasks.advance(Duration.ofMinutes(1));
            Place settled = carrier();
            for (int second = 0; second < 120; second++) {
                tasks.advance(Duration.ofSeconds(1));
                assertEquals(List.of(settled), carrying());
                assertEquals(List.of(1, 2, 3), settled.standing().seen());
            }
        }
    }

    @Test
    void w37AClockThatDiffersByMoreThanThreeSecondsIsToldOnce() {
        Place head = headCarries(Duration.ofSeconds(2));
        tasks.advance(Duration.ofMinutes(3));
        assertEquals(0, places.get(2).gauges.counter(WARNINGS));
        head.brokers.real.clockAhead(head.directory(), Duration.ofSeconds(-4));
        tasks.advance(Duration.ofMinutes(5));
        places.values().forEach(place -> assertEquals(1, place.gauges.counter(WARNINGS)));
    }
}
