package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One life of a spool, without a word. */
final class QuietMain {
    private QuietMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            try (Spool spool = new ChronicleSpoolProvider()
                            .open(
                                    SpoolProvider.Settings.defaults(Path.of(arguments[0])),
                                    new RealTime(),
                                    new RealEntropy());
                    Source source = spool.source("pump")) {
                Message message = new Message(Subject.of("a"), "1", Map.of(), ByteBuffer.allocate(10), Instant.now());
                spool.append(Lane.NORMAL, List.of(message));
                source.read(10, 10, Duration.ZERO);
                spool.trim();
            }
        }
    }
}
