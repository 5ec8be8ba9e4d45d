package io.machineroom.domain.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.domain.event.LifecycleEvent.Encoding;
import io.machineroom.domain.event.LifecycleEvent.Kind;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec streams 6.2. */
final class LifecycleEventTest {
    private static final String STARTUP =
            "{\"protocol\":\"io.choria.lifecycle.v1.startup\",\"id\":\"01e72410-d734-4611-9485-8c6a2dd2579b\","
                    + "\"identity\":\"ginkgo.example.net\",\"component\":\"ginkgo\",\"timestamp\":1535106973,"
                    + "\"version\":\"1.2.3\"}";
    private static final String STARTUP_EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"01e72410-d734-4611-9485-8c6a2dd2579b\",\"source\":\"io.choria.lifecycle\","
                    + "\"type\":\"io.choria.lifecycle.v1.startup\",\"subject\":\"ginkgo.example.net\","
                    + "\"datacontenttype\":\"application/json\",\"time\":\"2018-08-24T10:36:13Z\",\"data\":"
                    + STARTUP + "}";

    private final SimJson json = new SimJson();

    private Value read(String text) {
        return json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private String write(Value value) {
        return new String(json.write(value), StandardCharsets.UTF_8);
    }

    private static LifecycleEvent startup() {
        return new LifecycleEvent(
                Kind.STARTUP,
                "01e72410-d734-4611-9485-8c6a2dd2579b",
                "ginkgo.example.net",
                "ginkgo",
                1_535_106_973,
                Map.of("version", Value.text("1.2.3")));
    }

    private String fault(String text) {
        return String.valueOf(assertThrows(PortException.Refused.class, () -> LifecycleEvent.parse(read(text)))
                .getMessage());
    }

    @Test
    void lc01AndB131ListsItsKindsInOrder() {
        assertEquals(
                List.of("alive", "governor", "provisioned", "shutdown", "startup", "upgraded"),
                Arrays.stream(Kind.values()).map(Kind::word).toList());
    }

    @Test
    void lc02TellsThePlainForm() {
        assertEquals(Encoding.UNKNOWN, LifecycleEvent.encoding(read("{}")));
        assertEquals(
                Encoding.PLAIN, LifecycleEvent.encoding(read("{\"protocol\":\"io.choria.lifecycle.v1.unknown\"}")));
        assertEquals(Encoding.UNKNOWN, LifecycleEvent.encoding(read("{\"protocol\":\"other\"}")));
        assertEquals(Encoding.UNKNOWN, LifecycleEvent.encoding(read("[1]")));
    }

    @Test
    void lc03AndB133AndB134AndB135TellsCloudEvents() {
        assertEquals(
                Encoding.CLOUDEVENTS,
                LifecycleEvent.encoding(read("{\"specversion\":\"1.0\",\"source\":\"io.choria.lifecycle\"}")));
        assertEquals(
                Encoding.UNKNOWN,
                LifecycleEvent.encoding(read("{\"specversion\":\"1.0\",\"source\":\"message/other\"}")));
        assertEquals(
                Encoding.UNKNOWN,
                LifecycleEvent.encoding(read("{\"specversion\":\"0.1\",\"source\":\"message/io.choria.lifecycle\"}")));
        assertEquals("unsupported event format", fault("{\"specversion\":\"0.1\"}"));
        assertEquals("unsupported event format", fault("{\"protocol\":\"fail\"}"));
    }

    @Test
    void lc05RefusesAKindThatIsNone() {
        assertEquals(
                "unknown protocol 'io.choria.lifecycle.v1.unknown' received",
                fault("{\"protocol\":\"io.choria.lifecycle.v1.unknown\"}"));
    }

    @Test
    void lc06AndB137ReadsAShutdown() {
        String text =
                "{\"protocol\":\"io.choria.lifecycle.v1.shutdown\",\"id\":\"cb6f1dbc-d65b-49b9-907e-e4a51bee75f8\","
                        + "\"identity\":\"dev1.devco.net\",\"component\":\"server\",\"timestamp\":1575482338}";
        LifecycleEvent event = LifecycleEvent.parse(read(text));
        assertEquals(Kind.SHUTDOWN, event.kind());
        assertEquals("dev1.devco.net", event.identity());
        assertEquals(1_575_482_338, event.timestamp());
        assertEquals(text, write(event.plain()));
    }

    @Test
    void lc08AndB139WritesThePlainFormByteForByte() {
        assertEquals("choria.lifecycle.event.startup.ginkgo", startup().target().text());
        assertEquals(STARTUP, write(startup().plain()));
    }

    @Test
    void readsAndWritesTheCloudEventOfTheOriginal() {
        assertEquals(startup(), LifecycleEvent.parse(read(STARTUP_EVENT)));
        assertEquals(startup(), LifecycleEvent.parse(read(STARTUP)));
        Value.Obj written =
                (Value.Obj) json.read(new SimEvents().encode(startup().event()));
        Value.Obj wanted = (Value.Obj) read(STARTUP_EVENT);
        for (String field : List.of("specversion", "id", "source", "type", "subject", "time", "data")) {
            assertEquals(wanted.get(field), written.get(field), field);
        }
    }

    @Test
    void lc10HasNoSubjectWithoutAComponent() {
        LifecycleEvent bare = new LifecycleEvent(Kind.ALIVE, "i", "n", "", 1, Map.of());
        assertEquals(
                "event is not complete, component has not been set",
                assertThrows(PortException.Refused.class, bare::target).getMessage());
    }

    @Test
    void lc11AndB145ReadsTheOldProtocol() {
        LifecycleEvent event = LifecycleEvent.parse(
                read("{\"protocol\":\"choria:lifecycle:alive:1\",\"component\":\"ginkgo\",\"version\":\"1.2.3\"}"));
        assertEquals(Kind.ALIVE, event.kind());
        assertEquals("1.2.3", event.text("version"));
    }

    @Test
    void lc13AndB146ReadsAGovernor() {
        LifecycleEvent event = LifecycleEvent.parse(read("{\"protocol\":\"io.choria.lifecycle.v1.governor\","
                + "\"id\":\"bd57d0ea-b3f6-4715-a3be-a68f3567c187\",\"component\":\"ginkgo\",\"timestamp\":1625587110,"
                + "\"governor\":\"PUPPET\",\"event_type\":\"enter\",\"sequence\":10}"));
        assertEquals("ginkgo", event.component());
        assertEquals("enter", event.text("event_type"));
        assertEquals("PUPPET", event.text("governor"));
        assertEquals(Value.num(10), event.own().get("sequence"));
    }

    @Test
    void lc15AndB143AndB147ReadsAnUpgrade() {
        LifecycleEvent event = LifecycleEvent.parse(read("{\"protocol\":\"io.choria.lifecycle.v1.upgraded\","
                + "\"component\":\"ginkgo\",\"version\":\"1.2.3\",\"new_version\":\"1.2.4\"}"));
        assertEquals("1.2.3", event.text("version"));
        assertEquals("1.2.4", event.text("new_version"));
        assertEquals("choria.lifecycle.event.upgraded.ginkgo", event.target().text());
    }

    @Test
    void aGovernorHasAName() {
        assertEquals("governor name is not set", fault("{\"protocol\":\"io.choria.lifecycle.v1.governor\"}"));
        assertEquals(
                "governor name is not set",
                fault("{\"protocol\":\"choria:lifecycle:governor:1\",\"governor\":\"\",\"sequence\":1}"));
    }

    private static String line(Kind kind, Map<String, Value> own) {
        return new LifecycleEvent(kind, "i", "n.example", "ginkgo", 1, own).line();
    }

    @Test
    void b149AStartupInOneLine() {
        Map<String, Value> version = Map.of("version", Value.text("1.2.3"));
        assertEquals("[startup] n.example: ginkgo version 1.2.3", line(Kind.STARTUP, version));
        assertEquals("[alive] n.example: ginkgo version 1.2.3", line(Kind.ALIVE, version));
        assertEquals("[shutdown] n.example: ginkgo", line(Kind.SHUTDOWN, version));
        assertEquals("[provisioned] n.example: ginkgo", line(Kind.PROVISIONED, Map.of()));
    }

    @Test
    void b150AnUpgradeInOneLine() {
        assertEquals(
                "[upgraded] n.example: ginkgo version 1.2.3 to 1.2.4",
                line(Kind.UPGRADED, Map.of("version", Value.text("1.2.3"), "new_version", Value.text("1.2.4"))));
    }

    @ParameterizedTest
    @CsvSource({
        "enter, 10, obtained slot 10 on PUPPET",
        "exit, 10, vacated slot 10 on PUPPET",
        "eviction, 10, evicted from slot 10 on PUPPET",
        "timeouts, 10, failed to obtain a slot on PUPPET",
        "enter, 0, obtained slot on PUPPET",
        "exit, 0, vacated PUPPET",
        "eviction, 0, evicted from PUPPET",
        "timeouts, 0, failed to obtain a slot on PUPPET",
        "other, 0, ginkgo at PUPPET",
    })
    void b152WhatHappenedAtAGovernorInOneLine(String what, long slot, String line) {
        assertEquals(
                "[governor] n.example: " + line,
                line(
                        Kind.GOVERNOR,
                        Map.of(
                                "governor",
                                Value.text("PUPPET"),
                                "event_type",
                                Value.text(what),
                                "sequence",
                                Value.num(slot))));
    }

    /** The original prints the name of another kind for a shutdown, and mixes forms on what it writes itself. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void streamsW52EachKindHasItsNameAndAllAreWrittenAlike(Kind kind) {
        LifecycleEvent event = new LifecycleEvent(kind, "i", "n", "c", 1, Map.of("governor", Value.text("G")));
        assertEquals("io.choria.lifecycle.v1." + kind.word(), event.event().type());
        assertEquals(
                "choria.lifecycle.event." + kind.word() + ".c", event.target().text());
        assertEquals(event, LifecycleEvent.parse(event.plain()));
        SimTasks tasks = new SimTasks(1);
        Events events = new Events("n", Events.COMPONENT_SERVER, "1", tasks.time(), tasks.entropy());
        for (Outgoing own : List.of(events.startup(), events.alive(), events.shutdown(), events.provisioned())) {
            assertEquals("io.choria.lifecycle", own.event().source());
            assertEquals(own.event().type(), own.event().data().text("protocol").orElseThrow());
        }
    }
}
