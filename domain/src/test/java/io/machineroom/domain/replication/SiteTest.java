package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SiteTest extends SiteWorld {
    @Test
    void carriesEventsUpInOrderWithTheirStamps() {
        up(lead());
        List<Delivery> batch = normal.messages(600);
        hand(NODE, batch, 0);
        until("all at the SaaS", () -> arrived("north", NODE).size() == 600);
        assertEquals(ids(batch), arrived("north", NODE));
        List<Stamp> stamps = saas.messages("MR_INTAKE").stream()
                .map(m -> Stamp.ofHeaders(m.headers()))
                .toList();
        assertEquals(batch.stream().map(Delivery::stamp).toList(), stamps);
        until("an empty site", () -> site().messages("MR_INTAKE").isEmpty());
    }

    @Test
    void handsReceiptsToTheirNodesOnly() {
        up(lead());
        tasks.run(() -> {
            Mailbox<SignedMark> mine = tasks.mailbox(10);
            Mailbox<SignedMark> others = tasks.mailbox(10);
            try (Link one = follower(NODE);
                    Link two = follower("UNODETWO")) {
                one.receipts(mine);
                two.receipts(others);
                receipt("north", NODE, 7, "store");
                assertTrue(mine.poll(SOON).orElseThrow().text().contains(" normal 7 store "));
                assertEquals(0, others.size());
            }
        });
    }

    @Test
    void losesNothingWhileTheLineIsCut() {
        Site site = lead();
        up(site);
        cutLine(site);
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<Delivery> batch = normal.messages(50);
            hand(NODE, batch, 0);
            all.addAll(batch);
            tasks.advance(Duration.ofMinutes(1));
        }
        assertEquals(1_000, site.state().waiting());
        assertTrue(site.state().oldestSeconds() > 1_000, () -> site.state().toString());
        assertEquals(site.state().oldestSeconds(), (long) meter.gauge("mr_site_oldest_age_seconds"), "W-09");
        assertEquals(1_000.0, meter.gauge("mr_site_waiting"), "W-09");
        network.heal();
        until("all at the SaaS", () -> arrived("north", NODE).size() >= 1_000);
        assertEquals(ids(all), arrived("north", NODE));
    }

    @Test
    void letsUrgentPassABacklog() {
        Site site = lead();
        up(site);
        cutLine(site);
        List<Delivery> backlog = normal.messages(3_000);
        hand(NODE, backlog, 0);
        List<Delivery> alarms = new Deliveries("alarm", Lane.URGENT).messages(3);
        hand(NODE, alarms, 0);
        network.heal();
        until("all at the SaaS", () -> arrived("north", NODE).size() >= 3_003);
        List<String> arrived = arrived("north", NODE);
        assertEquals(ids(alarms), arrived.subList(0, 3));
        assertEquals(ids(backlog), arrived.subList(3, 3_003));
        until("an empty site", () -> site().messages("MR_URGENT").isEmpty());
    }

    @Test
    void streamsW23SendsAgainWhatWasNotAcknowledged() {
        up(lead());
        List<Delivery> batch = normal.messages(500);
        hand(NODE, batch, 0);
        network.loseAnswers(0.5);
        tasks.advance(Duration.ofMinutes(3));
        network.heal();
        until("all at the SaaS", () -> new HashSet<>(arrived("north", NODE)).size() == 500);
        until("an empty site", () -> site().messages("MR_INTAKE").isEmpty());
    }

    @Test
    void parksWhatTheSaasRefusesAndPutsAVoidInItsPlaceW06() {
        up(lead());
        List<Delivery> batch = normal.messages(9);
        String bad = batch.get(4).message().id();
        saas.refusing(m -> m.id().equals(bad) && m.size() > 0);
        hand(NODE, batch, 0);
        until("the others at the SaaS", () -> arrived("north", NODE).size() >= 9);
        List<Stamp> stamps = saas.messages("MR_INTAKE").stream()
                .map(m -> Stamp.ofHeaders(m.headers()))
                .toList();
        assertEquals(9, stamps.stream().map(Stamp::from).distinct().count());
        assertTrue(stamps.stream()
                .anyMatch(
                        s -> s.from() == 5 && s.cause().filter("parked"::equals).isPresent()));
        assertEquals(1, files.list(SiteParked.DIRECTORY).size());
        assertEquals(1, meter.counter("mr_site_parked_total{code=\"sink.too-large\"}"));
        until("an empty site", () -> site().messages("MR_INTAKE").isEmpty());
    }

    @Test
    void parksWhatNoNodeSends() {
        up(lead());
        tasks.run(() -> {
            try (Link link = owner(HOST)) {
                link.store(List.of(new Message(
                        Subject.of("mr." + NODE + ".odd"), "x", Map.of(), ByteBuffer.allocate(3), Instant.EPOCH)));
            }
        });
        List<Delivery> batch = normal.messages(3);
        hand(NODE, batch, 0);
        until("the others at the SaaS", () -> arrived("north", NODE).size() == 3);
        assertEquals(1, files.list(SiteParked.DIRECTORY).size());
    }

    @Test
    void dropsARepeatThatHasItsReceiptAndHandsTheReceiptOutAgain() {
        up(lead());
        List<Delivery> batch = normal.messages(5);
        hand(NODE, batch, 0);
        until("all at the SaaS", () -> arrived("north", NODE).size() == 5);
        receipt("north", NODE, 5, "store");
        tasks.advance(Duration.ofMinutes(2));
        tasks.run(() -> {
            Mailbox<SignedMark> mine = tasks.mailbox(10);
            try (Link one = follower(NODE)) {
                one.receipts(mine);
                one.sink().append(batch, 1);
                assertTrue(mine.poll(SOON).orElseThrow().text().contains(" normal 5 store "));
            }
        });
        assertEquals(5, arrived("north", NODE).size());
        assertEquals(5, meter.counter("mr_site_repeats_total"));
    }

    @Test
    void passesARepeatOnWhenNoReceiptCameOrAnotherStoreSpoke() {
        up(lead());
        List<Delivery> batch = normal.messages(5);
        hand(NODE, batch, 0);
        until("all at the SaaS", () -> arrived("north", NODE).size() == 5);
        hand(NODE, batch, 1);
        tasks.advance(Duration.ofSeconds(5));
        assertEquals(5, arrived("north", NODE).size(), "its receipt is on its way");
        tasks.advance(Duration.ofMinutes(2));
        hand(NODE, batch, 2);
        until("the repeat", () -> arrived("north", NODE).size() == 10);
        receipt("north", NODE, 5, "store");
        tasks.advance(Duration.ofSeconds(5));
        receipt("north", "UNODETWO", 1, "another");
        tasks.advance(Duration.ofSeconds(5));
        hand(NODE, batch, 3);
        until("the repeat for another store", () -> arrived("north", NODE).size() == 15);
    }

    @Test
    void takesTheEventOfACloneForAnotherOne() {
        up(lead());
        List<Delivery> batch = normal.messages(1);
        hand(NODE, batch, 0);
        until("it is at the SaaS", () -> arrived("north", NODE).size() == 1);
        Message m = batch.getFirst().message();
        Message clone = new Message(m.subject(), m.id() + "-clone", m.headers(), m.body(), m.created());
        hand(
                NODE,
                List.of(new Delivery(
                        batch.getFirst().position(), batch.getFirst().stamp(), clone, 1)),
                0);
        until("the clone's is at the SaaS", () -> arrived("north", NODE).size() == 2);
    }

    @Test
    void startsADeadBrokerAgainOnTheSameStore() {
        Site site = lead();
        up(site);
        network.cut("leader", "saas");
        List<Delivery> batch = normal.messages(20);
        hand(NODE, batch, 0);
        broker.kill(Path.of("/site/nats"));
        network.remove(HOST);
        until(
                "a broker again",
                () -> site.state().broker().equals("running") && site.state().linked());
        network.heal();
        until("all at the SaaS", () -> arrived("north", NODE).size() == 20);
    }

    @Test
    void goesOnWithoutABrokerAndSaysWhy() {
        broker.uninstall("nats-server is not on PATH");
        Site site = lead();
        tasks.advance(Duration.ofMinutes(5));
        assertEquals("missing", site.state().broker());
        assertTrue(site.state().reason().contains("broker.missing"));
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void keepsItsCertificateOverAStartAndRenewsItWhenAThirdIsLeft() {
        validity = Duration.ofDays(30).plusHours(3);
        Site site = lead();
        up(site);
        assertEquals(1, certificates.signed);
        network.cut("leader", "saas");
        Site again = lead();
        until("a broker without the SaaS", () -> again.state().linked());
        assertEquals(1, certificates.signed);
        network.heal();
        tasks.advance(Duration.ofHours(2));
        assertEquals(1, certificates.signed);
        tasks.advance(Duration.ofHours(2));
        assertEquals(2, certificates.signed);
    }

    @Test
    void asksForAnotherCertificateWhenItLeadsAnotherSite() {
        up(lead());
        up(lead("south"));
        assertEquals(2, certificates.signed);
    }

    @Test
    void makesEachPartOfTheSiteByItselfW43() {
        site().ensureStream(new io.machineroom.ports.stream.StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>")),
                io.machineroom.ports.stream.StreamSpec.Retention.LIMITS,
                0,
                Duration.ZERO,
                0,
                io.machineroom.ports.stream.StreamSpec.Discard.OLD));
        put("saas", "machines", "list");
        Site site = lead();
        up(site);
        eventually("desired state", () -> value(HOST, "machines").isPresent());
        assertTrue(meter.counter("mr_site_setup_failures_total{code=\"stream.config\"}") > 0);
    }

    private static String text(Message message) {
        return new String(message.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void tellsItsNodesWhetherTheLineIsUp() {
        Site site = lead();
        up(site);
        tasks.run(() -> {
            Mailbox<Message> words = tasks.mailbox(100);
            try (Link link = follower(NODE);
                    Link.Subscription _ = link.subscribe(Subject.of("machine_room.site.uplink"), words)) {
                assertTrue(
                        text(words.poll(Duration.ofSeconds(11)).orElseThrow()).contains("\"up\":true"));
                network.cut("leader", "saas");
                network.restart("saas");
                Message last = words.poll(SOON).orElseThrow();
                while (!text(last).contains("\"up\":false")) {
                    last = words.poll(SOON).orElseThrow();
                }
                assertTrue(words.poll(Duration.ofSeconds(11)).isPresent(), "it is said again");
            }
        });
        assertFalse(site.state().uplink());
    }
}
