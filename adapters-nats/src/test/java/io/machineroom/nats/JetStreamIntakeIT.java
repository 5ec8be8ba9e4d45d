package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.IntakeContract;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JetStreamIntakeIT extends IntakeContract {
    private static final int MANY = 400;

    private TestSaas saas;
    private Link backplane;
    private Connection raw;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        backplane.ensureStream(TestSaas.intakeSpec(50_000_000));
        raw = saas.raw(TestSaas.ACME);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            raw.close();
            saas.close();
        }
    }

    @Override
    protected Intake intake() throws InterruptedException {
        return saas.connect(saas.backplane(TestSaas.ACME)).intake("MR_INTAKE", "ingest");
    }

    @Override
    protected void publish(List<Message> messages) throws InterruptedException {
        backplane.store(messages);
    }

    @Override
    protected long held() {
        try {
            return raw.jetStreamManagement()
                    .getStreamInfo("MR_INTAKE")
                    .getStreamState()
                    .getMsgCount();
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stopped at any moment; what it was given is given back by whoever used it, and the rest is not left to expire. */
    @Test
    void whoIsStoppedWhileItReadsLeavesNothingBehind() throws Exception {
        publish(IntStream.range(0, MANY)
                .mapToObj(i -> new Message(
                        Subject.of("mr.UNODE.x"), "id-" + i, Map.of(), ByteBuffer.allocate(500), Instant.EPOCH))
                .toList());
        for (int i = 0; i < 30; i++) {
            try (Intake intake = intake()) {
                List<Intake.Arrival> given = new ArrayList<>();
                CountDownLatch ended = new CountDownLatch(1);
                Thread reader = Thread.ofVirtual().start(() -> {
                    try {
                        while (true) {
                            given.addAll(intake.read(50, Duration.ofMillis(250)));
                        }
                    } catch (InterruptedException stopped) {
                        ended.countDown();
                    }
                });
                LockSupport.parkNanos(Duration.ofMillis(1 + i).toNanos());
                reader.interrupt();
                assertTrue(ended.await(10, TimeUnit.SECONDS));
                intake.release(given);
            }
        }
        Set<Long> read = new HashSet<>();
        try (Intake intake = intake()) {
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (read.size() < MANY && System.nanoTime() < end) {
                intake.read(100, Duration.ofMillis(250)).forEach(arrival -> read.add(arrival.sequence()));
            }
        }
        assertEquals(MANY, read.size());
    }
}
