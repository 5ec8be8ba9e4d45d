package io.machineroom.app.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fields of every kind of watcher survive both encodings of events, in their order. */
final class WatcherStatesTest {
    private final JsonFormat json = new JacksonJson();

    private static final List<String> STATES = List.of(
            "{\"command\":\"x\",\"previous_outcome\":\"success\",\"previous_run_time\":1000000000}",
            "{\"metrics\":{\"labels\":{\"a\":\"1\"},\"metrics\":{\"choria_runtime_seconds\":0.25,\"v\":1.1},\"time\":5}}",
            "{\"plugin\":\"p\",\"status\":\"OK\",\"status_code\":0,\"output\":\"\",\"check_time\":-62135596800,"
                    + "\"perfdata\":null,\"runtime\":0.5,\"history\":[{\"execute\":\"2026-01-01T00:00:00Z\",\"status\":0,"
                    + "\"perfdata\":[{\"unit\":\"s\",\"label\":\"l\",\"value\":2.5}]}],\"annotations\":{}}",
            "{\"status\":\"on\",\"is_on\":true,\"annotations\":{\"room\":\"1\"}}",
            "{\"plugins\":[\"a\",\"b\"],\"previous_outcome\":\"updated\",\"previous_run_time\":0}",
            "{\"previous_subject\":\"a\",\"previous_payload\":\"b\",\"previous_gossip\":1767225600}",
            "{\"state\":\"on\"}",
            "{\"state\":\"running\",\"timer\":30000000000}");

    @TestFactory
    Stream<DynamicTest> bothEncodingsCarryTheSameFields() {
        List<EventFormat> formats = List.of(new CloudEventsJsonFormat(json), new CloudEventsProtobufFormat(json));
        return formats.stream()
                .flatMap(format -> STATES.stream()
                        .map(state -> DynamicTest.dynamicTest(
                                format.contentType() + " " + state, () -> check(format, state))));
    }

    private void check(EventFormat format, String state) {
        Value.Obj data = (Value.Obj) json.read(state.getBytes(StandardCharsets.UTF_8));
        Event event = new Event(
                "1",
                "io.choria.machine",
                "io.choria.machine.watcher.x.v1.state",
                "node",
                Instant.parse("2026-01-01T00:00:00Z"),
                data);
        Value.Obj back = format.decode(format.encode(event)).data();
        assertEquals(
                new String(json.write(data), StandardCharsets.UTF_8),
                new String(json.write(back), StandardCharsets.UTF_8));
    }
}
