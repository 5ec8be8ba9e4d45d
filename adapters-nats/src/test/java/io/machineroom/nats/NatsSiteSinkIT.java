package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.contract.SiteSinkContract;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real broker takes what a leader passes on, and lists and watches a whole bucket. */
final class NatsSiteSinkIT extends SiteSinkContract {
    private TestSaas saas;
    private Link link;
    private Intake intake;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        link = saas.connect(saas.backplane(TestSaas.ACME));
        link.ensureStream(new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>"), Subject.of("mu.>"), Subject.of("ms.>")),
                StreamSpec.Retention.SEALED_QUEUE,
                50_000_000,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW));
        intake = link.intake("MR_INTAKE", "ingest");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    @Override
    protected SiteSink sink() throws InterruptedException {
        return saas.connect(saas.backplane(TestSaas.ACME)).siteSink("north");
    }

    @Override
    protected List<Message> taken() throws InterruptedException {
        List<Message> out = new ArrayList<>();
        List<Intake.Arrival> read = intake.read(500, Duration.ofSeconds(1));
        while (!read.isEmpty()) {
            read.forEach(a -> out.add(a.message()));
            assertTrue(read.stream().allMatch(a -> a.messageId().startsWith("U")), "the id came along");
            assertTrue(intake.backlog().messages() >= read.size());
            intake.settle(read);
            read = intake.read(500, Duration.ofMillis(300));
        }
        assertEquals(0, intake.backlog().messages());
        return out;
    }

    @Test
    void listsAndWatchesAWholeBucket() throws InterruptedException {
        link.ensureBucket("CONFIG");
        Bucket bucket = link.bucket("CONFIG");
        assertEquals(Set.of(), bucket.keys());
        Mailbox<String> changes = new LiveRuntime().mailbox(10);
        try (Link.Subscription _ = bucket.watchAll(changes)) {
            bucket.put("machines", "a".getBytes(StandardCharsets.UTF_8));
            bucket.put("eu.x", "b".getBytes(StandardCharsets.UTF_8));
            assertEquals("machines", changes.poll(Duration.ofSeconds(10)).orElseThrow());
            assertEquals("eu.x", changes.poll(Duration.ofSeconds(10)).orElseThrow());
        }
        assertEquals(Set.of("machines", "eu.x"), bucket.keys());
    }
}
