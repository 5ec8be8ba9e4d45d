package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Opens its spool when the JVM ends already. */
final class TooLateMain {
    private TooLateMain() {}

    public static void main(String[] arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> append(Path.of(arguments[0]))));
    }

    private static void append(Path directory) {
        try {
            Spool spool = new ChronicleSpoolProvider()
                    .open(SpoolProvider.Settings.defaults(directory), new RealTime(), new RealEntropy());
            Message message = new Message(Subject.of("a"), "1", Map.of(), ByteBuffer.allocate(10), Instant.now());
            try {
                spool.append(Lane.NORMAL, List.of(message));
                System.out.print("appended");
            } catch (PortException refused) {
                System.out.print("refused " + refused.code());
            }
            spool.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
