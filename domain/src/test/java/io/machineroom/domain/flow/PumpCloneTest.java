package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two running machines with one disk image and one memory: equal lineage, epoch and numbers, other events. */
class PumpCloneTest extends PumpFixture {
    private String run(Spool spool) {
        return spool.epoch().wire() + " normal";
    }

    private boolean nodeForked() {
        return meter.counter("mr_receipts_ignored_total{reason=\"forked\"}") > 0;
    }

    @Test
    void doesNotLetGoOfAnEventForTheReceiptOfItsTwin() {
        Spool spool = open();
        append(spool, 3);
        saas.receiptsAreLost = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        saas.receiptsAreLost = false;
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 3, "event-of-the-twin")));
        tasks.advance(Duration.ofSeconds(1));
        assertTrue(nodeForked());
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        assertEquals(List.of("e0", "e1", "e2", "e0", "e1", "e2"), saas.stored, "stored under a name of its own");
        append(spool, 2);
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        assertEquals(List.of("e3", "e4"), saas.stored.subList(6, 8));
        assertTrue(tasks.failures().isEmpty());
    }

    @Test
    void doesNotLetGoOfWhatItHasNotSentForNumbersThatItsTwinSent() {
        Spool spool = open();
        append(spool, 3);
        Running running = start(spool, "nats");
        drained(running, SOON);
        saas.way("nats").working = false;
        append(spool, 2);
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 5, "event-of-the-twin")));
        tasks.advance(Duration.ofSeconds(20));
        assertEquals(2, running.source().waiting());
        assertTrue(nodeForked());
        saas.way("nats").working = true;
        drained(running, Duration.ofMinutes(5));
    }

    @Test
    void goesOnUnderAnotherNameWhenItsTwinIsFarAhead() {
        Spool spool = open();
        append(spool, 3);
        Running running = start(spool, "nats");
        drained(running, SOON);
        saas.receiptsAreLost = true;
        append(spool, 4);
        tasks.advance(Duration.ofSeconds(2));
        saas.receiptsAreLost = false;
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 900, "event-of-the-twin")));
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, SOON));
        assertTrue(nodeForked());
        assertEquals(List.of("e3", "e4", "e5", "e6"), saas.stored.subList(7, 11));
    }

    @Test
    void doesNotPassOverAGapThatTheStoreGaveUp() {
        Spool spool = open();
        append(spool, 5);
        saas.losesWhatItAcknowledged = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        String passing = "mr-receipt-2 " + SimSaas.NODE + " " + run(spool) + " 5 store-one 4 e4";
        saas.way("nats").last.send(saas.sign(passing));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(5, running.source().waiting());
        assertEquals(1, meter.counter("mr_receipts_ignored_total{reason=\"gap\"}"));
        assertFalse(nodeForked());
    }

    @Test
    void believesAfterARestartWhatIsReceiptedForTheProcessBefore() {
        Spool spool = open();
        append(spool, 300);
        saas.receiptsAreLost = true;
        Running first = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(3));
        first.task().cancel();
        first.keeping().cancel();
        tasks.settle();
        first.source().close();
        disk.crash();
        Spool again = open();
        Running second = start(again, "nats");
        tasks.runUntil(() -> saas.way("nats").connects() == 2, SOON);
        tasks.advance(Duration.ofSeconds(2));
        saas.receiptsAreLost = false;
        int repeats = saas.repeats;
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool))));
        assertTrue(tasks.runUntil(() -> second.source().waiting() == 0, SOON));
        assertTrue(saas.repeats <= Math.max(repeats, 300), "repeats " + saas.repeats);
        assertFalse(nodeForked());
        assertEquals(ids, saas.stored);
    }

    @Test
    void readsUpToAClaimInsteadOfSendingItAgain() {
        Spool spool = open();
        append(spool, 2_000);
        saas.receiptsAreLost = true;
        Running first = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(5));
        assertEquals(2_000, saas.stored.size());
        first.task().cancel();
        first.keeping().cancel();
        tasks.settle();
        first.source().close();
        saas.receiptsAreLost = false;
        Running second = start(spool, "nats");
        drained(second, SOON);
        assertTrue(saas.repeats <= 512, "one batch is known, its receipt covers the rest: " + saas.repeats);
        assertFalse(nodeForked());
    }

    @Test
    void takesAReceiptForAnEpochThatIsDoneForNothing() {
        Spool spool = open();
        append(spool, 3);
        Running running = start(spool, "nats");
        drained(running, SOON);
        running.task().cancel();
        running.keeping().cancel();
        tasks.settle();
        disk.crash();
        Spool again = open();
        Running second = start(again, "nats");
        tasks.advance(Duration.ofSeconds(1));
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool))));
        append(again, 2);
        drained(second, SOON);
        tasks.advance(Duration.ofSeconds(2));
        assertFalse(nodeForked());
        assertEquals(0, meter.counter("mr_pump_rewinds_total{cause=\"forked\"}"));
    }
}
