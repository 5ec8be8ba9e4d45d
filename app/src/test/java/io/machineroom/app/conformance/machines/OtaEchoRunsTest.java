package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.domain.machine.MachineStatus;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Choria's published deployment from end to end with the real parts of this host: the key in the bucket, the built-in
 * manager, the signed list, the archive, its sums, and the machine that runs.
 */
final class OtaEchoRunsTest {
    private final MachineVectors vectors = MachineVectors.find();
    private final LinkedBlockingQueue<Value.Obj> events = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @Test
    void theKeyInTheBucketBecomesARunningMachine() throws Exception {
        Files.createDirectories(folder.resolve("machines"));
        Files.createDirectories(folder.resolve("state"));
        MachineHost host = host();
        Tasks.Task task = new VirtualThreadTasks().fork("machines", host::run);
        Value.Obj deployed = event("io.machineroom.plugin_deployed.v1");
        assertTrue(deployed.toString().contains("90d31a4ff899ac7afc14ed9a765607f83b685747f47e2c43f4d5a3c3fec28c5f"));
        MachineStatus echo = host.machines().stream()
                .filter(m -> m.name().equals("echo"))
                .findFirst()
                .orElseThrow();
        assertEquals("0.0.1 INITIAL ", echo.version() + " " + echo.state() + " " + echo.loadError());
        assertTrue(host.transition("echo", "enter_maintenance"));
        Value.Obj moved = event("io.choria.machine.v1.transition");
        while (!moved.text("machine").orElse("").equals("echo")) {
            moved = event("io.choria.machine.v1.transition");
        }
        assertEquals("MAINTENANCE", moved.text("to_state").orElse(""));
        task.cancel();
        assertTrue(task.join(Duration.ofSeconds(30)));
    }

    private Value.Obj event(String protocol) throws InterruptedException {
        while (true) {
            Value.Obj data = Optional.ofNullable(events.poll(60, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("no " + protocol));
            if (data.text("protocol").orElse("").equals(protocol)) {
                return data;
            }
        }
    }

    private MachineHost host() {
        return new RealHost(folder, this::take)
                .deploying(
                        VerifyKey.hex(vectors.text("ota-echo/signer.pub")),
                        (source, login, maxBytes, into, timeout) -> published(into),
                        Published::new)
                .make();
    }

    private void take(Outgoing event) {
        events.add(event.event().data());
    }

    private long published(Path into) {
        try {
            byte[] archive = vectors.bytes("ota-echo/echo-0.0.1.tgz");
            Files.write(into, archive);
            return archive.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bucket that holds the published list, and takes nothing. */
    private final class Published implements Bucket {
        private final String name;

        Published(String name) {
            this.name = name;
        }

        @Override
        public Optional<Entry> get(String key) {
            return name.equals("CONFIG") && key.equals("machines")
                    ? Optional.of(new Entry(key, vectors.bytes("ota-echo/signed-specification.json"), 1, false))
                    : Optional.empty();
        }

        @Override
        public long put(String key, byte[] value) {
            throw readOnly();
        }

        @Override
        public Optional<Long> create(String key, byte[] value) {
            throw readOnly();
        }

        @Override
        public Optional<Long> update(String key, byte[] value, long of) {
            throw readOnly();
        }

        @Override
        public void delete(String key) {
            throw readOnly();
        }

        @Override
        public Link.Subscription watch(String key, Mailbox<Entry> into) {
            return () -> {};
        }

        private static PortException readOnly() {
            return new PortException.Refused("bucket.read-only", "read only");
        }
    }
}
