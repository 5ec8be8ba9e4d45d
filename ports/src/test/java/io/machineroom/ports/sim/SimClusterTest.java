package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What brokers of a simulated cluster do, as {@code NatsClusterIT} finds it of real ones. */
final class SimClusterTest extends SimClusterWorld {
    @Test
    void whatIsWrittenAtOneIsReadAtAll() {
        within(() -> {
            begin();
            bucket(2).put("key", bytes("two"));
            assertEquals(List.of("two", "two", "two"), List.of(value(1), value(2), value(3)));
            link(3).store(List.of(message("mr.a")));
            assertEquals(
                    1,
                    link(1).intake("MR_INTAKE", "r")
                            .read(5, Duration.ofSeconds(1))
                            .size());
        });
    }

    @Test
    void answersAgainAfterAnElectionWhenOneIsGone() {
        within(() -> {
            begin();
            bucket(2).put("key", bytes("before"));
            Bucket meanwhile = bucket(2);
            broker(1).kill(HOME);
            assertThrows(PortException.Unavailable.class, () -> meanwhile.put("key", bytes("refused")));
            sim.sleep(ELECTED);
            assertEquals("before", value(3));
            bucket(2).put("key", bytes("after"));
            assertEquals("after", value(3));
        });
    }

    @Test
    void answersNothingWithoutAMajority() {
        within(() -> {
            begin();
            bucket(1).put("key", bytes("before"));
            broker(1).kill(HOME);
            broker(2).kill(HOME);
            sim.sleep(ELECTED);
            answersNobody(3);
            start(2);
            sim.sleep(ELECTED);
            assertEquals("before", value(3));
        });
    }

    @Test
    void oneThatIsCutFromTheOthersWritesNothingAndReadsWhatTheyWroteLater() {
        within(() -> {
            begin();
            part(1);
            sim.sleep(ELECTED);
            answersNobody(1);
            bucket(2).put("key", bytes("two"));
            network.heal();
            assertEquals("two", value(1));
            assertEquals(List.of(), network.cluster("acme-plant").store().messages("MR_INTAKE"));
        });
    }

    @Test
    void aRouteLeadsOverOneHop() {
        within(() -> {
            begin();
            network.cut(host(1), host(2));
            bucket(3).put("key", bytes("three"));
            assertEquals("three", value(1));
            answersNobody(2);
        });
    }

    @Test
    void whatIsPublishedReachesWhoListensInTheConnectedPart() {
        within(() -> {
            begin();
            Mailbox<Message> two = sim.mailbox(9);
            Mailbox<Message> three = sim.mailbox(9);
            link(2).subscribe(Subject.of("word"), two);
            link(3).subscribe(Subject.of("word"), three);
            link(1).publish(message("word"));
            assertEquals(List.of(1, 1), List.of(two.size(), three.size()));
            part(3);
            link(1).publish(message("word"));
            assertEquals(List.of(2, 1), List.of(two.size(), three.size()));
            link(3).publish(message("word"));
            assertEquals(List.of(2, 2), List.of(two.size(), three.size()));
        });
    }

    @Test
    void oneWhoseStoreWasLostCatchesUp() {
        within(() -> {
            begin();
            bucket(1).put("key", bytes("kept"));
            broker(3).lose(HOME);
            start(3);
            broker(1).kill(HOME);
            broker(2).kill(HOME);
            start(1);
            sim.sleep(ELECTED);
            assertEquals("kept", value(3));
        });
    }

    @Test
    void twoOfThreeThatLostTheirStoresGoOnWithNothing() {
        within(() -> {
            begin();
            bucket(1).put("key", bytes("lost"));
            broker(3).kill(HOME);
            broker(1).lose(HOME);
            broker(2).lose(HOME);
            start(1);
            start(2);
            sim.sleep(ELECTED);
            link(2).ensureBucket(BUCKET);
            assertEquals("", value(1));
            start(3);
            assertEquals("", value(3));
        });
    }

    @Test
    void anEmptyStoreBesideAFullOneIsFilled() {
        within(() -> {
            begin();
            bucket(1).put("key", bytes("kept"));
            broker(3).kill(HOME);
            broker(1).kill(HOME);
            broker(2).lose(HOME);
            start(2);
            start(3);
            sim.sleep(ELECTED);
            assertEquals("kept", value(2));
        });
    }

    @Test
    void afterAPowerCutOfAllItHasWhatTheBestDiskHas() {
        within(() -> {
            begin();
            bucket(1).put("key", bytes("old"));
            sim.sleep(Duration.ofMinutes(1));
            bucket(1).put("key", bytes("young"));
            sim.sleep(Duration.ofSeconds(30));
            broker(1).forget(HOME, Duration.ofSeconds(40));
            broker(2).forget(HOME, Duration.ofSeconds(80));
            broker(3).forget(HOME, Duration.ofSeconds(10));
            assertFalse(broker(3).runs(HOME));
            start(1);
            start(2);
            sim.sleep(ELECTED);
            assertEquals("old", value(1));
            start(3);
            assertEquals("old", value(3));
        });
    }

    @Test
    void aCloneIsNoneOfThem() {
        within(() -> {
            begin();
            SimBroker clone = new SimBroker(network, "clone");
            start(clone, 1);
            broker(2).kill(HOME);
            broker(3).kill(HOME);
            sim.sleep(ELECTED);
            Link there = link("clone");
            assertThrows(
                    PortException.Unavailable.class, () -> there.bucket(BUCKET).get("key"));
            start(2);
            network.name(host(1), "clone");
            sim.sleep(ELECTED);
            assertTrue(there.bucket(BUCKET).get("key").isEmpty());
        });
    }

    @Test
    void copiesAreCurrentWhileAllAreThere() {
        within(() -> {
            begin();
            assertTrue(link(1).copiesCurrent());
            broker(3).kill(HOME);
            sim.sleep(ELECTED);
            assertFalse(link(1).copiesCurrent());
            Link left = link(1);
            broker(2).kill(HOME);
            assertThrows(PortException.Unavailable.class, left::copiesCurrent);
            start(2);
            start(3);
            sim.sleep(ELECTED);
            assertTrue(link(1).copiesCurrent());
        });
    }

    /** A nats-server stamps by the clock of the head of a stream, and each judges by its own. */
    @Test
    void whatAClockThatIsAheadStampedLivesTooLongByAnother() {
        within(() -> {
            begin();
            link(1).bucket("BRIEF").make(BucketSpec.site(3));
            int head = broker(1).heads(HOME) ? 1 : broker(2).heads(HOME) ? 2 : 3;
            int other = head % 3 + 1;
            broker(head).clockAhead(HOME, Duration.ofHours(1));
            link(head).bucket("BRIEF").put("key", bytes("x"));
            sim.sleep(Duration.ofSeconds(11));
            assertTrue(link(head).bucket("BRIEF").get("key").isEmpty(), "by its own clock");
            link(head).bucket("BRIEF").put("key", bytes("x"));
            broker(head).kill(HOME);
            sim.sleep(Duration.ofMinutes(50));
            assertTrue(link(other).bucket("BRIEF").get("key").isPresent());
            sim.sleep(Duration.ofMinutes(11));
            assertTrue(link(other).bucket("BRIEF").get("key").isEmpty());
        });
    }
}
