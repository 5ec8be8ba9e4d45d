package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.spool.Spool;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A spool that was brought back from a snapshot of its disk. Found by {@code bin/simulate --seed 1006}. */
final class RestoredSpoolTest extends PumpFixture {
    @Test
    void emptiesAlthoughTheSaasKnowsLaterNumbersOfTheEpochThatIsOver() {
        Spool spool = open();
        append(spool, 20);
        SimStorage snapshot = new SimStorage(tasks::await);
        snapshot.becomes(disk);
        append(spool, 10);
        Running before = start(spool, "nats");
        drained(before, SOON);
        before.task().cancel();
        before.keeping().cancel();
        tasks.settle();
        disk.becomes(snapshot);
        Spool restored = open();
        append(restored, 1);
        Running after = start(restored, "nats");
        assertEquals(21, after.source().waiting());
        drained(after, Duration.ofMinutes(3));
    }

    @Test
    void aReceiptBeyondTheRunningEpochCountsForWhatWasHandedOver() {
        Spool spool = open();
        append(spool, 20);
        saas.exaggerates = 5;
        Running running = start(spool, "nats");
        drained(running, SOON);
        saas.way("nats").working = false;
        append(spool, 5);
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(5, running.source().waiting(), "not a word was said of these");
        saas.way("nats").working = true;
        saas.exaggerates = 0;
        drained(running, Duration.ofMinutes(5));
    }
}
