package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A governor that a client of Choria made and uses, with the very requests that it sends (streams 7.2), and ours beside it. */
final class NatsGovernorBesideIT {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final String SUBJECT = "choria.governor.PUPPET";

    private TestSaas saas;
    private Connection choria;
    private Slots node;
    private Slots owner;

    @BeforeEach
    void start() throws IOException, JetStreamApiException, InterruptedException {
        saas = TestSaas.start();
        Link backplane = saas.connect(saas.backplane(TestSaas.ACME));
        Link enrolled = saas.connect(saas.node(TestSaas.ACME, "n1"));
        owner = backplane.slots();
        node = enrolled.slots();
        choria = saas.raw(TestSaas.ACME);
        choria.jetStreamManagement().addStream(theirs(2, LIFE));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            choria.close();
            saas.close();
        }
    }

    private static StreamConfiguration theirs(long slots, Duration life) {
        return StreamConfiguration.builder()
                .name("GOVERNOR_PUPPET")
                .description("Concurrency Governor PUPPET")
                .subjects(SUBJECT)
                .maxMessages(slots)
                .maxAge(life)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .build();
    }

    private String ask(String subject, String body) throws InterruptedException {
        Message answer = Objects.requireNonNull(
                choria.request(subject, body.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5)), subject);
        return new String(answer.getData(), StandardCharsets.UTF_8);
    }

    private long enter(String holder) throws InterruptedException {
        String ack = ask(SUBJECT, holder);
        assertTrue(ack.contains("\"seq\":"), ack);
        return Long.parseLong(ack.replaceAll(".*\"seq\":([0-9]+).*", "$1").strip());
    }

    private void leave(long slot) throws InterruptedException {
        String said = ask("$JS.API.STREAM.MSG.DELETE.GOVERNOR_PUPPET", "{\"seq\":" + slot + ",\"no_erase\":true}");
        assertTrue(said.contains("\"success\":true"), said);
    }

    @Test
    void slotsCountForBoth() throws InterruptedException {
        long theirs = enter("cli.example.net");
        long ours = node.enter("PUPPET", "Auto Agent  m#w @ n1", "a").orElseThrow();
        assertTrue(node.enter("PUPPET", "late", "b").isEmpty());
        String full = ask(SUBJECT, "late too");
        assertTrue(full.contains("\"err_code\":10077"), full);
        leave(theirs);
        long next = node.enter("PUPPET", "late", "b").orElseThrow();
        assertTrue(next > ours);
        assertTrue(node.leave("PUPPET", ours));
        assertTrue(enter("x") > next);
    }

    /** Theirs leaves twice without harm, and so does ours when theirs took the slot away. */
    @Test
    void evictsAndPurgesOfTheirs() throws InterruptedException {
        long ours = node.enter("PUPPET", "me", "a").orElseThrow();
        String erased = ask("$JS.API.STREAM.MSG.DELETE.GOVERNOR_PUPPET", "{\"seq\":" + ours + "}");
        assertTrue(erased.contains("\"success\":true"), erased);
        assertFalse(node.leave("PUPPET", ours));
        long again = node.enter("PUPPET", "me", "b").orElseThrow();
        ask("$JS.API.STREAM.PURGE.GOVERNOR_PUPPET", "");
        assertFalse(node.leave("PUPPET", again));
        Slots.Standing standing = node.look("PUPPET").orElseThrow();
        assertEquals(0, standing.taken());
        assertNotNull(standing.lastActive(), "a purge does not forget that it was used");
        assertEquals(List.of(), owner.view("PUPPET"));
    }

    /** What {@code update} of theirs rewrites is what ours goes by. */
    @Test
    void rulesThatTheyChange() throws InterruptedException, IOException, JetStreamApiException {
        JetStreamManagement management = choria.jetStreamManagement();
        assertEquals(
                new Rules("PUPPET", 2, LIFE, 1),
                node.look("PUPPET").orElseThrow().rules());
        management.updateStream(theirs(3, Duration.ofMinutes(5)));
        assertEquals(
                new Rules("PUPPET", 3, Duration.ofMinutes(5), 1),
                node.look("PUPPET").orElseThrow().rules());
        for (String who : List.of("a", "b", "c")) {
            assertTrue(node.enter("PUPPET", who, who).isPresent());
        }
        assertTrue(node.enter("PUPPET", "d", "d").isEmpty());
        owner.ensure(new Rules("PUPPET", 4, Duration.ofMinutes(6), 1));
        StreamConfiguration now = management.getStreamInfo("GOVERNOR_PUPPET").getConfiguration();
        assertEquals(4, now.getMaxMsgs());
        assertEquals("Concurrency Governor PUPPET", now.getDescription());
        assertEquals(DiscardPolicy.New, now.getDiscardPolicy());
        assertTrue(enter("theirs") > 3);
    }

    @Test
    void listsNamesAsTheyDo() throws InterruptedException, IOException, JetStreamApiException {
        owner.ensure(new Rules("A", 1, LIFE, 1));
        choria.jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name("OTHER")
                        .subjects("choria.governor.OTHER")
                        .storageType(StorageType.File)
                        .build());
        assertEquals(List.of("A", "PUPPET"), node.names(), "a stream of another name is no governor");
    }

    @Test
    void holdersAsTheyWriteThem() throws InterruptedException {
        long first = enter("");
        long second = enter("n\u00f6de.example.net");
        assertEquals(
                List.of(first + " ", second + " n\u00f6de.example.net"),
                owner.view("PUPPET").stream()
                        .map(slot -> slot.number() + " " + slot.holder())
                        .toList());
        assertEquals("n\u00f6de.example.net", owner.evict("PUPPET", second));
        assertThrows(io.machineroom.ports.PortException.Refused.class, () -> owner.evict("PUPPET", second));
    }

    /** While ours makes it smaller theirs is told something that is neither yes nor full, and gives up, as it does then. */
    @Test
    void whileItIsClosedTheirsIsTold() throws InterruptedException, IOException, JetStreamApiException {
        choria.jetStreamManagement()
                .updateStream(StreamConfiguration.builder(theirs(2, LIFE))
                        .maximumMessageSize(1)
                        .description("Concurrency Governor PUPPET [closed by change c1]")
                        .build());
        String said = ask(SUBJECT, "cli.example.net");
        assertTrue(said.contains("\"err_code\":10054"), said);
        assertTrue(owner.open(new Slots.Closed("PUPPET", "c1")));
        assertTrue(enter("cli.example.net") >= 1);
    }
}
