package com.example.segment;

import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.contract.SpoolUnderTest;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.kit.StoredSpool;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the contracts do to our files. */
final class SegmentUnderTest implements SpoolUnderTest {
    private final Path directory;
    private final ShiftedTime time = new ShiftedTime();
    private final AtomicBoolean full = new AtomicBoolean();
    private final SpoolProvider provider = new SegmentSpoolProvider(_ -> full.get() ? 0 : 1L << 40);

    SegmentUnderTest(Path directory) {
        this(directory, "spool");
    }

    private SegmentUnderTest(Path parent, String name) {
        this.directory = parent.resolve(name);
    }

    /** In exactly that directory. */
    static SegmentUnderTest at(Path directory) {
        return new SegmentUnderTest(directory, "");
    }

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }

    @Override
    public SpoolProvider.Settings settings() {
        return new SpoolProvider.Settings(
                directory, 16 << 20, 100_000, 64 << 10, 1 << 20, SpoolProvider.Durability.EACH_BATCH);
    }

    @Override
    public Spool open(SpoolProvider.Settings settings) {
        return provider.open(settings, time, new RealEntropy());
    }

    @Override
    public List<SpoolProvider.Finding> check() throws InterruptedException {
        List<SpoolProvider.Finding> findings = new ArrayList<>();
        provider.check(directory, findings::add);
        return findings;
    }

    @Override
    public void kill(Spool spool) {
        ((StoredSpool) spool).abandon();
    }

    List<Path> segments() {
        try {
            Path lane = directory.resolve(Lane.NORMAL.wireName());
            return SegmentLane.numbers(lane).stream()
                    .map(number -> SegmentLane.file(lane, number))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void tearTail() {
        try {
            Path last = segments().getLast();
            byte[] bytes = Files.readAllBytes(last);
            Files.write(last, java.util.Arrays.copyOf(bytes, 30), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void damage(String body) {
        for (Path file : segments()) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(body);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void otherVersion() {
        Path table = directory.resolve(SegmentStore.TABLE);
        Directory.save(table, Directory.load(table).orElseThrow().replace("segment-spool 4", "segment-spool 999"));
    }

    @Override
    public void fillDisk(boolean now) {
        full.set(now);
    }

    @Override
    public ShiftedTime time() {
        return time;
    }
}
