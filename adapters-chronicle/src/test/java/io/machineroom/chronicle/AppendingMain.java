package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Appends from several tasks until it is killed, and prints each number once it is acknowledged. */
final class AppendingMain {
    private static final int TASKS = 4;

    private AppendingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        String round = arguments[1];
        SpoolProvider.Settings settings = new SpoolProvider.Settings(
                Path.of(arguments[0]), 64 << 20, 1_000_000, 64 << 10, 1 << 20, SpoolProvider.Durability.EACH_BATCH);
        Spool spool = new ChronicleSpoolProvider().open(settings, new RealTime(), new RealEntropy());
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> bodies = new ArrayList<>();
            for (int task = 0; task < TASKS; task++) {
                String name = round + "." + task + ".";
                bodies.add(() -> append(spool, name));
            }
            tasks.invokeAll(bodies);
        }
    }

    private static Void append(Spool spool, String name) throws InterruptedException {
        byte[] padding = new byte[700];
        for (int i = 1; ; i++) {
            String id = name + i;
            byte[] body = (id + " " + new String(padding, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.UTF_8);
            Message message =
                    new Message(Subject.of("a.b"), id, Map.of("k", "v"), ByteBuffer.wrap(body), Instant.now());
            try {
                spool.append(Lane.NORMAL, List.of(message));
            } catch (PortException.Refused full) {
                System.out.println("full " + full.code());
                return null;
            }
            System.out.println(id);
        }
    }
}
