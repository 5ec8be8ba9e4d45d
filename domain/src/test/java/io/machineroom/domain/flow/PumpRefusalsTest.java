package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PumpRefusalsTest extends PumpFixture {
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
        link.send(saas.sign(good.replace("mr-receipt-2", "mr-receipt-1")));
        link.send(saas.sign(good + " more"));
        link.send(new io.machineroom.ports.stream.SignedMark(good, "zz"));
        tasks.advance(Duration.ofSeconds(2));
        assertEquals(5, running.source().waiting());
        for (String why : List.of("signature", "other-node")) {
            assertEquals(1, meter.counter("mr_receipts_ignored_total{reason=\"" + why + "\"}"), why);
        }
        assertEquals(3, meter.counter("mr_receipts_ignored_total{reason=\"malformed\"}"));
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
        PumpSettings small =
                new PumpSettings(10, 1 << 20, 100, 1 << 20, Duration.ofSeconds(60), RateSchedule.FREE, SOON);
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
}
