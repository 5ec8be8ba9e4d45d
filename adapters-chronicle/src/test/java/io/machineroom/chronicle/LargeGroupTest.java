package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many appends that share one force and do not fit into one excerpt: found by the comparison of stores. */
final class LargeGroupTest {
    private static final int TASKS = 32;
    private static final int APPENDS = 40;
    private static final int BODY = 20_000;

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void keepsEveryExcerptOfAGroup() throws Exception {
        try (Spool spool = new ChronicleSpoolProvider()
                .open(SpoolProvider.Settings.defaults(directory), new RealTime(), new RealEntropy())) {
            append(spool);
            long next = 1;
            try (Source source = spool.source("test")) {
                List<Delivery> batch = source.read(1_000, 64 << 20, Duration.ZERO);
                while (!batch.isEmpty()) {
                    for (Delivery one : batch) {
                        assertEquals(next, one.stamp().from());
                        assertTrue(!one.stamp().isVoid() && one.message().size() == BODY, one.toString());
                        next++;
                    }
                    batch = source.read(1_000, 64 << 20, Duration.ZERO);
                }
            }
            assertEquals(TASKS * APPENDS, next - 1);
        }
    }

    private static void append(Spool spool) throws Exception {
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Callable<Integer> work = () -> {
                    for (int n = 0; n < APPENDS; n++) {
                        spool.append(Lane.NORMAL, List.of(message()));
                    }
                    return APPENDS;
                };
                running.add(tasks.submit(work));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static Message message() {
        return new Message(Subject.of("a"), "1", Map.of(), ByteBuffer.allocate(BODY), Instant.EPOCH);
    }
}
