package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A site with two standbys (W-37). */
final class SitePlacesTest extends PlacesWorld {
    @Test
    void streamsW37AnotherPlaceGoesOnWhenTheOneThatCarriesDies() {
        startAll();
        Place first = atWork();
        List<Delivery> all = new ArrayList<>(normal.messages(200));
        handAt(other(member(first)), all);
        until("all at the SaaS", () -> arrived("north", NODE).size() == 200);
        first.die();
        // its broker may have been at the head: the others agree on another one
        tasks.advance(Duration.ofSeconds(10));
        List<Delivery> more = normal.messages(100);
        handAt(other(member(first)), more);
        all.addAll(more);
        Place second = carrier();
        assertTrue(member(second) != member(first));
        until("what came later too", () -> arrived("north", NODE).size() >= 300);
        assertEquals(ids(all), arrived("north", NODE));
        until("an empty site", () -> second.store().messages("MR_INTAKE").isEmpty());
    }

    @Test
    void w37NeverDoTwoCarryAndOneThatIsCutOffIsReplacedWithinHalfAMinute() {
        startAll();
        Place first = carrier();
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(List.of(first), carrying(), "it keeps what it has");
        first.isolate();
        int looks = 0;
        while (carrying().isEmpty() || carrying().contains(first)) {
            assertTrue(carrying().size() <= 1, "two at once");
            tasks.advance(Duration.ofMillis(100));
            assertTrue(++looks < 300, "nobody else carries");
        }
        for (int i = 0; i < 600; i++) {
            tasks.advance(Duration.ofMillis(100));
            assertEquals(1, carrying().size());
        }
    }

    @Test
    void w37APlaceWithoutItsLineLeavesTheWorkToOneThatHasIts() {
        startAll();
        Place first = atWork();
        network.cut(host(member(first)), "saas");
        handAt(member(first), normal.messages(10));
        until("another one carries", () -> carrying().size() == 1 && !carrying().contains(first));
        until("at the SaaS", () -> arrived("north", NODE).size() == 10);
        Place second = carrier();
        network.heal();
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(List.of(second), carrying(), "it keeps what it has");
    }

    /** A place that notices the loss of its line later than the one that carries may be left the work once. */
    @Test
    void w37WhereNoPlaceHasALineTheWorkComesToRest() {
        startAll();
        atWork();
        places.keySet().forEach(member -> network.cut(host(member), "saas"));
        tasks.advance(Duration.ofMinutes(2));
        Place last = carrier();
        for (int i = 0; i < 600; i++) {
            tasks.advance(Duration.ofSeconds(1));
            assertEquals(List.of(last), carrying(), i + " s");
        }
    }

    @Test
    void w37AShortLossOfTheLineChangesNothing() {
        startAll();
        Place first = atWork();
        network.cut(host(member(first)), "saas");
        tasks.advance(Duration.ofSeconds(25));
        network.heal();
        for (int i = 0; i < 60; i++) {
            tasks.advance(Duration.ofSeconds(1));
            assertEquals(List.of(first), carrying(), i + " s");
        }
    }

    @Test
    void w37WhoIsStoppedGivesTheWorkBackBeforeItsKeyEnds() {
        startAll();
        Place first = carrier();
        first.stop();
        int looks = 0;
        while (carrying().isEmpty()) {
            tasks.advance(Duration.ofMillis(100));
            assertTrue(++looks < 95, "it waits for the key to end");
        }
        assertEquals(0.0, first.gauges.gauge("mr_site_carrying"));
    }

