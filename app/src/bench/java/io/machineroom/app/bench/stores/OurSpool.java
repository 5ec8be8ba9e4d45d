package io.machineroom.app.bench.stores;

import io.machineroom.app.host.SystemRuntime;
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
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The spool as the agent has it: its own group commit, each append durable on return. */
final class OurSpool implements DurableStore {
    private static final Map<String, String> HEADERS = Map.of(Message.CONTENT_TYPE, "application/cloudevents+protobuf");
    private static final Subject SUBJECT = Subject.of("choria.machine.transition");

    private final Spool spool;
    private @Nullable Source source;

    OurSpool(Path directory) {
        SystemRuntime runtime = new SystemRuntime();
        SpoolProvider provider =
                ServiceLoader.load(SpoolProvider.class).iterator().next();
        this.spool = provider.open(SpoolProvider.Settings.defaults(directory.resolve("spool")), runtime, runtime);
    }

    @Override
    public void append(byte[] body) throws InterruptedException {
        Message message = new Message(
                SUBJECT, "0b5e1ee0-1c9f-4a2e-9a55-000000000000", HEADERS, ByteBuffer.wrap(body), Instant.EPOCH);
        spool.append(Lane.NORMAL, List.of(message));
    }

    @Override
    public long readAll() throws InterruptedException {
        Source from = source;
        if (from == null) { // once, as a process does: a new reader is noted on the disk
            from = spool.source("bench");
            source = from;
        } else {
            from.rewind();
        }
        long count = 0;
        List<Delivery> batch = from.read(1_000, 1 << 20, Duration.ZERO);
        while (!batch.isEmpty()) {
            count += batch.size();
            batch = from.read(1_000, 1 << 20, Duration.ZERO);
        }
        return count;
    }

    @Override
    public void end() {
        spool.close();
    }
}
