package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a full disk does: the fault comes in the middle of a group, as an Error. */
final class SpoolWriterTest {
    private static final int FRAME = 100 << 10;

    @TempDir
    private Path directory;

    private Journal journal;
    private JournalWriter target;
    private SpoolWriter writer;

    @BeforeEach
    void start() {
        Disk disk = Disk.of("spool", directory);
        journal = new Journal(directory.resolve("j"), disk, JournalSettings.of(1 << 20, 4 << 20, true), true, false);
        target = new JournalWriter(journal, new SpoolClock(new RealTime(), 0));
        writer = new SpoolWriter(disk, false, () -> {}, new SpoolWriter.Upkeep() {
            @Override
            public void tick() {
                throw new AssertionError("no test lasts a minute");
            }

            @Override
            public void end() {
                journal.close();
            }
        });
        writer.start();
    }

    @AfterEach
    void stop() {
        writer.close();
    }

    private long lay(int frames, long from) throws IOException {
        for (int i = 0; i < frames; i++) {
            long number = from + i;
            target.frame(1, number, FRAME, i > 0, to -> to.putLong(0, number));
        }
        return target.open().last();
    }

    private List<Long> numbers() {
        List<Long> all = new ArrayList<>();
        try (JournalReader reader = new JournalReader(journal)) {
            Optional<Excerpt> excerpt = reader.after(Journal.NONE);
            while (excerpt.isPresent()) {
                ByteBuffer bytes = excerpt.get().bytes();
                int offset = ExcerptHeader.BYTES;
                while (offset < bytes.limit()) {
                    int length = Frames.length(bytes, offset);
                    assertTrue(Frames.whole(bytes, offset, length));
                    all.add(Frames.payload(bytes, offset, length).getLong(0));
                    offset += length;
                }
                excerpt = reader.after(excerpt.get().index());
            }
        }
        return all;
    }

    @Test
    void takesBackWhatAFailedGroupLaid() throws Exception {
        assertEquals(2, writer.write(target, () -> lay(2, 1)));
        for (int round = 0; round < 3; round++) {
            PortException.Unavailable told = assertThrows(
                    PortException.Unavailable.class,
                    () -> writer.write(target, () -> {
                        lay(8, 3);
                        throw new InternalError("a fault occurred in an unsafe memory access operation");
                    }));
            assertEquals("spool.disk", told.code());
            assertEquals(List.of(1L, 2L), numbers());
        }
        assertEquals(12, writer.write(target, () -> lay(10, 3)));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L), numbers());
    }

    @Test
    void failsOnlyTheAppendsOfTheFailedGroup() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> holding = tasks.submit(() -> writer.write(null, () -> {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return true;
            }));
            Future<Long> good = tasks.submit(() -> writer.write(target, () -> lay(5, 1)));
            Future<Long> bad = tasks.submit(() -> writer.write(target, () -> {
                throw new IOException("no space left on device");
            }));
            held.countDown();
            assertTrue(holding.get());
            assertThrows(Exception.class, bad::get);
            boolean kept = goodness(good);
            assertEquals(kept ? 5 : 0, numbers().size());
        }
        long before = target.tail().last();
        assertEquals(before + 1, writer.write(target, () -> lay(1, before + 1)));
    }

    /** In one group with the bad one it fails too, before or after it does not: never half. */
    private static boolean goodness(Future<Long> good) throws InterruptedException {
        try {
            return good.get() == 5;
        } catch (java.util.concurrent.ExecutionException e) {
            assertTrue(e.getCause() instanceof PortException.Unavailable, "told as unavailable");
            return false;
        }
    }

    @Test
    void refusesAfterClosing() {
        writer.close();
        writer.close();
        assertEquals(
                "spool.closed",
                assertThrows(PortException.Refused.class, () -> writer.write(target, () -> lay(1, 1)))
                        .code());
    }
}
