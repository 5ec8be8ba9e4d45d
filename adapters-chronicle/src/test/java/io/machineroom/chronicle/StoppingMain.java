package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Opens a spool, appends nothing while it lives, and its first message while the JVM ends. */
final class StoppingMain {
    private StoppingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Spool spool = new ChronicleSpoolProvider()
                .open(SpoolProvider.Settings.defaults(Path.of(arguments[0])), new RealTime(), new RealEntropy());
        while (Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("resource~releaser"))) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Awakening.wake(); // returns once the writer is through with it: the thread is there a little earlier
        Runtime.getRuntime().addShutdownHook(new Thread(() -> append(spool)));
    }

    private static void append(Spool spool) {
        try {
            Message message = new Message(Subject.of("a"), "1", Map.of(), ByteBuffer.allocate(10), Instant.now());
            spool.append(Lane.NORMAL, List.of(message));
            spool.close();
            System.out.print("appended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
