package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The two halves of a measurement, each a process of its own: {@code fill DIR RECORDS BYTES} appends and waits to be
 * killed; {@code open DIR} opens what is there, once an empty spool has loaded the classes, and says how long that took
 * and how much the resident memory grew.
 */
final class BacklogMain {
    private static final int BATCH = 1_000;

    private BacklogMain() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        if (arguments[0].equals("fill")) {
            fill(directory, Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
        } else {
            measure(directory);
        }
    }

    private static Spool open(Path directory) {
        SpoolProvider.Settings settings = new SpoolProvider.Settings(
                directory, 1L << 40, 1L << 40, 1 << 20, 1 << 20, SpoolProvider.Durability.OPERATING_SYSTEM);
        return new ChronicleSpoolProvider().open(settings, new RealTime(), new RealEntropy());
    }

    private static void fill(Path directory, long records, int bytes) throws InterruptedException {
        Spool spool = open(directory);
        List<Message> batch = Collections.nCopies(
                BATCH,
                new Message(
                        Subject.of("choria.machine.transition"),
                        "0b5e1ee0-1c9f-4a2e-9a55-000000000000",
                        Map.of(Message.CONTENT_TYPE, "application/cloudevents+protobuf"),
                        ByteBuffer.wrap(new byte[bytes]),
                        Instant.EPOCH));
        for (long done = 0; done < records; done += BATCH) {
            spool.append(Lane.NORMAL, batch);
        }
        System.out.println("filled");
        new CountDownLatch(1).await();
    }

    private static void measure(Path directory) throws IOException {
        Path empty = Files.createTempDirectory("empty");
        try (Spool first = open(empty)) {
            first.stats();
        }
        System.gc();
        long before = residentKib();
        long start = System.nanoTime();
        Spool spool = open(directory);
        Spool.Stats stats = spool.stats();
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(stats.records() + " " + stats.diskBytes() + " " + millis + " " + (residentKib() - before));
        ((ChronicleSpool) spool).abandon();
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
