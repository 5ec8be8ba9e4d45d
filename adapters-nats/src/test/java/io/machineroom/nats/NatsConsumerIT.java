package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.ReadPlan.StartAt;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.ReplayPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consumer that a replicator leaves at a real source: what tools of the original expect there (streams 4.6 to 4.8). */
final class NatsConsumerIT {
    private static final StartAt ALL = new StartAt.All();

    private TestForeign server;
    private Connection raw;
    private StreamHost host;

    @BeforeEach
    void start() throws InterruptedException, IOException {
        server = TestForeign.start();
        raw = server.raw();
        host = server.connect();
        host.makeStream("IN", List.of("in.>"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            host.close();
            raw.close();
            server.close();
        }
    }

    private void publish(int count) throws IOException, JetStreamApiException {
        for (int i = 0; i < count; i++) {
            raw.jetStream().publish("in.a", "x".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ReadPlan plan(String filter, StartAt start, boolean ephemeral) {
        return new ReadPlan("IN", "SR_IN", "Choria Stream Replicator IN", filter, start, 0, ephemeral);
    }

    private ConsumerConfiguration made(ReadPlan plan) throws InterruptedException, IOException, JetStreamApiException {
        try (StreamReader reader = host.reader(plan)) {
            reader.read(1, 1 << 20, Duration.ofMillis(100));
            return raw.jetStreamManagement().getConsumerInfo("IN", "SR_IN").getConsumerConfiguration();
        }
    }

    @Test
    void aDurableOne() throws InterruptedException, IOException, JetStreamApiException {
        ConsumerConfiguration made = made(plan("", ALL, false));
        assertEquals("SR_IN", made.getDurable());
        assertEquals("Choria Stream Replicator IN", made.getDescription());
        assertEquals(AckPolicy.Explicit, made.getAckPolicy());
        assertEquals(Duration.ofSeconds(30), made.getAckWait());
        assertEquals(-1, made.getMaxDeliver());
        assertEquals(ReplayPolicy.Instant, made.getReplayPolicy());
        assertEquals(DeliverPolicy.All, made.getDeliverPolicy());
        assertNull(made.getFilterSubject());
        assertNull(made.getDeliverSubject(), "it is pulled");
        assertTrue(made.getMaxAckPending() > 1, "several are on their way");
    }

    @Test
    void anEphemeralOneIsForgottenAfterFiftySeconds() throws InterruptedException, IOException, JetStreamApiException {
        ConsumerConfiguration made = made(plan("", ALL, true));
        assertEquals(Duration.ofSeconds(50), made.getInactiveThreshold());
        assertTrue(made.isMemStorage());
        assertEquals(1, made.getNumReplicas());
    }

    @Test
    void oneWithAFilter() throws InterruptedException, IOException, JetStreamApiException {
        assertEquals("in.b", made(plan("in.b", ALL, false)).getFilterSubject());
    }

    @Test
    void eachStartHasItsPolicy() throws InterruptedException, IOException, JetStreamApiException {
        publish(5);
        Instant then = Instant.parse("2026-01-02T03:04:05Z");
        JetStreamManagement management = raw.jetStreamManagement();
        assertEquals(DeliverPolicy.New, made(plan("", new StartAt.New(), false)).getDeliverPolicy());
        management.deleteConsumer("IN", "SR_IN");
        ConsumerConfiguration number = made(plan("", new StartAt.Number(3), false));
        assertEquals(DeliverPolicy.ByStartSequence, number.getDeliverPolicy());
        assertEquals(3, number.getStartSequence());
        management.deleteConsumer("IN", "SR_IN");
        ConsumerConfiguration time = made(plan("", new StartAt.Time(then), false));
        assertEquals(DeliverPolicy.ByStartTime, time.getDeliverPolicy());
        assertEquals(then, time.getStartTime().toInstant());
    }

    /** Settings never change where an existing consumer stands. */
    @Test
    void oneThatTheOriginalLeftGoesOnWhereItStands() throws InterruptedException, IOException, JetStreamApiException {
        publish(5);
        JetStreamManagement management = raw.jetStreamManagement();
        management.addOrUpdateConsumer(
                "IN",
                ConsumerConfiguration.builder()
                        .durable("SR_IN")
                        .description("Choria Stream Replicator IN")
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(Duration.ofSeconds(30))
                        .maxAckPending(1)
                        .deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(4)
                        .build());
        try (StreamReader reader = host.reader(plan("", ALL, false))) {
            assertEquals(
                    4, reader.read(1, 1 << 20, Duration.ofSeconds(5)).getFirst().number());
        }
        assertTrue(management
                        .getConsumerInfo("IN", "SR_IN")
                        .getConsumerConfiguration()
                        .getMaxAckPending()
                > 1);
    }
}
