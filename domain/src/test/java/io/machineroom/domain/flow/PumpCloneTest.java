package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two running machines with one disk image and one memory: equal lineage, epoch and numbers, other events. */
class PumpCloneTest extends PumpFixture {
    private String run(Spool spool) {
        return spool.epoch().wire() + " normal";
    }

    @Test
    void letsGoOfWhatTheNextHopHasTaken() {
        Spool spool = open();
        append(spool, 3);
        saas.receiptsAreLost = true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        saas.receiptsAreLost = false;
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 900)));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(0, running.source().waiting(), "a twin is far ahead, and this node's own events were taken");
        assertEquals(ids, saas.stored);
    }

    @Test
    void doesNotLetGoOfWhatItHasNotSentForNumbersThatItsTwinSent() {
        Spool spool = open();
        append(spool, 3);
        Running running = start(spool, "nats");
        drained(running, SOON);
        saas.way("nats").working = false;
        append(spool, 2);
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 5)));
        tasks.advance(Duration.ofSeconds(20));
        assertEquals(2, running.source().waiting());
        saas.way("nats").working = true;
        drained(running, Duration.ofMinutes(5));
    }

    @Test
    void doesNotLetGoOfWhatAHopMayHaveLostForNumbersThatItsTwinSent() {
        Spool spool = open();
        append(spool, 3);
        saas.lost = delivery -> true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        saas.lost = delivery -> false;
        saas.way("nats").working = false;
        saas.way("nats").reachable(false);
        tasks.advance(Duration.ofSeconds(2));
        saas.way("nats").reachable(true);
        assertTrue(tasks.runUntil(() -> saas.way("nats").connects() == 2, Duration.ofMinutes(2)));
        tasks.advance(Duration.ofSeconds(1));
        saas.way("nats").last.send(saas.sign(saas.receiptText(run(spool), 3)));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(3, running.source().waiting(), "it was taken before the link was lost, and not since");
        saas.way("nats").working = true;
        drained(running, Duration.ofMinutes(5));
    }

    @Test
    void doesNotPassOverAGapThatTheStoreGaveUp() {
        Spool spool = open();
        append(spool, 5);
        saas.lost = delivery -> true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(2));
        String passing = "mr-receipt-2 " + SimSaas.NODE + " " + run(spool) + " 5 store-one 4";
        saas.way("nats").last.send(saas.sign(passing));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(5, running.source().waiting());
        assertEquals(1, meter.counter("mr_receipts_ignored_total{reason=\"gap\"}"));
    }

    @Test
    void sendsAgainAfterARestartWhatWasReceiptedForTheProcessBefore() {
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
        saas.receiptsAreLost = false;
        Running second = start(open(), "nats");
        drained(second, SOON);
        assertEquals(300, saas.repeats, "once each");
    }
}
