package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.kv.BucketSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a site with two standbys bears besides the loss of places and lines (W-37). */
final class SitePlacesFaultsTest extends PlacesWorld {
    private static final String CAMPAIGNS = "choria_election_campaigns";

    @Test
    void w37ABucketThatIsLostIsMadeAgainAndNoQuorumIsBlamed() {
        startAll();
        atWork();
        places.get(1).store().dropBucket(BucketSpec.SITE);
        for (int second = 0; second < 40; second++) {
            tasks.advance(Duration.ofSeconds(1));
            for (Place place : places.values()) {
                assertEquals("", place.site().state().reason());
            }
            assertTrue(carrying().size() <= 1, "two at once");
        }
        carrier();
        for (Place place : places.values()) {
            assertEquals(List.of(1, 2, 3), place.standing().seen());
            assertEquals(0, place.gauges.counter("mr_site_quorum_lost_total"));
        }
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void w37APlaceWhoseElectionBrokeStandsAgain() {
        startAll();
        Place first = atWork();
        Place broken = places.get(other(member(first)));
        broken.meter.breaksAt(CAMPAIGNS);
        tasks.advance(Duration.ofSeconds(10));
        assertTrue(broken.gauges.counter("mr_service_failures_total{service=\"site-carrier\"}") > 0, "it is told");
        broken.meter.breaksAt("");
        first.stopWork();
        places.get(other(member(broken))).stopWork();
        until("it carries", broken::carrying);
    }

    @Test
    void w37WhatWaitedIsNotToldAnyMoreAfterTheWorkWasLetGo() {
        startAll();
        for (int hand = 0; hand < 6; hand++) {
            Place first = atWork();
            network.delay(Duration.ofSeconds(1));
            handAt(member(first), normal.messages(10));
            tasks.advance(Duration.ofMillis(500L + 700L * hand));
            first.stop();
            network.heal();
            List<String> told = first.meter.gauges.stream()
                    .filter(line -> line.startsWith("mr_site_waiting "))
                    .toList();
            assertTrue(told.size() > 1, told::toString);
            assertEquals("mr_site_waiting 0.0", told.getLast());
            assertFalse(first.carrying());
            first.start();
        }
    }
}
