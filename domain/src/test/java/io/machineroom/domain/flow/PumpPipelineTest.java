package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pump over a way that takes the next batch before it answered the one before. */
class PumpPipelineTest extends PumpFixture {
    @BeforeEach
    void twoBatchesOnTheWay() {
        saas.pipe.depth = 2;
    }

    private Pump pump(Spool spool, PumpSettings settings) {
        LinkKeeper links = keeper("nats");
        Source source = spool.source("saas");
        Pump pump = pump(source, links, settings);
        tasks.fork("link", links::run);
        tasks.fork("pump", pump::run);
        return pump;
    }

    private static PumpSettings settings(int messages, long bytes, long window) {
        return new PumpSettings(messages, bytes, window, 1 << 20, Duration.ofSeconds(60), RateSchedule.FREE, SOON);
    }

    @Test
    void sendsTheNextBatchBeforeTheFirstIsAnswered() {
        Spool spool = open();
        append(spool, 1_000);
        drained(start(spool, "nats"), SOON);
        assertEquals(2, saas.pipe.mostBegun);
        assertEquals(0, saas.repeats);
    }

    @Test
    void sendsTheRestAndWhatWasBehindItAgainInOrderAfterAnErrorInTheMiddle() {
        Spool spool = open();
        append(spool, 40);
        saas.receiptsAreLost = true;
        saas.poison = m -> m.id().equals("e7");
        Pump pump = pump(spool, settings(10, 1 << 20, 1_000));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(40, pump.state().sent());
        assertEquals(0, pump.state().resend(), "nothing had to go back to the last receipt");
        ids.remove("e7");
        assertEquals(ids, saas.stored);
        assertEquals(List.of("parked:1"), saas.voids);
    }

    @Test
    void countsOnlyTheAcceptedPrefixAsSent() {
        Spool spool = open();
        append(spool, 20);
        saas.receiptsAreLost = true;
        saas.prefix = 4;
        Pump pump = pump(spool, settings(10, 1 << 20, 1_000));
        assertTrue(tasks.runUntil(() -> pump.state().sent() > 0, SOON));
        assertEquals(4, pump.state().sent());
        assertEquals(4, pump.state().inFlight());
        assertTrue(tasks.runUntil(() -> pump.state().sent() == 20, SOON));
        assertEquals(ids, saas.stored);
    }

    @Test
    void hasNoMoreOnTheWayThanOneBatchMayHold() {
        Spool spool = open();
        append(spool, 500);
        pump(spool, settings(256, 4_096, 1_000));
        assertTrue(tasks.runUntil(() -> saas.stored.size() == 500, SOON));
        assertEquals(2, saas.pipe.mostBegun);
        assertTrue(saas.pipe.mostBytesBegun <= 4_096, () -> saas.pipe.mostBytesBegun + " bytes");
    }

    @Test
    void keepsTheBoundOfWhatHasNoReceiptWithTwoBatchesOnTheWay() {
        Spool spool = open();
        append(spool, 500);
        saas.receiptsAreLost = true;
        Pump pump = pump(spool, settings(10, 1 << 20, 100));
        tasks.advance(Duration.ofSeconds(20));
        assertEquals(100, saas.stored.size());
        assertEquals(100, pump.state().inFlight());
    }

    @Test
    void looksAtUrgentBeforeEveryBatch() {
        Spool spool = open();
        append(spool, 400);
        pump(spool, settings(10, 1 << 20, 1_000));
        assertTrue(tasks.runUntil(() -> saas.stored.size() >= 100, SOON));
        tasks.run(() -> spool.append(
                Lane.URGENT,
                List.of(new Message(
                        Subject.of("choria.lifecycle.event.alive"),
                        "urgent",
                        Map.of(),
                        ByteBuffer.allocate(1),
                        Instant.EPOCH))));
        int before = saas.stored.size();
        assertTrue(tasks.runUntil(() -> saas.stored.size() == 401, SOON));
        int ahead = saas.stored.indexOf("urgent") - before;
        assertTrue(ahead <= 20, () -> ahead + " went before it");
    }

    @Test
    void forgetsWhatWasReceiptedBeforeItWasAnswered() {
        Spool spool = open();
        append(spool, 300);
        Running running = start(spool, "nats");
        drained(running, SOON);
        assertTrue(tasks.runUntil(() -> running.pump().state().sent() == 300, SOON));
        assertEquals(0, running.pump().state().inFlight());
        tasks.advance(Duration.ofMinutes(3));
        assertEquals(0, meter.counter("mr_pump_rewinds_total{cause=\"stalled\"}"));
    }

    @Test
    void beginsAnEpochOnlyWhenTheOneBeforeIsOverTheLine() {
        Spool first = open();
        append(first, 20);
        first.close();
        Spool second = open();
        append(second, 20);
        saas.prefix = 6;
        drained(start(second, "nats"), SOON);
        assertEquals(0, saas.repeats);
    }

    @Test
    void sendsOverTheNextLinkWhatWasOnTheWayOverTheLostOne() {
        Spool spool = open();
        append(spool, 600);
        saas.answersAreLost = true;
        Running running = start(spool, "nats", "https");
        tasks.advance(Duration.ofMillis(700));
        saas.way("nats").reachable(false);
        saas.answersAreLost = false;
        drained(running, Duration.ofMinutes(2));
    }
}
