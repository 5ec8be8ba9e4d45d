package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What {@link Bucket} promises: what one end writes the other reads. Both ends may be the same link;
 * a way that only reads is given a writer from behind.
 */
public abstract class BucketContract {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** The end under test. */
    protected abstract Bucket reader() throws InterruptedException;

    /** The end of the owner; may write. */
    protected abstract Bucket owner() throws InterruptedException;

    /** A bucket that is not there, seen as the reader sees one; empty when that cannot be told apart. */
    protected abstract Optional<Bucket> missing() throws InterruptedException;

    /** Another bucket of the owner; by default none, for a way that has one only. */
    protected Bucket another(String name) throws InterruptedException {
        return Assumptions.abort("this way makes no buckets");
    }

    /** Whether the reader is held to reading. */
    protected abstract boolean readerOnlyReads();

    /** Cuts the reader off. */
    protected abstract void cut() throws InterruptedException;

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Bucket.Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    @Test
    void hasNothingAtFirst() throws InterruptedException {
        within(() -> assertEquals(Optional.empty(), reader().get("machines")));
    }

    @Test
    void readsWhatWasPut() throws InterruptedException {
        within(() -> {
            long revision = owner().put("machines", bytes("one"));
            Bucket.Entry entry = reader().get("machines").orElseThrow();
            assertEquals("machines", entry.key());
            assertEquals("one", text(entry));
            assertEquals(revision, entry.revision());
            assertFalse(entry.deleted());
        });
    }

    @Test
    void givesEachChangeAHigherRevision() throws InterruptedException {
        within(() -> {
            long first = owner().put("a", bytes("1"));
            long other = owner().put("b", bytes("1"));
            long second = owner().put("a", bytes("1"));
            assertTrue(first < other && other < second, first + " " + other + " " + second);
            assertEquals(second, reader().get("a").orElseThrow().revision());
            assertEquals(other, reader().get("b").orElseThrow().revision());
        });
    }

    @Test
    void keepsBytesAndOddKeys() throws InterruptedException {
        within(() -> {
            byte[] value = new byte[900_000];
            new Random(5).nextBytes(value);
            owner().put("site.north-1_x=2/y", value);
            assertArrayEquals(
                    value, reader().get("site.north-1_x=2/y").orElseThrow().value());
            owner().put("empty", new byte[0]);
            assertEquals(0, reader().get("empty").orElseThrow().value().length);
        });
    }

    @Test
    void createsOnlyOnce() throws InterruptedException {
        within(() -> {
            assertTrue(owner().create("lock", bytes("mine")).isPresent());
            assertEquals(Optional.empty(), owner().create("lock", bytes("yours")));
            assertEquals("mine", text(reader().get("lock").orElseThrow()));
        });
    }

    @Test
    void createsAgainAfterADeletion() throws InterruptedException {
        within(() -> {
            owner().create("lock", bytes("first"));
            owner().delete("lock");
            assertEquals(Optional.empty(), reader().get("lock"));
            assertTrue(owner().create("lock", bytes("second")).isPresent());
            assertEquals("second", text(reader().get("lock").orElseThrow()));
        });
    }

    @Test
    void updatesOnlyTheRevisionItWasGiven() throws InterruptedException {
        within(() -> {
            long first = owner().put("governor", bytes("1"));
            long second = owner().update("governor", bytes("2"), first).orElseThrow();
            assertTrue(second > first);
            assertEquals(Optional.empty(), owner().update("governor", bytes("3"), first));
            assertEquals("2", text(reader().get("governor").orElseThrow()));
        });
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
                for (Tasks.Body act : List.<Tasks.Body>of(() -> reader.make(BucketSpec.plain()), reader::drop)) {
                    PortException.Refused error = assertThrows(PortException.Refused.class, act::run);
                    assertTrue(
                            List.of("bucket.not-permitted", "link.unsupported").contains(error.code()), error.code());
                }
                owner().put("still", bytes("there"));
                assertTrue(reader.get("still").isPresent());
            }
        });
    }

    @Test
    void deletesWhatIsNotThere() throws InterruptedException {
        within(() -> {
            owner().delete("never");
            assertEquals(Optional.empty(), reader().get("never"));
        });
    }

    @Test
    void wakesAWatcher() throws InterruptedException {
        within(() -> {
            Mailbox<Bucket.Entry> box = tasks().mailbox(100);
            owner().put("machines", bytes("old"));
            try (Link.Subscription _ = reader().watch("machines", box)) {
                owner().put("other", bytes("not this"));
                long revision = owner().put("machines", bytes("new"));
                Bucket.Entry seen = next(box, revision);
                assertEquals("machines", seen.key());
                assertEquals("new", text(seen));
                assertEquals(revision, seen.revision());
            }
        });
    }

    @Test
    void wakesAWatcherOfADeletion() throws InterruptedException {
        within(() -> {
            Mailbox<Bucket.Entry> box = tasks().mailbox(100);
            owner().put("machines", bytes("old"));
            try (Link.Subscription _ = reader().watch("machines", box)) {
                owner().delete("machines");
                Bucket.Entry seen = box.poll(LONG).orElseThrow();
                while (!seen.deleted()) {
                    seen = box.poll(LONG).orElseThrow();
                }
                assertEquals("machines", seen.key());
                assertEquals(0, seen.value().length);
            }
        });
    }

    @Test
    void endsAWatchTwice() throws InterruptedException {
        within(() -> {
            Link.Subscription watch = reader().watch("machines", tasks().mailbox(1));
            watch.close();
            watch.close();
        });
    }

    @Test
    void saysThatABucketIsMissing() throws InterruptedException {
        within(() -> {
            Optional<Bucket> bucket = missing();
            if (bucket.isPresent()) {
                PortException.Unavailable error = assertThrows(
                        PortException.Unavailable.class, () -> bucket.get().get("x"));
                assertEquals("bucket.missing", error.code());
            }
        });
    }

    @Test
    void holdsAReaderToReading() throws InterruptedException {
        within(() -> {
            if (readerOnlyReads()) {
                Bucket reader = reader();
                for (Tasks.Body write : List.<Tasks.Body>of(
                        () -> reader.put("x", bytes("x")),
                        () -> reader.create("x", bytes("x")),
                        () -> reader.update("x", bytes("x"), 1),
                        () -> reader.delete("x"))) {
                    assertEquals(
                            "bucket.read-only",
                            assertThrows(PortException.Refused.class, write::run)
                                    .code());
                }
                assertEquals(Optional.empty(), reader.get("x"));
            }
        });
    }

    @Test
    void isUnavailableWhenCutOff() throws InterruptedException {
        within(() -> {
            Bucket reader = reader();
            cut();
            PortException.Unavailable error =
                    assertThrows(PortException.Unavailable.class, () -> reader.get("machines"));
            assertEquals("bucket.unreachable", error.code());
        });
    }

    private static Bucket.Entry next(Mailbox<Bucket.Entry> box, long revision) throws InterruptedException {
        Bucket.Entry seen = box.poll(LONG).orElseThrow(() -> new AssertionError("the watcher was not woken"));
        while (seen.revision() < revision) {
            seen = box.poll(LONG).orElseThrow(() -> new AssertionError("only older revisions came"));
        }
        return seen;
    }
}
