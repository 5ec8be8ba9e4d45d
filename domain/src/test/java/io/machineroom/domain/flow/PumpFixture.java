package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A spool, a SaaS and a pump between them; abstract because it holds no test. */
abstract class PumpFixture {
    static final Duration SOON = Duration.ofSeconds(30);

    SimTasks tasks = new SimTasks(11);
    final SimMeter meter = new SimMeter();
    SimStorage disk = new SimStorage(tasks::await);
    SimFiles files = SimFiles.fresh(tasks);
    SimSaas saas = new SimSaas(tasks, tasks.entropy());
    final List<String> ids = new ArrayList<>();

    void seed(long seed) {
        tasks = new SimTasks(seed);
        disk = new SimStorage(tasks::await);
        files = SimFiles.fresh(tasks);
        saas = new SimSaas(tasks, tasks.entropy());
    }

    Spool open() {
        return SimSpool.open(
                disk,
                new SpoolProvider.Settings(
                        Path.of("spool"), 16 << 20, 100_000, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH),
                tasks.time(),
                tasks.entropy());
    }

    void append(Spool spool, int count) {
        append(spool, Lane.NORMAL, count);
    }

    void append(Spool spool, Lane lane, int count) {
        tasks.run(() -> {
            List<Message> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String id = "e" + ids.size();
                ids.add(id);
                batch.add(new Message(
                        Subject.of("choria.machine.transition"),
                        id,
                        Map.of(),
                        ByteBuffer.wrap(new byte[100]),
                        Instant.EPOCH));
            }
            spool.append(lane, batch);
        });
    }

    static Endpoint endpoint(String url) {
        return new Endpoint(
                List.of(URI.create(url)),
                TrustPolicy.system(),
                new Endpoint.Credentials.Anonymous(),
                "n1",
                Duration.ofSeconds(5));
    }

    LinkKeeper keeper(String... names) {
        List<Way> ways = IntStream.range(0, names.length)
                .mapToObj(i -> new Way(names[i], saas.way(names[i]), endpoint(names[i] + "://saas:1")))
                .toList();
        return new LinkKeeper(ways, LinkSettings.defaults(), tasks, tasks.time(), tasks.entropy(), meter);
    }

    Pump pump(Source source, LinkKeeper links) {
        return pump(source, links, PumpSettings.defaults());
    }

    Pump pump(Source source, LinkKeeper links, PumpSettings settings) {
        return new Pump(
                source,
                links,
                new ReceiptVerifier(new SimSignatures(), saas.receiptKey(), SimSaas.NODE),
                new ParkedMessages(files),
                settings,
                new PumpRuntime(tasks, tasks.time(), tasks.entropy(), meter));
    }

    Running start(Spool spool, String... ways) {
        LinkKeeper links = keeper(ways);
        Source source = spool.source("saas");
        Pump pump = pump(source, links);
        Tasks.Task keeping = tasks.fork("link", links::run);
        return new Running(source, links, pump, tasks.fork("pump", pump::run), keeping);
    }

    record Running(Source source, LinkKeeper links, Pump pump, Tasks.Task task, Tasks.Task keeping) {}

    void drained(Running running, Duration limit) {
        assertTrue(tasks.runUntil(() -> running.source().waiting() == 0, limit), () -> tasks.dump());
        assertEquals(ids, saas.stored);
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }
}
