package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.contract.SlotsContract;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Governors of a real server: as a node with exactly its rights, as the owner, and as a client that is not ours. */
final class NatsSlotsIT extends SlotsContract {
    private static final Duration LONG = Duration.ofMinutes(2);

    private TestSaas saas;
    private Link backplane;
    private Link node;
    private Connection raw;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        node = saas.connect(saas.node(TestSaas.ACME, "n1"));
        raw = saas.raw(TestSaas.ACME);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            raw.close();
            saas.close();
        }
    }

    @Override
    protected Slots node() {
        return node.slots();
    }

    @Override
    protected Slots owner() {
        return backplane.slots();
    }

    @Override
    protected void cut() throws InterruptedException {
        saas.stop();
    }

    @Override
    protected Tasks tasks() {
        return new LiveRuntime();
    }

    @Test
    void gov02LaysTheStreamOutAsChoriaDoes() throws InterruptedException, IOException, JetStreamApiException {
        owner().ensure(new Rules("TEST", 100, LONG, 1));
        StreamConfiguration made =
                raw.jetStreamManagement().getStreamInfo("GOVERNOR_TEST").getConfiguration();
        assertEquals(List.of("choria.governor.TEST"), made.getSubjects());
        assertEquals("Concurrency Governor TEST", made.getDescription());
        assertEquals(100, made.getMaxMsgs());
        assertEquals(LONG, made.getMaxAge());
        assertEquals(RetentionPolicy.Limits, made.getRetentionPolicy());
        assertEquals(DiscardPolicy.New, made.getDiscardPolicy());
        assertEquals(StorageType.File, made.getStorageType());
        assertEquals(1, made.getReplicas());
        assertEquals(-1, made.getMaxBytes());
        assertEquals(-1, made.getMaxMsgsPerSubject());
    }

    /** What a client of Choria does, by hand: its slot counts, ours counts for it, and either frees its own. */
    @Test
    void sharesAGovernorWithAClientThatIsNotOurs() throws InterruptedException, IOException, JetStreamApiException {
        JetStreamManagement management = raw.jetStreamManagement();
        management.addStream(StreamConfiguration.builder()
                .name("GOVERNOR_SHARED")
                .subjects("choria.governor.SHARED")
                .maxMessages(2)
                .maxAge(LONG)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .build());
        assertEquals(List.of("SHARED"), node().names());
        long theirs = raw.jetStream()
                .publish("choria.governor.SHARED", "cli.example.net".getBytes(StandardCharsets.UTF_8))
                .getSeqno();
        long ours = node().enter("SHARED", "Auto Agent  m#w @ n1", "a").orElseThrow();
        JetStreamApiException full = assertThrows(
                JetStreamApiException.class, () -> raw.jetStream().publish("choria.governor.SHARED", new byte[] {'x'}));
        assertEquals(10_077, full.getApiErrorCode());
        assertTrue(node().enter("SHARED", "late", "b").isEmpty());
        assertEquals(
                List.of("cli.example.net", "Auto Agent  m#w @ n1"),
                owner().view("SHARED").stream().map(Slots.Slot::holder).toList());
        assertTrue(management.deleteMessage("GOVERNOR_SHARED", theirs, false));
        assertTrue(node().leave("SHARED", ours));
        assertEquals(0, node().look("SHARED").orElseThrow().taken());
    }

    /** The original opens the whole branch of submissions to whoever may submit: here nobody speaks for another. */
    @Test
    void acl02ANodeMayNotPublishSubmissionsOutsideOfItsOwnName() {
        for (String subject : List.of("choria.submission.in.x", "c1.submission.in.x", "mr.UOTHER.submission.in.x")) {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class,
                    () -> node.request(subject, new byte[] {1}, Duration.ofSeconds(5)));
            assertEquals("link.denied", error.code(), subject);
        }
    }

    @Test
    void acl01ANodeDeletesFromNoStreamThatIsNoGovernor() throws InterruptedException {
        backplane.ensureStream(TestSaas.intakeSpec(1_000_000));
        backplane.ensureBucket("CONFIG");
        backplane.bucket("CONFIG").put("machines", new byte[] {1});
        for (String stream : List.of("MR_INTAKE", "KV_CONFIG", "KV_CHORIA_LEADER_ELECTION")) {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class,
                    () -> node.request(
                            "$JS.API.STREAM.MSG.DELETE." + stream,
                            "{\"seq\":1}".getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(5)));
            assertEquals("link.denied", error.code(), stream);
        }
        for (String call : List.of(
                "STREAM.MSG.GET.GOVERNOR_X",
                "STREAM.CREATE.GOVERNOR_X",
                "STREAM.DELETE.GOVERNOR_X",
                "STREAM.PURGE.GOVERNOR_X",
                "STREAM.UPDATE.GOVERNOR_X",
                "CONSUMER.CREATE.GOVERNOR_X")) {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class,
                    () -> node.request("$JS.API." + call, new byte[0], Duration.ofSeconds(5)));
            assertEquals("link.denied", error.code(), call);
        }
    }

    @Test
    void aGovernorThatBecomesSmallerTakesNoSlotAwayFromWhoEntersAtThatMoment() throws Exception {
        owner().ensure(new Rules("TEST", 8, LONG, 1));
        AtomicBoolean end = new AtomicBoolean();
        AtomicInteger lost = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "w" + i;
                all.add(workers.submit(() -> work(name, end, entered, lost)));
            }
            int smaller = 0;
            for (int i = 0; i < 150; i++) {
                smaller += becomes(1) ? 1 : 0;
                becomes(8);
            }
            end.set(true);
            for (Future<?> one : all) {
                one.get();
            }
            assertTrue(smaller > 0 && entered.get() > 100, smaller + " times, entered " + entered);
        }
        assertEquals(0, lost.get(), "slots that the server removed");
    }

    private boolean becomes(int slots) throws InterruptedException {
        try {
            owner().ensure(new Rules("TEST", slots, LONG, 1));
            return true;
        } catch (PortException.Refused held) {
            assertEquals("governor.held", held.code());
            return false;
        }
    }

    private Void work(String name, AtomicBoolean end, AtomicInteger entered, AtomicInteger lost)
            throws InterruptedException {
        for (int i = 0; !end.get(); i++) {
            try {
                Optional<Long> slot = node().enter("TEST", name, name + "-" + i);
                if (slot.isPresent()) {
                    entered.incrementAndGet();
                    lost.addAndGet(node().leave("TEST", slot.get()) ? 0 : 1);
                }
            } catch (PortException.Unavailable closed) {
                assertEquals("governor.unreachable", closed.code());
            }
        }
        return null;
    }

    @Override
    protected void leaveClosed(String governor, String change) {
        closed(governor, " [closed by change " + change + "]");
    }

    private void closed(String governor, String how) {
        try {
            JetStreamManagement management = raw.jetStreamManagement();
            StreamConfiguration made =
                    management.getStreamInfo("GOVERNOR_" + governor).getConfiguration();
            management.updateStream(StreamConfiguration.builder(made)
                    .maximumMessageSize(1)
                    .description("Concurrency Governor " + governor + how)
                    .build());
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError(e);
        }
    }

    /** As agents before 0.9 left it. */
    @Test
    void oneThatWasLeftClosedByNobodyIsOpenedAgain() throws InterruptedException {
        owner().ensure(new Rules("TEST", 2, LONG, 1));
        closed("TEST", "");
        assertEquals(List.of(new Slots.Closed("TEST", "")), owner().closed());
        assertTrue(owner().open(new Slots.Closed("TEST", "")));
        assertTrue(node().enter("TEST", "me", "a").isPresent());
    }

    /** What the change said is gone when it is open again: Choria's tools show the description. */
    @Test
    void aChangeLeavesNoTrace() throws InterruptedException, IOException, JetStreamApiException {
        owner().ensure(new Rules("TEST", 3, LONG, 1));
        owner().ensure(new Rules("TEST", 2, LONG, 1));
        leaveClosed("TEST", "c1");
        owner().ensure(new Rules("TEST", 1, LONG, 1));
        gov02("TEST", 1);
        leaveClosed("TEST", "c2");
        assertTrue(owner().open(new Slots.Closed("TEST", "c2")));
        gov02("TEST", 1);
    }

    private void gov02(String name, long slots) throws IOException, JetStreamApiException {
        StreamConfiguration made =
                raw.jetStreamManagement().getStreamInfo("GOVERNOR_" + name).getConfiguration();
        assertEquals("Concurrency Governor " + name, made.getDescription());
        assertEquals(slots, made.getMaxMsgs());
        assertEquals(-1, made.getMaximumMessageSize());
    }

    @Test
    void keepsSlotsWhenTheServerIsKilled() throws InterruptedException {
        owner().ensure(new Rules("TEST", 2, LONG, 1));
        long slot = node().enter("TEST", "me", "same").orElseThrow();
        saas.killAndRestart();
        Link again = saas.connect(saas.node(TestSaas.ACME, "n1"));
        assertEquals(slot, again.slots().enter("TEST", "me", "same").orElseThrow());
        assertTrue(again.slots().leave("TEST", slot));
    }
}
