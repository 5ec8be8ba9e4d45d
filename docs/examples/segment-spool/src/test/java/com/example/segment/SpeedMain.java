package com.example.segment;

import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Durable appends a second of any spool on the class path, and what is read of them: {@code directory provider seconds}. */
final class SpeedMain {
    private static final int BODY = 512;
    private static final long NANOS = 1_000_000_000;

    private SpeedMain() {}

    public static void main(String[] arguments) throws Exception {
        SpoolProvider provider = ServiceLoader.load(SpoolProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(arguments[1]))
                .findFirst()
                .orElseThrow();
        long seconds = Long.parseLong(arguments[2]);
        SpoolProvider.Settings settings = SpoolProvider.Settings.defaults(Path.of(arguments[0]));
        try (Spool spool = provider.open(settings, new ShiftedTime(), new RealEntropy())) {
            append(spool, 8, 1); // warm
            for (int producers : new int[] {1, 8, 64}) {
                System.out.println(arguments[1] + " " + producers + " producers: "
                        + append(spool, producers, seconds) / seconds + " appends/s");
            }
            System.out.println(arguments[1] + " reading: " + read(spool) + " records/s");
        }
    }

    private static long append(Spool spool, int producers, long seconds) throws Exception {
        long end = System.nanoTime() + seconds * NANOS;
        long sum = 0;
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> bodies = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                String name = "p" + i + ".";
                bodies.add(() -> {
                    long done = 0;
                    while (System.nanoTime() < end) {
                        spool.append(Lane.NORMAL, List.of(message(name + done)));
                        done++;
                    }
                    return done;
                });
            }
            for (Future<Long> each : tasks.invokeAll(bodies)) {
                sum += each.get();
            }
        }
        return sum;
    }

    private static Message message(String id) {
        return new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.allocate(BODY), Instant.EPOCH);
    }

    private static long read(Spool spool) throws InterruptedException {
        long start = System.nanoTime();
        long sum = 0;
        try (Source source = spool.source("pump")) {
            List<Delivery> batch = source.read(500, 1 << 20, Duration.ZERO);
            while (!batch.isEmpty()) {
                sum += batch.size();
                batch = source.read(500, 1 << 20, Duration.ZERO);
            }
        }
        return sum * NANOS / Math.max(1, System.nanoTime() - start);
    }
}
