package io.machineroom.app.conformance.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The fixtures of spec streams 6.2 and the shapes of 6.3, byte for byte. */
final class EventFixturesTest {
    private static final String ID = "01e72410-d734-4611-9485-8c6a2dd2579b";

    private final JacksonJson json = new JacksonJson();

    private static Events events(String component) {
        return new Events("ginkgo.example.net", component, "1.2.3", new Then(), new Same());
    }

    private String encoded(Outgoing outgoing) {
        return new String(new CloudEventsJsonFormat(json).encode(outgoing.event()), StandardCharsets.UTF_8);
    }

    private String plain(Outgoing outgoing) {
        return new String(json.write(outgoing.event().data()), StandardCharsets.UTF_8);
    }

    private static String lifecycle(String kind, String component, String more) {
        return "{\"protocol\":\"io.choria.lifecycle.v1." + kind + "\",\"id\":\"" + ID
                + "\",\"identity\":\"ginkgo.example.net\",\"component\":\"" + component + "\",\"timestamp\":1535106973"
                + more + "}";
    }

    @Test
    void startupIsTheFixture() {
        Outgoing startup = events("ginkgo").startup();
        assertEquals("choria.lifecycle.event.startup.ginkgo", startup.subject().text());
        String data = lifecycle("startup", "ginkgo", ",\"version\":\"1.2.3\"");
        assertEquals(data, plain(startup));
        assertEquals(
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"io.choria.lifecycle\","
                        + "\"type\":\"io.choria.lifecycle.v1.startup\",\"subject\":\"ginkgo.example.net\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"2018-08-24T10:36:13Z\",\"data\":" + data
                        + "}",
                encoded(startup));
    }

    @Test
    void theOthersHaveTheirFieldsAndSubjects() {
        for (String component : List.of(Events.COMPONENT_SERVER, Events.COMPONENT_PROVISIONING)) {
            Events events = events(component);
            String prefix = "choria.lifecycle.event.";
            assertEquals(prefix + "alive." + component, events.alive().subject().text());
            assertEquals(lifecycle("alive", component, ",\"version\":\"1.2.3\""), plain(events.alive()));
            assertEquals(
                    prefix + "shutdown." + component,
                    events.shutdown().subject().text());
            assertEquals(lifecycle("shutdown", component, ""), plain(events.shutdown()));
            assertEquals(
                    prefix + "provisioned." + component,
                    events.provisioned().subject().text());
            assertEquals(lifecycle("provisioned", component, ""), plain(events.provisioned()));
        }
    }

    @Test
    void aTransitionHasTheShapeOfTheOriginal() {
        Outgoing moved = events("server").transition(new Events.MachineRef("heal", "1.0.0", "inst"), "down", "A", "B");
        assertEquals("choria.machine.transition", moved.subject().text());
        assertEquals("io.choria.machine", moved.event().source());
        assertEquals(
                "{\"protocol\":\"io.choria.machine.v1.transition\",\"identity\":\"ginkgo.example.net\",\"id\":\"inst\","
                        + "\"version\":\"1.0.0\",\"timestamp\":1535106973,\"machine\":\"heal\",\"transition\":\"down\","
                        + "\"from_state\":\"A\",\"to_state\":\"B\"}",
                plain(moved));
    }

    private record Then() implements TimeSource {
        @Override
        public Instant wall() {
            return Instant.ofEpochSecond(1_535_106_973, 999_000_000);
        }

        @Override
        public long ticks() {
            return 0;
        }
    }

    private record Same() implements Entropy {
        @Override
        public byte[] bytes(int count) {
            UUID id = UUID.fromString(ID);
            return ByteBuffer.allocate(count)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }

        @Override
        public long below(long bound) {
            return 0;
        }
    }
}