    @Test
    void w37APlaceThatLosesTheOthersLetsGoAndTakesUpTheWorkWhenItWinsAgain() {
        startAll();
        Place first = atWork();
        handAt(member(first), normal.messages(10));
        until("at the SaaS", () -> arrived("north", NODE).size() == 10);
        first.isolate();
        until("it lets go", () -> !first.carrying());
        assertEquals(0.0, first.gauges.gauge("mr_site_carrying"));
        network.heal();
        places.values().stream().filter(p -> p != first).forEach(Place::stopWork);
        until("it carries again", first::carrying);
        tasks.advance(Duration.ofSeconds(2));
        handAt(member(first), normal.messages(10));
        until("at the SaaS again", () -> arrived("north", NODE).size() == 20);
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void w37WithoutAQuorumNobodyCarriesAndTheStatusSaysWhy() {
        startAll();
        carrier();
        network.loseRequests(1);
        until(
                "it is told",
                () -> places.values().stream()
                        .allMatch(p -> p.site().state().reason().startsWith("site.quorum: ")));
        assertEquals(List.of(), carrying());
        for (Place place : places.values()) {
            assertEquals(1, place.gauges.counter("mr_site_quorum_lost_total"));
            assertEquals(List.of(member(place)), place.standing().seen());
        }
        network.heal();
        carrier();
        until(
                "nothing is wrong any more",
                () -> places.values().stream()
                        .allMatch(p -> p.site().state().reason().isEmpty()
                                && p.standing().seen().equals(List.of(1, 2, 3))));
    }

    @Test
    void w37EachPlaceTellsWhereItStandsAndWhomItSees() {
        startAll();
        Place first = carrier();
        until(
                "all are seen",
                () -> places.values().stream().allMatch(p -> p.standing().seen().equals(List.of(1, 2, 3))));
        for (Place place : places.values()) {
            assertEquals(member(place), place.standing().place());
            assertEquals(place == first ? 1.0 : 0.0, place.gauges.gauge("mr_site_carrying"));
        }
        Place gone = places.get(other(member(first)));
        gone.die();
        until("it is missed", () -> first.standing().seen().size() == 2);
        until("and counted", () -> first.gauges.gauge("mr_site_places") == 2.0);
    }

    @Test
    void w37OnlyOneWorksSoReceiptsAndTheWordReachNodesOnceAtEveryPlace() {
        startAll();
        Place first = atWork();
        tasks.run(() -> {
            Mailbox<SignedMark> receipts = tasks.mailbox(10);
            Mailbox<Message> words = tasks.mailbox(100);
            try (Link link = at(other(member(first)));
                    Link.Subscription _ = link.subscribe(Subject.of("machine_room.site.uplink"), words)) {
                link.receipts(receipts);
                receipt("north", NODE, 7, "store");
                assertTrue(receipts.poll(SOON).orElseThrow().text().contains(" normal 7 store "));
                tasks.sleep(Duration.ofSeconds(35));
                assertEquals(0, receipts.size());
                assertTrue(words.size() >= 3 && words.size() <= 4, () -> words.size() + " words in 35 s");
            }
        });
    }

    @Test
    void w37DesiredStateIsCopiedByWhoeverCarries() {
        startAll();
        put("saas", "machines", "list");
        Place first = carrier();
        int other = other(member(first));
        eventually("it is at the site", () -> atSite(other, "machines").equals(Optional.of("list")));
        first.die();
        put("saas", "machines", "another");
        eventually("its change too", () -> atSite(other, "machines").equals(Optional.of("another")));
    }

    private Optional<String> atSite(int member, String key) {
        List<Optional<String>> out = new ArrayList<>();
        tasks.run(() -> {
            try (Link link = at(member)) {
                out.add(link.bucket(BucketSpec.CONFIG)
                        .get(key)
                        .map(e -> new String(e.value(), StandardCharsets.UTF_8)));
            } catch (PortException.Unavailable notYet) {
                out.add(Optional.empty());
            }
        });
        return out.getFirst();
    }

    @Test
    void w37ABrokerIsToldItsPlaceAndItsCertificateIsNotThatOfALonePlace() {
        startAll();
        carrier();
        for (Place place : places.values()) {
            Broker.Membership membership =
                    place.brokers.started.getFirst().membership().orElseThrow();
            assertEquals("north-" + member(place), membership.server());
            assertEquals(member(place), membership.cluster().member());
            assertEquals(Path.of("/site" + member(place) + "/tls/ca.pem"), membership.ca());
        }
        SiteCharter three = new SiteCharter(
                "acme",
                "north",
                "h",
                1,
                2,
                "o",
                "A",
                List.of(),
                io.machineroom.ports.data.Secret.of("u"),
                places.get(1).brokers.started.getFirst().membership().map(Broker.Membership::cluster));
        SiteCharter one = new SiteCharter(
                "acme",
                "north",
                "h",
                1,
                2,
                "o",
                "A",
                List.of(),
                io.machineroom.ports.data.Secret.of("u"),
                Optional.empty());
        assertEquals("north h", one.certified(), "a certificate of before stays good");
        assertFalse(three.certified().equals(one.certified()));
        assertEquals(List.of(3, 1), List.of(three.replicas(), one.replicas()));
    }

    @Test
    void w37ASiteWithOnePlaceHasNoElection() {
        Site alone = lead();
        up(alone);
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), alone.state().standing());
        tasks.run(() -> {
            try (Link link = owner(HOST)) {
                assertTrue(link.bucket(BucketSpec.SITE).make(BucketSpec.site(1)), "nobody made it");
            }
        });
    }
}
