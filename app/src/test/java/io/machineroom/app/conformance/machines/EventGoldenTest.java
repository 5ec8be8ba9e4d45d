package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Events.MachineRef;
import io.machineroom.domain.event.Events.WatcherRef;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Events to the byte as Choria's tools read them; in protobuf they carry the same. */
final class EventGoldenTest {
    private static final String ID = "01e72410-d734-4611-9485-8c6a2dd2579b";
    private static final MachineRef MACHINE = new MachineRef("exec", "1.0.0", "1234567890");

    private final JacksonJson json = new JacksonJson();
    private final EventFormat text = new CloudEventsJsonFormat(json);
    private final EventFormat binary = new CloudEventsProtobufFormat(json);

    private static Events events(String identity, String component, long second) {
        TimeSource time = new TimeSource() {
            @Override
            public Instant wall() {
                return Instant.ofEpochSecond(second, 700_000_000);
            }

            @Override
            public long ticks() {
                return 0;
            }
        };
        Entropy entropy = new Entropy() {
            @Override
            public byte[] bytes(int count) {
                return new byte[count];
            }

            @Override
            public long below(long bound) {
                return 0;
            }

            @Override
            public String uuid() {
                return ID;
            }
        };
        return new Events(identity, component, "1.2.3", time, entropy);
    }

    private void check(Outgoing out, String subject, String golden) {
        assertEquals(subject, out.subject().toString());
        assertEquals(golden, new String(text.encode(out.event()), StandardCharsets.UTF_8));
        Event again = binary.decode(binary.encode(out.event()));
        assertEquals(golden, new String(text.encode(again), StandardCharsets.UTF_8), "protobuf carries the same");
    }

    @Test
    void aTransition() {
        check(
                events("ginkgo", "server", 1606924953).transition(MACHINE, "go", "A", "B"),
                "choria.machine.transition",
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"io.choria.machine\","
                        + "\"type\":\"io.choria.machine.v1.transition\",\"subject\":\"ginkgo\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"2020-12-02T16:02:33Z\","
                        + "\"data\":{\"protocol\":\"io.choria.machine.v1.transition\",\"identity\":\"ginkgo\","
                        + "\"id\":\"1234567890\",\"version\":\"1.0.0\",\"timestamp\":1606924953,\"machine\":\"exec\","
                        + "\"transition\":\"go\",\"from_state\":\"A\",\"to_state\":\"B\"}}");
    }

    @Test
    void b038TheStateOfAWatcher() {
        Value.Obj own = Value.obj(
                "command", Value.text("/bin/sh"),
                "previous_outcome", Value.text("success"),
                "previous_run_time", Value.num(1_000_000_000));
        check(
                events("ginkgo", "server", 1606924953)
                        .watcherState(MACHINE, new WatcherRef("exec", "v1", "ginkgo"), own),
                "choria.machine.watcher.exec.state",
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"io.choria.machine\","
                        + "\"type\":\"io.choria.machine.watcher.exec.v1.state\",\"subject\":\"ginkgo\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"2020-12-02T16:02:33Z\","
                        + "\"data\":{\"protocol\":\"io.choria.machine.watcher.exec.v1.state\",\"identity\":\"ginkgo\","
                        + "\"id\":\"1234567890\",\"version\":\"1.0.0\",\"timestamp\":1606924953,\"type\":\"exec\","
                        + "\"machine\":\"exec\",\"name\":\"ginkgo\",\"command\":\"/bin/sh\","
                        + "\"previous_outcome\":\"success\",\"previous_run_time\":1000000000}}");
    }

    @Test
    void b140AStartup() {
        check(
                events("ginkgo.example.net", "ginkgo", 1535106973).startup(),
                "choria.lifecycle.event.startup.ginkgo",
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"io.choria.lifecycle\","
                        + "\"type\":\"io.choria.lifecycle.v1.startup\",\"subject\":\"ginkgo.example.net\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"2018-08-24T10:36:13Z\","
                        + "\"data\":{\"protocol\":\"io.choria.lifecycle.v1.startup\",\"id\":\"" + ID + "\","
                        + "\"identity\":\"ginkgo.example.net\",\"component\":\"ginkgo\",\"timestamp\":1535106973,"
                        + "\"version\":\"1.2.3\"}}");
    }

    @Test
    void b142TheSubjectOfAnAliveEvent() {
        assertEquals(
                "choria.lifecycle.event.alive.ginkgo",
                events("n", "ginkgo", 1).alive().subject().toString());
        assertEquals(
                "choria.lifecycle.event.shutdown.server",
                events("n", "server", 1).shutdown().subject().toString());
    }

    @Test
    void theLifeOfAMachineInProtobufToo() {
        check(
                events("n", "server", 1).product("machine_started", Value.obj("machine", Value.text("m"))),
                "choria.machine.room.machine_started",
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"io.machineroom.agent\","
                        + "\"type\":\"io.machineroom.machine_started.v1\",\"subject\":\"n\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"1970-01-01T00:00:01Z\","
                        + "\"data\":{\"protocol\":\"io.machineroom.machine_started.v1\",\"identity\":\"n\","
                        + "\"timestamp\":1,\"machine\":\"m\"}}");
    }
}
