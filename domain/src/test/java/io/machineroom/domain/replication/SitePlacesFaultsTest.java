package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.transport.Link;
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
        for (int hand = 0; hand < 7; hand++) {
            Place first = atWork();
            network.cut(host(member(first)), "saas");
            handAt(member(first), normal.messages(10));
            first.meter.gauges.clear();
            until("it is measured", () -> first.gauges.gauge("mr_site_waiting") > 0 && !first.meter.gauges.isEmpty());
            network.delay(Duration.ofSeconds(1));
            tasks.advance(Duration.ofMillis(9_500 + 700L * hand));
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

    @Test
    void w37APlaceThatIsRefusedLeavesTheWorkAndDrawsNobodyBack() {
        startAll();
        Place first = atWork();
        network.silence(host(member(first)));
        handAt(other(member(first)), normal.messages(10));
        tasks.advance(Duration.ofSeconds(20));
        assertEquals(List.of(first), carrying(), "for less than half a minute");
        until("another one carries", () -> carrying().size() == 1 && !carrying().contains(first));
        until("at the SaaS", () -> arrived("north", NODE).size() == 10);
        Place second = carrier();
        // it has a line that is of no use: who has none stays
        network.cut(host(member(second)), "saas");
        Place third = places.get(6 - member(first) - member(second));
        network.cut(host(member(third)), "saas");
        tasks.advance(Duration.ofMinutes(2));
        Place last = carrier();
        assertTrue(last != first, "the place that is refused");
        for (int second1 = 0; second1 < 120; second1++) {
            tasks.advance(Duration.ofSeconds(1));
            assertEquals(List.of(last), carrying());
        }
    }

    @Test
    void w37WhereEveryPlaceIsRefusedTheWorkComesToRestForMinutes() {
        startAll();
        atWork();
        places.keySet().forEach(member -> network.silence(host(member)));
        handAt(1, normal.messages(10));
        tasks.advance(Duration.ofMinutes(4));
        Place last = carrier();
        for (int i = 0; i < 240; i++) {
            tasks.advance(Duration.ofSeconds(1));
            assertEquals(List.of(last), carrying(), i + " s");
        }
        places.keySet().forEach(member -> network.unsilence(host(member)));
        until("at the SaaS", () -> arrived("north", NODE).size() == 10);
    }

    @Test
    void w37APlaceWhereNobodyStandsAnyMoreDrawsTheWorkToNobody() {
        Place given = places.get(2);
        given.meter.breaksAt(CAMPAIGNS);
        startAll();
        atWork();
        tasks.advance(Duration.ofMinutes(15));
        assertEquals(1, given.gauges.counter("mr_service_given_up_total{service=\"site-carrier\"}"));
        network.cut(host(1), "saas");
        network.cut(host(3), "saas");
        tasks.advance(Duration.ofMinutes(2));
        Place last = carrier();
        for (int i = 0; i < 60; i++) {
            tasks.advance(Duration.ofSeconds(1));
            assertEquals(List.of(last), carrying(), i + " s");
        }
        assertTrue(given.site().state().uplink());
    }

    @Test
    void w37WhatWasUnderWayIsThereForTheNextOneAtOnce() {
        startAll();
        Place first = atWork();
        int elsewhere = other(member(first));
        network.cut(host(member(first)), "saas");
        handAt(elsewhere, normal.messages(10));
        tasks.advance(Duration.ofSeconds(2));
        first.stop();
        // its broker may have been at the head
        tasks.advance(Duration.ofSeconds(5));
        tasks.run(() -> {
            try (Link link = at(elsewhere);
                    Intake intake = link.intake(SiteStreams.INTAKE, SiteUplink.CONSUMER)) {
                assertEquals(10, intake.read(100, Duration.ofSeconds(1)).size());
            }
        });
    }

    @Test
    void w37WithoutAQuorumItIsToldWhoWasThereLastAndWhereToLook() {
        startAll();
        carrier();
        tasks.advance(Duration.ofSeconds(5));
        network.loseRequests(1);
        Place second = places.get(2);
        until("it is told", () -> second.site().state().reason().startsWith("site.quorum: "));
        String reason = second.site().state().reason();
        assertTrue(reason.contains("place1.north:9224 and place3.north:9224"), reason);
        assertTrue(reason.contains("all three at the very first start"), reason);
        assertEquals(List.of(2), second.standing().seen());
        assertEquals(List.of(1, 2, 3), second.standing().lastSeen());
    }

    @Test
    void w37WhatARollCallSawIsForgottenWhenItBreaks() {
        startAll();
        atWork();
        Place second = places.get(2);
        until("all are seen", () -> second.standing().seen().size() == 3);
        second.meter.breaksAt("mr_site_uplink_up");
        tasks.advance(Duration.ofSeconds(8));
        assertEquals(List.of(), second.standing().seen());
        assertEquals(0.0, second.gauges.gauge("mr_site_places"));
        second.meter.breaksAt("");
        until("all are seen again", () -> second.standing().seen().size() == 3);
    }

    @Test
    void w37AKeyThatIsNoPlaceIsNoLossOfAMajority() {
        startAll();
        atWork();
        tasks.run(() -> {
            try (Link link = lordAt(1)) {
                Bucket bucket = link.bucket(BucketSpec.SITE);
                for (int i = 0; i < 8; i++) {
                    bucket.put("place.x", new byte[] {1});
                    bucket.put("place.4", new byte[] {1});
                    tasks.sleep(Duration.ofSeconds(4));
                }
            }
        });
        for (Place place : places.values()) {
            assertEquals("", place.site().state().reason());
            assertEquals(List.of(1, 2, 3), place.standing().seen());
        }
    }

    @Test
    void w37EachPlaceTellsWhetherAllThreeHaveAll() {
        startAll();
        atWork();
        until(
                "it is known",
                () -> places.values().stream().allMatch(p -> p.standing().copiesCurrent()));
        assertEquals(1.0, places.get(1).gauges.gauge("mr_site_copies_current"));
        places.get(3).die();
        until(
                "it is missed",
                () -> !places.get(1).standing().copiesCurrent()
                        && !places.get(2).standing().copiesCurrent());
        assertEquals(0.0, places.get(1).gauges.gauge("mr_site_copies_current"));
    }

    @Test
    void w37WhereAPlaceIsNotSeenCopiesAreNotCurrentWhateverItsBrokerSays() {
        startAll();
        atWork();
        until(
                "it is known",
                () -> places.values().stream().allMatch(p -> p.standing().copiesCurrent()));
        places.get(3).stopWork();
        // its broker was away for a moment; that is long over then
        tasks.advance(Duration.ofMinutes(3));
        for (int member = 1; member <= 2; member++) {
            assertFalse(places.get(member).standing().copiesCurrent());
        }
    }
}
