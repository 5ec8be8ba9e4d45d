package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static io.machineroom.domain.backplane.IngestWorld.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class IngestTest {
    private final IngestWorld world = new IngestWorld(7).start();

    private static List<String> upTo(long last) {
        return LongStream.rangeClosed(1, last).mapToObj(n -> "id-" + n).toList();
    }

    @Test
    void storesInTheOrderOfTheNumbers() {
        List<Taken> fates = world.bring(event(1), event(3), event(2), event(4));
        assertEquals(List.of(Taken.STORED, Taken.HELD, Taken.STORED, Taken.STORED), fates);
        assertEquals(upTo(4), world.ids(NODE));
        assertEquals(List.of(Taken.KNOWN), world.bring(event(3)));
    }

    @Test
    void dropsWhatItKnows() {
        world.bring(event(1), event(2));
        assertEquals(List.of(Taken.KNOWN, Taken.KNOWN, Taken.STORED), world.bring(event(1), event(2), event(3)));
        assertEquals(upTo(3), world.ids(NODE));
        assertEquals(new Totals(3, 3, Map.of(), 0, 0), world.ledger(NODE));
    }

    @Test
    void keepsOrderAcrossBothWays() {
        world.bring(event(1), event(2));
        Ingest.Result gap = world.post(event(5), event(6));
        assertEquals(List.of(Taken.AHEAD, Taken.AHEAD), gap.fates());
        assertEquals(3, gap.expected());
        world.bring(event(3));
        Ingest.Result good = world.post(event(2), event(3), event(4), event(5), event(6));
        assertEquals(7, good.expected());
        assertEquals(upTo(6), world.ids(NODE));
        assertNotNull(good.receipt());
        assertTrue(good.receipt().text().startsWith("mr-receipt-2 UNODE1 " + epoch(1).wire() + " normal 6 "));
    }

    @Test
    void givesNoReceiptForNothing() {
        assertNull(world.post(event(2)).receipt());
    }

    @Test
    void countsVoidsByTheirCause() {
        world.bring(event(1), nothing(2, 5, "overflow"), event(6), nothing(4, 8, "expired"), event(9));
        assertEquals(List.of("id-1", "2-5", "id-6", "7-8", "id-9"), world.ids(NODE));
        assertEquals(new Totals(9, 3, Map.of("overflow", 4L, "expired", 2L), 0, 0), world.ledger(NODE));
    }

    @Test
    void storesBothWhenANumberComesWithAnotherEvent() {
        world.bring(event(1), event(2));
        assertEquals(List.of(Taken.STORED), world.bring(event(NODE, epoch(1), null, 2, "clone")));
        assertEquals(List.of(Taken.KNOWN), world.bring(event(NODE, epoch(1), null, 2, "clone")));
        assertEquals(List.of("id-1", "id-2", "clone"), world.ids(NODE));
        assertEquals(1, world.forksTold());
        assertEquals(new Totals(2, 2, Map.of(), 0, 1), world.ledger(NODE));
    }

    @Test
    void tellsACloneByItsOrdinal() {
        world.bring(event(1), event(2));
        world.bring(event(NODE, epoch(1, 'f'), null, 1, "other-1"), event(NODE, epoch(1, 'f'), null, 2, "other-2"));
        assertEquals(List.of("id-1", "id-2", "other-1", "other-2"), world.ids(NODE));
        assertEquals(1, world.forksTold());
    }

    @Test
    void waitsForTheEpochBefore() {
        world.bring(event(1));
        Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(1), 3);
        assertEquals(List.of(Taken.HELD), world.bring(event(NODE, epoch(2), end, 1, "next-1")));
        assertEquals(List.of(Taken.STORED, Taken.STORED), world.bring(event(2), event(3)));
        assertEquals(List.of("id-1", "id-2", "id-3", "next-1"), world.ids(NODE));
        assertEquals(new Totals(4, 4, Map.of(), 0, 0), world.ledger(NODE));
    }

    @Test
    void keepsAnEpochThatWaitsHoweverManyComeAfterIt() {
        world.bring(event(1));
        List<Arrived> later = new ArrayList<>();
        for (long n = 2; n <= 25; n++) {
            Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(n - 1), n == 2 ? 3 : 1);
            later.add(event(NODE, epoch(n), end, 1, "of-" + n));
        }
        world.bring(later.toArray(Arrived[]::new));
        assertEquals(List.of(Taken.STORED, Taken.STORED), world.bring(event(2), event(3)));
        world.bring(later.toArray(Arrived[]::new));
        assertEquals(27, world.ids(NODE).size());
        assertEquals("of-25", world.ids(NODE).getLast());
        assertEquals(new Totals(27, 27, Map.of(), 0, 0), world.ledger(NODE));
        assertEquals(0, world.forksTold());
    }

    @Test
    void goesOnAfterARestoredSnapshotThatKnowsLess() {
        world.bring(event(1), event(2), event(3));
        Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(1), 2);
        assertEquals(List.of(Taken.STORED), world.bring(event(NODE, epoch(2), end, 1, "next-1")));
        assertEquals(new Totals(4, 4, Map.of(), 0, 0), world.ledger(NODE));
    }

    @Test
    void knowsWhatCameBeforeTheEndOfAnEpochThatGoesOnAfterItsClone() {
        world.bring(event(1), event(2), event(3));
        Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(1), 3);
        world.bring(event(NODE, epoch(2), end, 1, "clone-1"));
        world.bring(event(4), event(5));
        world.tasks.run(() -> world.ingest().snapshot());
        world.crash().start();
        assertEquals(List.of(Taken.KNOWN, Taken.KNOWN, Taken.KNOWN), world.bring(event(2), event(3), event(4)));
        world.bring(event(6));
        assertEquals(List.of("id-1", "id-2", "id-3", "clone-1", "id-4", "id-5", "id-6"), world.ids(NODE));
        assertEquals(new Totals(7, 7, Map.of(), 0, 0), world.ledger(NODE));
    }

    @Test
    void givesUpAGapAfterTenMinutesAndCountsIt() {
        world.bring(event(1), event(4));
        world.tasks.advance(Duration.ofMinutes(9));
        assertEquals(List.of("id-1"), world.ids(NODE));
        world.tasks.advance(Duration.ofMinutes(2));
        assertEquals(List.of("id-1", "id-4"), world.ids(NODE));
        assertEquals(new Totals(4, 2, Map.of(), 2, 0), world.ledger(NODE));
        assertEquals(List.of(Taken.STORED), world.bring(event(2)));
        assertEquals(new Totals(4, 3, Map.of(), 1, 0), world.ledger(NODE));
    }

    @Test
    void takesUpANodeThatAnotherStoreKnewBefore() {
        Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(4), 900);
        assertEquals(List.of(Taken.HELD), world.bring(event(NODE, epoch(5), end, 1, "a")));
        world.tasks.advance(Duration.ofSeconds(62));
        assertEquals(List.of("a"), world.ids(NODE));
        assertEquals(new Totals(901, 1, Map.of(), 900, 0), world.ledger(NODE));
    }

    @Test
    void keepsEqualIdsOfTwoCustomersApart() {
        Origin other = new Origin("bolt", "plant", "n1", "UNODE1");
        world.bring(event(1), event(other, epoch(1), null, 1, "id-1"), event(2));
        assertEquals(upTo(2), world.ids(NODE));
        assertEquals(List.of("id-1"), world.ids(other));
        assertEquals(0, world.forksTold());
    }

    @Test
    void sendsAtMostOneReceiptASecondPerNodeAndLane() {
        for (long n = 1; n <= 20; n++) {
            world.bring(event(n));
        }
        world.tasks.advance(Duration.ofSeconds(3));
        assertTrue(world.receipts.size() <= 4, "receipts " + world.receipts.size());
        assertTrue(world.receipts.getLast().text().contains(" normal 20 "), world.receipts.toString());
    }

    private String receipt(Arrived... records) {
        return java.util.Objects.requireNonNull(world.post(records).receipt()).text();
    }

    @Test
    void aReceiptDoesNotPassOverNumbersThatWereGivenUp() {
        world.bring(event(1), event(4));
        world.tasks.advance(Duration.ofMinutes(11));
        assertTrue(receipt(event(4)).endsWith(" 4"), "since 4, for 2 and 3 are missing");
        world.bring(event(2));
        assertTrue(receipt(event(4)).endsWith(" 4"));
        world.crash().start();
        assertTrue(receipt(event(4)).endsWith(" 4"));
        world.bring(event(3));
        assertTrue(receipt(event(4)).endsWith(" 1"), "nothing is missing any more");
    }

    @Test
    void givesNoReceiptForAnEpochWhoseEndIsMissing() {
        world.bring(event(1));
        Stamp.EpochEnd end = new Stamp.EpochEnd(epoch(1), 3);
        world.bring(event(NODE, epoch(2), end, 1, "next-1"));
        world.tasks.advance(Duration.ofMinutes(11));
        assertEquals(List.of("id-1", "next-1"), world.ids(NODE));
        assertNull(world.post(event(1)).receipt(), "2 and 3 may still lie with the node");
        world.bring(event(2), event(3));
        assertTrue(receipt(event(3)).contains(" normal 3 "));
    }

    @Test
    void takesTheNumbersOfATwinUnderItsOwnEpochFromTheFirst() {
        world.bring(event(1), event(2), event(3));
        world.bring(event(NODE, epoch(1, 'f'), null, 1, "twin-3"), event(NODE, epoch(1, 'f'), null, 2, "twin-4"));
        assertEquals(List.of("id-1", "id-2", "id-3", "twin-3", "twin-4"), world.ids(NODE));
        assertEquals(1, world.forksTold());
        assertTrue(receipt(event(NODE, epoch(1, 'f'), null, 2, "twin-4")).contains(" normal 2 "));
    }

    @Test
    void anEndOfAnEpochThatIsNoneStopsNobody() {
        Stamp.EpochEnd none = new Stamp.EpochEnd(epoch(1), 0);
        world.bring(event(NODE, epoch(2), none, 1, "a"));
        world.tasks.advance(Duration.ofMinutes(11));
        Origin other = new Origin("bolt", "", "n1", "UNODE9");
        assertEquals(List.of(Taken.STORED), world.bring(event(other, epoch(1), null, 1, "b")));
        assertEquals(List.of("a"), world.ids(NODE));
        assertTrue(world.tasks.failures().isEmpty());
        assertEquals(0, world.meter.counter("mr_backplane_faults_total{part=\"ingest\"}"));
    }

    @Test
    void givesTheReceiptAgainForWhatItKnows() {
        world.bring(event(1));
        world.tasks.advance(Duration.ofSeconds(5));
        int before = world.receipts.size();
        world.bring(event(1));
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(before + 1, world.receipts.size());
    }

    @Test
    void remembersItsMarksAfterACrash() {
        world.bring(event(1), event(2), nothing(3, 4, "parked"), event(5));
        world.crash().start();
        assertEquals(List.of(Taken.KNOWN, Taken.STORED), world.bring(event(5), event(6)));
        assertEquals(new Totals(6, 4, Map.of("parked", 2L), 0, 0), world.ledger(NODE));
    }

    @Test
    void remembersItsMarksFromASnapshot() {
        world.bring(event(1), event(2), event(NODE, epoch(1), null, 2, "clone"));
        Totals before = world.ledger(NODE);
        world.tasks.run(() -> world.ingest().snapshot());
        world.bring(event(3), event(NODE, epoch(2), new Stamp.EpochEnd(epoch(1), 3), 1, "next-1"));
        world.crash().start();
        assertEquals(new Totals(4, 4, Map.of(), 0, before.forks()), world.ledger(NODE));
        assertEquals(List.of(Taken.KNOWN, Taken.KNOWN), world.bring(event(NODE, epoch(1), null, 2, "clone"), event(3)));
        assertEquals(1, world.forksTold());
    }

    @Test
    void losesAndRepeatsNothingUnderAnyOrderWithCrashes() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            IngestWorld wild = new IngestWorld(seed).start();
            List<Arrived> left = new ArrayList<>();
            LongStream.rangeClosed(1, 60).forEach(n -> left.add(event(n)));
            for (int round = 0; round < 500 && !left.isEmpty(); round++) {
                Collections.shuffle(left, random);
                List<Arrived> some = List.copyOf(left.subList(0, Math.min(left.size(), 1 + random.nextInt(20))));
                List<Taken> fates = wild.bring(some.toArray(Arrived[]::new));
                if (random.nextInt(5) == 0) {
                    wild.crash().start();
                }
                for (int i = 0; i < fates.size(); i++) {
                    if (fates.get(i).done() && random.nextInt(4) > 0) {
                        left.remove(some.get(i));
                    }
                }
            }
            assertEquals(upTo(60), wild.ids(NODE), "seed " + seed);
            assertEquals(new Totals(60, 60, Map.of(), 0, 0), wild.ledger(NODE), "seed " + seed);
        }
    }
}
