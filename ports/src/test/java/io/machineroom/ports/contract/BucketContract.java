package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What {@link Bucket} promises: what one end writes the other reads. Both ends may be the same link;
 * a way that only reads is given a writer from behind.
 */
public abstract class BucketContract extends BucketMakingContract {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** A bucket that is not there, seen as the reader sees one; empty when that cannot be told apart. */
    protected abstract Optional<Bucket> missing() throws InterruptedException;

    /** Cuts the reader off. */
    protected abstract void cut() throws InterruptedException;

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
