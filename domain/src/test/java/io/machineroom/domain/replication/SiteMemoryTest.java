package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SiteMemoryTest {
    private static final long SECOND = 1_000_000_000L;
    private final SiteMemory memory = new SiteMemory();

    private static SiteRecord.Run run(int node) {
        return new SiteRecord.Run("UNODE" + node, new Epoch("a".repeat(32), 1, "b".repeat(32)), Lane.NORMAL);
    }

    private static SiteRecord.Key key(int node, long number) {
        return new SiteRecord.Key(run(node), number, number, "id-" + number);
    }

    private static SiteReceipt receipt(int node, long through, String store) {
        SiteRecord.Run run = run(node);
        String text =
                "mr-receipt-2 " + run.nodeKey() + " " + run.epoch().wire() + " normal " + through + " " + store + " 1";
        return SiteReceipt.of(new SignedMark(text, "ab".repeat(64))).orElseThrow();
    }

    @Test
    void whatWasAcknowledgedIsOnItsWayForAMinute() {
        memory.acknowledged(key(1, 1), 0);
        assertEquals(SiteMemory.Answer.ON_ITS_WAY, memory.ask(key(1, 1), 59 * SECOND));
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(1, 1), 60 * SECOND));
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(2, 1), 0), "of another node");
        assertEquals(
                SiteMemory.Answer.NEW,
                memory.ask(new SiteRecord.Key(run(1), 1, 1, "of a clone"), 0),
                "the same number under another id");
    }

    @Test
    void aReceiptCountsForAllNumbersUpToItsOwnAndNeverGoesBack() {
        memory.acknowledged(key(1, 3), 0);
        memory.acknowledged(key(1, 4), 0);
        memory.receipted(receipt(1, 3, "store"));
        memory.receipted(receipt(1, 2, "store"));
        assertEquals(SiteMemory.Answer.STORED, memory.ask(key(1, 3), 100 * SECOND));
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(1, 4), 100 * SECOND));
        memory.receipted(receipt(2, 1, "another"));
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(1, 3), 100 * SECOND), "that store may have less");
    }

    @Test
    void aReceiptIsHandedOnAsItCame() {
        SiteReceipt receipt = receipt(7, 3, "store");
        assertEquals(Optional.of(receipt.mark()), SiteReceipt.of(receipt.mark()).map(SiteReceipt::mark));
        String text = receipt.mark().text();
        for (String other :
                List.of(text.replace(" 3 ", " 03 "), text + " ", text.replace("mr-receipt-2", "mr-receipt-1"))) {
            assertEquals(
                    Optional.empty(),
                    SiteReceipt.of(new SignedMark(other, receipt.mark().signature()))
                            .map(SiteReceipt::mark));
        }
        assertEquals(
                Optional.empty(), SiteReceipt.of(new SignedMark(text, "no hex")).map(SiteReceipt::mark));
    }

    @Test
    void theOldestRecordsGoFirst() {
        for (int number = 1; number <= SiteMemory.MOST_RECORDS + 1; number++) {
            memory.acknowledged(key(1, number), 0);
        }
        memory.receipted(receipt(1, SiteMemory.MOST_RECORDS + 1L, "store"));
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(1, 1), 0));
        assertEquals(SiteMemory.Answer.STORED, memory.ask(key(1, 2), 0));
    }

    /** Who is told no more that his record is stored sends it over the line, and is answered there. */
    @Test
    void aRunThatWasNotHeardOfForLongIsForgotten() {
        memory.acknowledged(key(0, 1), 0);
        memory.receipted(receipt(0, 1, "store"));
        for (int node = 1; node < SiteMemory.MOST_RUNS; node++) {
            memory.receipted(receipt(node, 1, "store"));
        }
        assertEquals(SiteMemory.Answer.STORED, memory.ask(key(0, 1), 100 * SECOND), "and this is to hear of it");
        memory.receipted(receipt(SiteMemory.MOST_RUNS, 1, "store"));
        assertEquals(SiteMemory.Answer.STORED, memory.ask(key(0, 1), 100 * SECOND));
        for (int node = 1; node <= SiteMemory.MOST_RUNS; node++) {
            memory.receipted(receipt(node, 2, "store"));
        }
        assertEquals(SiteMemory.Answer.NEW, memory.ask(key(0, 1), 100 * SECOND));
    }
}
