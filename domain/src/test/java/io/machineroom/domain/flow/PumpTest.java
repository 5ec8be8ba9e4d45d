package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PumpTest extends PumpFixture {
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
        saas.lost = delivery -> true;
        Running running = start(spool, "nats");
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(20, running.source().waiting());
        saas.lost = delivery -> false;
        drained(running, Duration.ofMinutes(2));
    }

    @Test
    void goesBackForALaneOfFewEventsWhileAnotherMovesAllTheTime() {
        Spool spool = open();
        saas.lost = delivery -> delivery.stamp().lane() == Lane.URGENT;
        Running running = start(spool, "nats");
        append(spool, Lane.URGENT, 1);
        tasks.advance(Duration.ofSeconds(1));
        saas.lost = delivery -> false;
        for (int second = 0; second < 70; second++) {
            append(spool, 1);
            tasks.advance(Duration.ofSeconds(1));
        }
        assertTrue(saas.stored.contains("e0"));
        assertEquals(1, meter.counter("mr_pump_rewinds_total{cause=\"stalled\"}"));
        assertEquals(0, running.source().waiting());
    }

    @Test
    void goesBackMoreAndMoreRarelyForALaneThatStaysStillWhileAnotherMoves() {
        Spool spool = open();
        saas.lost = delivery -> delivery.stamp().lane() == Lane.URGENT;
        Running running = start(spool, "nats");
        append(spool, Lane.URGENT, 1);
        for (int second = 0; second < 450; second++) {
            append(spool, 1);
            tasks.advance(Duration.ofSeconds(1));
        }
        assertEquals(3, meter.counter("mr_pump_rewinds_total{cause=\"stalled\"}"), "after 1, 3 and 7 minutes");
        assertEquals(1, running.source().waiting());
    }

    @Test
    void staysWithinTheRateOfTheHour() {
        Spool spool = open();
        append(spool, 600);
        long rate = 10_000;
        RateSchedule schedule = new RateSchedule(
                List.of(new RateSchedule.Window(java.time.LocalTime.MIDNIGHT, java.time.LocalTime.MIDNIGHT, rate)));
        LinkKeeper links = keeper("nats");
        Source source = spool.source("saas");
        Pump pump = pump(source, links, PumpSettings.defaults().withRate(schedule));
        tasks.fork("link", links::run);
        tasks.fork("pump", pump::run);
        tasks.advance(Duration.ofSeconds(4));
        long size = spool.stats().bytes() / 600;
        long sent = saas.stored.size() * size;
        assertTrue(sent > 0 && sent <= rate * 6, sent + " bytes in four seconds");
        assertTrue(tasks.runUntil(() -> source.waiting() == 0, Duration.ofMinutes(2)), () -> tasks.dump());
        assertEquals(ids, saas.stored);
        assertEquals(0, saas.repeats);
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
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, Duration.ofMinutes(3)));
        assertEquals(ids.subList(10, 21), saas.stored);
        assertEquals(1, meter.counter("mr_pump_rewinds_total{cause=\"store\"}"));
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
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void losesNothingAndRepeatsNothingThroughCutsAndCrashes(long seed) {
        seed(seed);
        saas.pipe.depth = seed <= 8 ? 1 : 2;
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
