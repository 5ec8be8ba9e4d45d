package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GossipWatcherTest {
    private static final String SERVICE =
            "'cluster':'lon','service':'web','protocol':'http','ip':'192.0.2.1','port':80";

    private final Bench bench = new Bench();
    private final GossipWatcher.Type type = new GossipWatcher.Type();
    private final List<Message> said = new ArrayList<>();
    private boolean down;

    GossipWatcherTest() {
        bench.interval = Duration.ofSeconds(15);
        bench.ports.put(CoreMessages.class, new CoreMessages() {
            @Override
            public void publish(Message message) {
                if (down) {
                    throw new PortException.Refused("link.unsupported", "HTTPS has no such messages");
                }
                said.add(message);
            }

            @Override
            public Link.Subscription subscribe(Subject pattern, Mailbox<Message> into) {
                return () -> {};
            }
        });
    }

    private Watcher active(String properties) {
        Watcher watcher = bench.make(type, properties);
        assertEquals(List.of(), bench.properties.faults());
        watcher.stateChanged(true);
        return watcher;
    }

    private static String body(Message message) {
        return new String(message.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void b063AndB067SaysWhatItIsGiven() {
        Watcher watcher = active("{'subject':'x.y','payload':'a.b'}");
        assertEquals(
                obj("{'previous_subject':'','previous_payload':'','previous_gossip':-62135596800}"), watcher.state());
        Outcome outcome = bench.ask(watcher, Trigger.START);
        assertFalse(outcome.announce());
        assertEquals(Duration.ofSeconds(15), outcome.again());
        assertEquals(
                "{\"previous_subject\":\"x.y\",\"previous_payload\":\"a.b\",\"previous_gossip\":1767225600}",
                bench.text(watcher.state()));
        assertEquals("x.y", said.getFirst().subject().text());
        assertEquals("a.b", body(said.getFirst()));
    }

    @Test
    void b065SubjectAndPayloadAreRequired() {
        assertEquals("subject is required", bench.fault(type, "{}"));
        assertEquals("payload is required", bench.fault(type, "{'subject':'a'}"));
        String with = ",'registration':{" + SERVICE + "}}";
        assertEquals("subject cannot be set with registration", bench.fault(type, "{'subject':'a'" + with));
        assertEquals("payload cannot be set with registration", bench.fault(type, "{'payload':'a'" + with));
    }

    @Test
    void aRegistrationIsPublishedInItsOrder() {
        Watcher watcher = active("{'registration':{" + SERVICE + ",'annotations':{'b':'2','a':'1'}}}");
        bench.ask(watcher, Trigger.START);
        assertEquals(
                "$KV.CHORIA_SERVICES.lon.http.web.00000000-0000-0000-0000-000000000000",
                said.getFirst().subject().text());
        assertEquals(
                "{\"cluster\":\"lon\",\"service\":\"web\",\"protocol\":\"http\",\"address\":\"192.0.2.1\",\"port\":80,"
                        + "\"priority\":0,\"annotations\":{\"a\":\"1\",\"b\":\"2\"}}",
                body(said.getFirst()));
    }

    @Test
    void registrationsAreChecked() {
        Map<String, String> faults = Map.of(
                "'service':'web','protocol':'http','ip':'::1','port':80",
                "cluster is required",
                "'cluster':'1','service':'web','protocol':'http','ip':'::1','port':80",
                "invalid cluster",
                "'cluster':'l','service':'web','protocol':'http','port':80",
                "ip is required",
                "'cluster':'l','service':'web','protocol':'http','ip':'300.1.1.1','port':80",
                "invalid ip",
                "'cluster':'l','service':'web','protocol':'http','ip':'::1'",
                "port is required",
                SERVICE + ",'prefix':'a b'",
                "invalid registration subject");
        faults.forEach(
                (fields, fault) -> assertEquals(fault, bench.fault(type, "{'registration':{" + fields + "}}"), fields));
        for (String ip : List.of("2001:db8::1", "::", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1")) {
            String fields = "'cluster':'l','service':'w','protocol':'h','port':1,'ip':'" + ip + "'";
            assertEquals("", bench.fault(type, "{'registration':{" + fields + "}}"), ip);
        }
    }

    @Test
    void w35WildcardsAreRefused() {
        assertEquals(
                "invalid registration subject", bench.fault(type, "{'registration':{" + SERVICE + ",'prefix':'a.>'}}"));
        Watcher watcher = active("{'subject':'a.>','payload':'x'}");
        assertTrue(assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.START))
                .reason()
                .startsWith("gossip.subject"));
    }

    @Test
    void w35TheLifetimeIsInTheHeaderThatServersKnow() {
        Watcher watcher = active("{'subject':'a','payload':'x','ttl_seconds':30}");
        bench.ask(watcher, Trigger.START);
        assertEquals(
                Map.of("Nats-TTLSeconds", "30s", "Nats-TTL", "30s"),
                said.getFirst().headers());
    }

    @Test
    void w35WhatCannotBeSentIsToldOnceAndMovesNothing() {
        down = true;
        Watcher watcher = active("{'subject':'a','payload':'x'}");
        Outcome.Failed first = assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.START));
        assertTrue(first.announce());
        assertFalse(first.fire());
        assertEquals("link.unsupported: HTTPS has no such messages", first.reason());
        bench.tasks.advance(Duration.ofSeconds(15));
        assertFalse(bench.ask(watcher, Trigger.WOKEN).announce());
        down = false;
        bench.tasks.advance(Duration.ofSeconds(15));
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
        assertEquals(1, said.size());
    }

    @Test
    void w35ComingBackSaysItAtOnceAndMovingOnDoesNot() {
        Watcher watcher = active("{'subject':'a','payload':'{{ lookup \\'facts.dc\\' \\'none\\' }}'}");
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofSeconds(5));
        watcher.stateChanged(true);
        assertEquals(
                Duration.ofSeconds(10),
                bench.ask(watcher, Trigger.STATE_CHANGED).again());
        assertEquals(1, said.size());
        watcher.stateChanged(false);
        watcher.stateChanged(true);
        bench.ask(watcher, Trigger.STATE_CHANGED);
        assertEquals(2, said.size());
        assertEquals("none", body(said.getLast()));
    }
}
