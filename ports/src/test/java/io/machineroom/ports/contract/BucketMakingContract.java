package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The part of {@link BucketContract} about making buckets, their past, and what they forget. */
public abstract class BucketMakingContract {
    /** The end under test. */
    protected abstract Bucket reader() throws InterruptedException;

    /** The end of the owner; may write. */
    protected abstract Bucket owner() throws InterruptedException;

    /** Another bucket of the owner; by default none, for a way that has one only. */
    protected Bucket another(String name) throws InterruptedException {
        return Assumptions.abort("this way makes no buckets");
    }

    /** Whether the reader is held to reading. */
    protected abstract boolean readerOnlyReads();

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Bucket.Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    @Test
    void deletesOnlyTheRevisionItWasGiven() throws InterruptedException {
        within(() -> {
            long first = owner().put("lock", bytes("1"));
            owner().put("lock", bytes("2"));
            assertFalse(owner().delete("lock", first));
            assertEquals("2", text(reader().get("lock").orElseThrow()));
            long now = reader().get("lock").orElseThrow().revision();
            assertTrue(owner().delete("lock", now));
            assertEquals(Optional.empty(), reader().get("lock"));
        });
    }

    @Test
    void makesABucketOnceAndTellsHowItIs() throws InterruptedException {
        within(() -> {
            Bucket fresh = another("FRESH");
            BucketSpec spec = new BucketSpec("of a test", Duration.ofMinutes(5), 3, 1_000_000, 2_000, 1);
            assertTrue(fresh.make(spec));
            fresh.put("a", bytes("1"));
            fresh.put("a", bytes("2"));
            assertFalse(fresh.make(BucketSpec.plain()), "one that is there stays");
            assertEquals(spec, fresh.facts().spec());
            assertEquals(2, fresh.facts().changes());
            assertTrue(fresh.facts().bytes() > 0);
            fresh.drop();
            assertEquals(
                    "bucket.missing",
                    assertThrows(PortException.Unavailable.class, fresh::facts).code());
        });
    }

    @Test
    void tellsThePastOfAKey() throws InterruptedException {
        within(() -> {
            Bucket past = another("PAST");
            past.make(new BucketSpec("", Duration.ZERO, 3, 0, 0, 1));
            past.put("a", bytes("dropped"));
            past.put("a", bytes("1"));
            past.put("b", bytes("other"));
            past.delete("a");
            long last = past.put("a", bytes("3"));
            List<Bucket.Change> changes = past.history("a");
            assertEquals(
                    List.of("1", "", "3"),
                    changes.stream().map(c -> text(c.entry())).toList());
            assertEquals(
                    List.of(false, true, false),
                    changes.stream().map(c -> c.entry().deleted()).toList());
            assertEquals(last, changes.getLast().entry().revision());
            assertTrue(changes.getFirst().at().isAfter(java.time.Instant.EPOCH)
                    && !changes.getFirst().at().isAfter(changes.getLast().at()));
            assertEquals(List.of(), past.history("never"));
        });
    }

    @Test
    void forgetsWhatIsOlderThanItsTimeToLive() throws InterruptedException {
        within(() -> {
            Bucket brief = another("BRIEF");
            brief.make(new BucketSpec("", Duration.ofSeconds(1), 1, 0, 0, 1));
            long first = brief.create("lock", bytes("mine")).orElseThrow();
            assertEquals(Optional.empty(), brief.create("lock", bytes("yours")));
            Mailbox<String> nothing = tasks().mailbox(1);
            for (int i = 0; i < 100 && brief.get("lock").isPresent(); i++) {
                nothing.poll(Duration.ofMillis(100));
            }
            assertEquals(Optional.empty(), brief.update("lock", bytes("mine"), first));
            assertTrue(brief.create("lock", bytes("yours")).isPresent());
        });
    }

    @Test
    void letsNoReaderMakeOrDropABucket() throws InterruptedException {
        within(() -> {
            if (readerOnlyReads()) {
                Bucket reader = reader();
                refused(assertThrows(PortException.Refused.class, reader::drop));
                try {
                    assertFalse(reader.make(BucketSpec.plain()), "it is there already, and stays as it is");
                } catch (PortException.Refused error) {
                    refused(error);
                }
                owner().put("still", bytes("there"));
                assertTrue(reader.get("still").isPresent());
            }
        });
    }

    private static void refused(PortException error) {
        assertTrue(List.of("bucket.not-permitted", "link.unsupported").contains(error.code()), error.code());
    }
}
