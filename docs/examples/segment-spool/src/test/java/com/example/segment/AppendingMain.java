package com.example.segment;

import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Appends from four tasks until it is killed, and prints each id once it is durable. */
final class AppendingMain {
    private AppendingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        SpoolProvider.Settings settings = SpoolProvider.Settings.defaults(Path.of(arguments[0]));
        Spool spool = new SegmentSpoolProvider().open(settings, new ShiftedTime(), new RealEntropy());
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> bodies = new ArrayList<>();
            for (int task = 0; task < 4; task++) {
                String name = arguments[1] + "." + task + ".";
                bodies.add(() -> append(spool, name));
            }
            tasks.invokeAll(bodies);
        }
    }

    private static Void append(Spool spool, String name) throws InterruptedException {
        for (int i = 1; ; i++) {
            Message message = new Message(
                    Subject.of("a.b"), name + i, Map.of("k", "v"), ByteBuffer.wrap(new byte[700]), Instant.now());
            spool.append(Lane.NORMAL, List.of(message));
            System.out.println(message.id());
        }
    }
}
