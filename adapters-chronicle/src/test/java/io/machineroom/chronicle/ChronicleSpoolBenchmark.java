package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Durable appends a second, reading, and opening with a long backlog; prints a table. Not part of a test run. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ChronicleSpoolBenchmark {
    private static final int RUNS = 5;
    private static final Duration RUN = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private Spool open(String name, Durability durability) {
        return new ChronicleSpoolProvider()
                .open(
                        new SpoolProvider.Settings(
                                directory.resolve(name), 1L << 40, 1L << 40, 1 << 20, 1 << 20, durability),
                        new RealTime(),
                        new RealEntropy());
    }

    private static List<Message> batch(int size, int bytes) {
        return Collections.nCopies(
                size,
                new Message(
                        Subject.of("choria.machine.transition"),
                        "0b5e1ee0-1c9f-4a2e-9a55-000000000000",
                        Map.of(Message.CONTENT_TYPE, "application/cloudevents+protobuf"),
                        ByteBuffer.wrap(new byte[bytes]),
                        Instant.EPOCH));
    }

    @Test
    void appends() throws Exception {
        for (int size : new int[] {1, 16, 64, 256, 1024}) {
            report("1 task, append of " + size, rates(1, size));
        }
        for (int tasks : new int[] {4, 16, 64, 256}) {
            report(tasks + " tasks, append of 1", rates(tasks, 1));
        }
    }

    private List<Long> rates(int tasks, int size) throws Exception {
        List<Long> rates = new ArrayList<>();
        List<Message> batch = batch(size, 1024);
        for (int run = 0; run <= RUNS; run++) {
            try (Spool spool = open(tasks + "x" + size + "." + run, Durability.EACH_BATCH);
                    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                long start = System.nanoTime();
                long sum = 0;
                for (var task : executor.invokeAll(Collections.nCopies(tasks, appending(spool, batch)))) {
                    sum += task.get();
                }
                rates.add(sum * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start));
            }
        }
        return rates.subList(1, rates.size());
    }

    private static Callable<Long> appending(Spool spool, List<Message> batch) {
        return () -> {
            long count = 0;
            long end = System.nanoTime() + RUN.toNanos();
            while (System.nanoTime() - end < 0) {
                spool.append(Lane.NORMAL, batch);
                count += batch.size();
            }
            return count;
        };
    }

    @Test
    void readsAndOpensWithABacklog() throws Exception {
        int records = Integer.getInteger("machineroom.bench.records", 2_000_000);
        List<Message> batch = batch(1000, 100);
        try (Spool spool = open("backlog", Durability.OPERATING_SYSTEM)) {
            for (int i = 0; i < records; i += batch.size()) {
                spool.append(Lane.NORMAL, batch);
            }
        }
        List<Long> millis = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            Spool spool = open("backlog", Durability.EACH_BATCH);
            millis.add((System.nanoTime() - start) / 1_000_000);
            assertEquals(records, spool.stats().records());
            ((ChronicleSpool) spool).abandon();
        }
        report("opening " + records + " records of a killed process, ms", millis);
        try (Spool spool = open("backlog", Durability.EACH_BATCH);
                Source source = spool.source("pump")) {
            long start = System.nanoTime();
            long read = 0;
            List<Delivery> some = source.read(256, 1 << 20, Duration.ZERO);
            while (!some.isEmpty()) {
                read += some.size();
                if (read % (256 * 100) == 0) {
                    Stamp stamp = some.getLast().stamp();
                    source.commit(new DoneMark(stamp.epoch(), stamp.lane(), stamp.through(), "s"));
                }
                some = source.read(256, 1 << 20, Duration.ZERO);
            }
            assertEquals(records, read);
            report("read by 256, commit each 100 reads", List.of(read * 1_000_000_000L / (System.nanoTime() - start)));
        }
    }

    /** What a process left that was killed while 20 million records waited, opened by others, one after the other. */
    @Test
    void opensWhatAKilledProcessLeft() throws Exception {
        String records = System.getProperty("machineroom.bench.backlog", "20000000");
        String bytes = System.getProperty("machineroom.bench.bytes", "400");
        Path backlog = directory.resolve("backlog");
        Process fill = ChildJvm.start(directory, BacklogMain.class, "fill", backlog.toString(), records, bytes);
        try (var lines = fill.inputReader()) {
            assertEquals("filled", lines.readLine());
        } finally {
            fill.destroyForcibly().waitFor();
        }
        List<Long> millis = new ArrayList<>();
        List<Long> kib = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            Process open = ChildJvm.start(directory, BacklogMain.class, "open", backlog.toString());
            try (var lines = open.inputReader()) {
                String[] said = lines.readLine().split(" ");
                assertEquals(records, said[0]);
                System.out.println("disk bytes " + said[1]);
                millis.add(Long.parseLong(said[2]));
                kib.add(Long.parseLong(said[3]));
            }
            open.waitFor();
        }
        report("opening " + records + " records of a killed process, ms", millis);
        report("resident memory grew by, KiB", kib);
    }

    private static void report(String what, List<Long> numbers) {
        List<Long> sorted = numbers.stream().sorted().toList();
        System.out.printf(
                "| %s | %,d | %,d..%,d |%n", what, sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
    }
}
