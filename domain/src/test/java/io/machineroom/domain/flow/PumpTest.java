package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PumpTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private SimTasks tasks = new SimTasks(11);
    private final SimMeter meter = new SimMeter();
    private SimStorage disk = new SimStorage(tasks::await);
    private SimFiles files = SimFiles.fresh(tasks);
    private SimSaas saas = new SimSaas(tasks, tasks.entropy());
    private final List<String> ids = new ArrayList<>();

    private void seed(long seed) {
        tasks = new SimTasks(seed);
        disk = new SimStorage(tasks::await);
        files = SimFiles.fresh(tasks);
        saas = new SimSaas(tasks, tasks.entropy());
    }

    private Spool open() {
        return SimSpool.open(
                disk,
                new SpoolProvider.Settings(
                        Path.of("spool"), 16 << 20, 100_000, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH),
                tasks.time(),
                tasks.entropy());
    }

    private void append(Spool spool, int count) {
        tasks.run(() -> {
            List<Message> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String id = "e" + ids.size();
                ids.add(id);
                batch.add(new Message(
                        Subject.of("choria.machine.transition"),
                        id,
                        Map.of(),
                        ByteBuffer.wrap(new byte[100]),
                        Instant.EPOCH));
            }
            spool.append(Lane.NORMAL, batch);
        });
    }

    private static Endpoint endpoint(String url) {
        return new Endpoint(
                List.of(URI.create(url)),
                TrustPolicy.system(),
                new Endpoint.Credentials.Anonymous(),
                "n1",
                Duration.ofSeconds(5));
    }

    private LinkKeeper keeper(String... names) {
        List<Way> ways = IntStream.range(0, names.length)
                .mapToObj(i -> new Way(names[i], saas.way(names[i]), endpoint(names[i] + "://saas:1")))
                .toList();
        return new LinkKeeper(ways, LinkSettings.defaults(), tasks, tasks.time(), tasks.entropy(), meter);
    }

    private Pump pump(Source source, LinkKeeper links) {
        return pump(source, links, PumpSettings.defaults());
    }

    private Pump pump(Source source, LinkKeeper links, PumpSettings settings) {
        return new Pump(
                source,
                links,
                new ReceiptVerifier(new SimSignatures(), saas.receiptKey(), SimSaas.NODE),
                new ParkedMessages(files),
                settings,
                new Pump.Runtime(tasks, tasks.time(), tasks.entropy(), meter));
    }

    private Running start(Spool spool, String... ways) {
        LinkKeeper links = keeper(ways);
        Source source = spool.source("saas");
        Pump pump = pump(source, links);
        Tasks.Task keeping = tasks.fork("link", links::run);
        return new Running(source, links, pump, tasks.fork("pump", pump::run), keeping);
    }

    private record Running(Source source, LinkKeeper links, Pump pump, Tasks.Task task, Tasks.Task keeping) {}

    private void drained(Running running, Duration limit) {
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, limit), () -> tasks.dump());
        assertEquals(ids, saas.stored);
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void sendsEverythingInOrderAndLetsGoOnlyByReceipt() {
        Spool spool = open();
        append(spool, 1_000);
        drained(start(spool, "nats"), SOON);
        assertEquals(0, saas.repeats);
    }

    @Test
    void commitsOnlyTheAcceptedPrefixAndSendsTheRestNext() {
        saas.prefix = 7;
        Spool spool = open();
        append(spool, 100);
        drained(start(spool, "nats"), SOON);
        assertEquals(0, saas.repeats);
    }

    @Test
    void keepsEverythingWhileReceiptsAreLostAndGoesBackAfterAMinute() {
        Spool spool = open();
        append(spool, 50);
        saas.receiptsAreLost = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(50));
        assertEquals(ids, saas.stored);
        assertEquals(50, running.source().waiting());
        assertEquals(List.of(0), saas.resends);
        tasks.advance(Duration.ofSeconds(15));
        assertEquals(List.of(0, 1), saas.resends);
        tasks.advance(Duration.ofSeconds(100));
        assertEquals(2, saas.resends.size(), "the second wait is two minutes");
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(List.of(0, 1, 2), saas.resends);
        saas.receiptsAreLost = false;
        drained(running, Duration.ofMinutes(5));
        assertEquals(3, meter.counter("mr_pump_rewinds_total{cause=\"stalled\"}"));
    }

    @Test
    void sendsAgainWhatTheNextHopAcknowledgedAndLost() {
        Spool spool = open();
        append(spool, 20);
        saas.losesWhatItAcknowledged = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(20, running.source().waiting());
        saas.losesWhatItAcknowledged = false;
        drained(running, Duration.ofMinutes(2));
    }

    @Test
    void goesBackWhenAnAnswerIsLostAndNothingIsStoredTwice() {
        Spool spool = open();
        append(spool, 300);
        saas.answersAreLost = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(3));
        saas.answersAreLost = false;
        drained(running, SOON);
        assertTrue(saas.repeats > 0);
    }

    @Test
    void fallsBackToHttpsAndReturnsWithoutLossOrRepeat() {
        Spool spool = open();
        Running running = start(spool, "nats", "https");
        append(spool, 10);
        drained(running, SOON);
        assertEquals("nats", running.links().state().way());
        saas.way("nats").reachable(false);
        append(spool, 10);
        drained(running, SOON);
        assertEquals("https", running.links().state().way());
        saas.way("nats").reachable(true);
        assertTrue(tasks.runUntil(() -> running.links().state().way().equals("nats"), SOON));
        append(spool, 10);
        drained(running, SOON);
        assertEquals(0, saas.repeats);
    }

    @Test
    void fallsBackWhenTheFirstWayConnectsButDoesNotWork() {
        saas.way("nats").working = false;
        Spool spool = open();
        append(spool, 10);
        Running running = start(spool, "nats", "https");
        drained(running, SOON);
        int connects = saas.way("nats").connects();
        tasks.advance(Duration.ofMinutes(10));
        assertTrue(saas.way("nats").connects() - connects < 40, "probing slows down");
        saas.way("nats").working = true;
        assertTrue(tasks.runUntil(
                () -> {
                    return running.links().state().way().equals("nats");
                },
                Duration.ofMinutes(5)));
    }

    @Test
    void startsOverHttpsWhenTheFirstWayIsBlocked() {
        saas.way("nats").reachable(false);
        Spool spool = open();
        append(spool, 5);
        drained(start(spool, "nats", "https"), Duration.ofSeconds(10));
    }

    @Test
    void goesBackToTheLastReceiptWhenAnotherStoreAnswers() {
        Spool spool = open();
        append(spool, 10);
        Running running = start(spool, "nats");
        drained(running, SOON);
        saas.receiptsAreLost = true;
        append(spool, 10);
        tasks.advance(Duration.ofSeconds(2));
        saas.startAnew("store-two");
        saas.receiptsAreLost = false;
        append(spool, 1);
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        assertEquals(ids.subList(10, 21), saas.stored);
        assertEquals(1, meter.counter("mr_pump_rewinds_total{cause=\"store\"}"));
    }

    @Test
    void ignoresForgedForeignAndImpossibleReceipts() {
        Spool spool = open();
        append(spool, 5);
        saas.receiptsAreLost = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        saas.receiptsAreLost = false;
        SimSaas.SimLink link = saas.way("nats").last;
        String run = spool.epoch().wire() + " normal";
        String good = saas.receiptText(run);
        link.send(saas.sign(new KeyRole("attacker", KeyRole.Form.HEX_SEED), good));
        link.send(saas.sign(good.replace(SimSaas.NODE, "U" + "B".repeat(55))));
        link.send(saas.sign("mr-receipt-1 " + SimSaas.NODE + " " + run + " 6 store-one"));
        link.send(saas.sign(good + " more"));
        link.send(new io.machineroom.ports.stream.SignedMark(good, "zz"));
        tasks.advance(Duration.ofSeconds(2));
        assertEquals(5, running.source().waiting());
        for (String why : List.of("signature", "other-node", "beyond")) {
            assertEquals(1, meter.counter("mr_receipts_ignored_total{reason=\"" + why + "\"}"), why);
        }
        assertEquals(2, meter.counter("mr_receipts_ignored_total{reason=\"malformed\"}"));
        link.send(saas.sign(good));
        tasks.advance(Duration.ofSeconds(2));
        assertEquals(0, running.source().waiting());
    }

    @Test
    void parksWhatIsNeverTakenAndSendsAVoidInItsPlace() {
        Spool spool = open();
        append(spool, 10);
        saas.poison = m -> m.id().equals("e4");
        Running running = start(spool, "nats");
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        ids.remove("e4");
        assertEquals(ids, saas.stored);
        assertEquals(List.of("parked:1"), saas.voids);
        assertEquals(1, files.list("parked").size());
        String evidence = new String(
                files.read("parked/" + files.list("parked").getFirst(), 1 << 20).orElseThrow(),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(evidence.contains("id: e4") && evidence.contains("sink.poison"), evidence);
        assertEquals(1, running.pump().state().parked());
    }

    @Test
    void sendsAParkedNumberAsAVoidAgainAfterARestart() {
        Spool spool = open();
        append(spool, 3);
        saas.poison = m -> m.id().equals("e0");
        saas.receiptsAreLost = true;
        Running first = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(3));
        first.task().cancel();
        first.keeping().cancel();
        tasks.settle();
        first.source().close();
        saas.receiptsAreLost = false;
        saas.poison = m -> false;
        Running second = start(spool, "nats");
        assertTrue(tasks.runUntil(() -> second.source().waiting() == 0, SOON));
        assertEquals(List.of("parked:1"), saas.voids);
        assertEquals(List.of("e1", "e2"), saas.stored);
    }

    @Test
    void takesThreeRefusalsInARowForABrokenReceiver() {
        Spool spool = open();
        append(spool, 10);
        saas.poison = m -> true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(2, files.list("parked").size());
        assertTrue(saas.stored.isEmpty());
        assertTrue(running.source().waiting() > 0);
        saas.poison = m -> false;
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        assertEquals(ids.subList(2, 10), saas.stored);
    }

    @Test
    void boundsWhatIsSentWithoutAReceipt() {
        Spool spool = open();
        append(spool, 500);
        saas.receiptsAreLost = true;
        LinkKeeper links = keeper("nats");
        PumpSettings small = new PumpSettings(10, 1 << 20, 100, 1 << 20, Duration.ofSeconds(60), SOON);
        Pump pump = pump(spool.source("saas"), links, small);
        tasks.fork("link", links::run);
        tasks.fork("pump", pump::run);
        tasks.advance(Duration.ofSeconds(20));
        assertEquals(100, saas.stored.size());
        assertEquals(100, pump.state().inFlight());
    }

    @Test
    void endsWhenTheSpoolIsDamaged() {
        LinkKeeper links = keeper("nats");
        Source broken = new Source() {
            @Override
            public List<io.machineroom.ports.stream.Delivery> read(int max, long bytes, Duration wait) {
                throw new PortException.Corrupted("spool.damaged", "cannot read on");
            }

            @Override
            public void rewind() {}

            @Override
            public void commit(DoneMark mark) {}

            @Override
            public long waiting() {
                return 1;
            }

            @Override
            public void close() {}
        };
        Pump pump = pump(broken, links);
        tasks.fork("link", links::run);
        Tasks.Task task = tasks.fork("pump", pump::run);
        assertTrue(tasks.runUntil(task::done, SOON));
        assertTrue(task.failure().orElseThrow() instanceof PortException.Corrupted);
    }

    @Test
    void drainsBeforeItEndsAndDoesNotWaitForALinkThatIsNotThere() {
        Spool spool = open();
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(1));
        append(spool, 400);
        running.pump().finish();
        assertTrue(tasks.runUntil(running.task()::done, Duration.ofSeconds(5)));
        assertEquals(ids, saas.stored);
        running.source().close();
        running.keeping().cancel();
        saas.way("nats").reachable(false);
        append(spool, 1);
        Running second = start(spool, "nats");
        second.pump().finish();
        assertTrue(tasks.runUntil(second.task()::done, Duration.ofSeconds(1)));
        assertFalse(saas.stored.contains("e400"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void losesNothingAndRepeatsNothingThroughCutsAndCrashes(long seed) {
        seed(seed);
        Spool spool = open();
        Running running = start(spool, "nats", "https");
        for (int round = 0; round < 12; round++) {
            append(spool, 40);
            chaos((int) tasks.entropy().below(6));
            tasks.advance(Duration.ofMillis(tasks.entropy().below(9_000)));
            if (tasks.entropy().below(4) == 0) {
                running.task().cancel();
                running.keeping().cancel();
                tasks.settle();
                disk.crash();
                spool = open();
                running = start(spool, "nats", "https");
            }
        }
        saas.answersAreLost = false;
        saas.receiptsAreLost = false;
        saas.prefix = Integer.MAX_VALUE;
        saas.way("nats").reachable(true);
        saas.way("https").reachable(true);
        drained(running, Duration.ofMinutes(30));
    }

    private void chaos(int what) {
        switch (what) {
            case 0 -> saas.answersAreLost = !saas.answersAreLost;
            case 1 -> saas.receiptsAreLost = !saas.receiptsAreLost;
            case 2 -> saas.way("nats").reachable(!saas.way("nats").reachable);
            case 3 -> saas.way("https").reachable(!saas.way("https").reachable);
            case 4 -> saas.prefix = 1 + (int) tasks.entropy().below(50);
            default -> saas.prefix = Integer.MAX_VALUE;
        }
    }
}
