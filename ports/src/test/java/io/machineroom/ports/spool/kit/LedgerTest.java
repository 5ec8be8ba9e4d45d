package io.machineroom.ports.spool.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp.EpochEnd;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LedgerTest {
    private static final String LINEAGE = "a".repeat(32);
    private static final String NONCE = "b".repeat(32);

    private final Ledger ledger = new Ledger(LINEAGE);

    private Epoch begin() {
        return ledger.begin(NONCE, _ -> false);
    }

    private void give(Lane lane, Epoch epoch, long through) {
        ledger.given(lane, new Place(epoch.ordinal(), through));
    }

    private void commit(Epoch epoch, Lane lane, long through) {
        DoneMark mark = new DoneMark(epoch, lane, through, "s");
        assertTrue(ledger.isProgress("pump", mark));
        ledger.commit("pump", mark);
    }

    @Test
    void isReadFromItsText() {
        Epoch first = begin();
        ledger.add("pump", (_, _) -> 0L);
        give(Lane.NORMAL, first, 7);
        give(Lane.BULK, first, 2);
        commit(first, Lane.NORMAL, 3);
        ledger.drop(Lane.BULK, new Place(1, 1), "overflow");
        ledger.at(42);
        Ledger read = Ledger.of(ledger.text());
        assertEquals(ledger.text(), read.text());
        assertEquals(
                List.of(LINEAGE, 42L, 7L, 3L, 6L),
                List.of(
                        read.lineage(),
                        read.clock(),
                        read.last(Lane.NORMAL, 1),
                        read.done(Lane.NORMAL, 1),
                        read.waiting("pump")));
        assertEquals(
                "overflow",
                read.dropped(Lane.BULK, new Place(1, 1)).orElseThrow().cause());
        assertEquals(Optional.empty(), read.dropped(Lane.NORMAL, new Place(1, 1)));
    }

    @Test
    void refusesWhatIsNoText() {
        assertThrows(IllegalArgumentException.class, () -> Ledger.of(LINEAGE + "\nsomething else"));
        assertThrows(IllegalArgumentException.class, () -> Ledger.of(LINEAGE + "\nclock x"));
    }

    @Test
    void forgetsEpochsOfWhichNothingIsLeftAndThatNobodyNames() {
        ledger.add("pump", (_, _) -> 0L);
        Epoch first = begin();
        for (int i = 0; i < 20; i++) {
            begin();
        }
        Epoch used = begin();
        give(Lane.NORMAL, used, 5);
        commit(used, Lane.NORMAL, 5);
        Epoch next = begin();
        give(Lane.NORMAL, next, 1);
        assertEquals(Optional.of(new EpochEnd(used, 5)), ledger.previous(Lane.NORMAL, next.ordinal()));
        begin();
        assertEquals(Optional.of(new EpochEnd(used, 5)), ledger.previous(Lane.NORMAL, next.ordinal()), "it waits");
        commit(next, Lane.NORMAL, 1);
        Epoch last = begin();
        assertEquals(Optional.of(new EpochEnd(next, 1)), ledger.previous(Lane.NORMAL, last.ordinal()));
        assertEquals(2, ledger.text().lines().filter(l -> l.startsWith("epoch")).count(), ledger.text());
        assertTrue(!ledger.isProgress("pump", new DoneMark(first, Lane.NORMAL, 3, "s")), "all of it was done");
        assertThrows(
                PortException.Refused.class, () -> ledger.isProgress("pump", new DoneMark(last, Lane.NORMAL, 1, "s")));
    }

    @Test
    void keepsEpochsOfWhichTheFilesHaveRecords() {
        begin();
        begin();
        ledger.begin(NONCE, ordinal -> ordinal == 2);
        assertEquals(
                List.of(2L, 3L),
                LongStream.rangeClosed(1, 3)
                        .filter(o -> ledger.text().contains("\nepoch " + o + " "))
                        .boxed()
                        .toList());
    }

    @Test
    void joinsRunsOfOneCauseAndTheOldestOfTooMany() {
        for (int i = 1; i <= 100; i++) {
            ledger.drop(Lane.NORMAL, new Place(1, i), "overflow");
        }
        assertEquals(1, runs());
        for (int i = 101; i <= 300; i++) {
            ledger.drop(Lane.NORMAL, new Place(1, i), i % 2 == 0 ? "overflow" : "expired");
        }
        assertEquals(64, runs());
        ledger.drop(Lane.NORMAL, new Place(1, 250), "parked");
        for (int i = 1; i <= 300; i++) {
            Ledger.Run run = ledger.dropped(Lane.NORMAL, new Place(1, i)).orElseThrow();
            assertTrue(!run.cause().equals("parked"), "what was dropped is dropped");
        }
        assertEquals(Optional.empty(), ledger.dropped(Lane.NORMAL, new Place(1, 301)));
    }

    private long runs() {
        return ledger.text().lines().filter(l -> l.startsWith("void")).count();
    }
}
