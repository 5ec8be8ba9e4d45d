package io.machineroom.app.wiring;

import static io.machineroom.app.wiring.ReplicateStage.upTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.MessageInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows SRC-*, TGT-*, MAP-*, ADV-* and HB-* of the behaviours of streams between real nats-servers. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateRowsIT {
    /** A customer's account whose services are those of the backend, under another subject. */
    private static final String SAAS = """
            accounts {
              backend {
                jetstream: enabled
                users: [ { user: backend, password: b } ]
                exports: [ { service: "machine_room.nodes.>" }, { service: "machine_room.submit.>" } ]
              }
              cust_one {
                users: [ { user: site, password: s, permissions: {
                  publish: [ "machine_room.nodes.>", "machine_room.submit.>" ], subscribe: [ "_INBOX.>" ] } } ]
                imports: [
                  { service: { account: backend, subject: "machine_room.nodes.cust_one.>" }, to: "machine_room.nodes.>" }
                  { service: { account: backend, subject: "machine_room.submit.cust_one.>" }, to: "machine_room.submit.>" }
                ]
              }
            }
            """;

    @TempDir
    private Path directory;

    private ReplicateStage stage;

    @AfterEach
    void end() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    private void open() throws Exception {
        stage = ReplicateStage.open(directory);
    }

    /** That the source is in the same process has no counterpart here; see docs/compatibility.md. */
    @Test
    void src02CopiesTheWholeStream() throws Exception {
        open();
        stage.publish(1, 1_000);
        stage.start("");
        stage.until(() -> stage.held() >= 1_000);
        assertEquals(upTo(1_000), stage.numbers());
    }

    @Test
    void src08AMemberAloneLeadsAndCopies() throws Exception {
        open();
        try (Connection connection = stage.source.connect()) {
            connection
                    .keyValueManagement()
                    .create(KeyValueConfiguration.builder()
                            .name("CHORIA_LEADER_ELECTION")
                            .ttl(Duration.ofSeconds(2))
                            .build());
        }
        stage.publish(1, 1_000);
        stage.start("    leader_election_name: ginkgo\n");
        stage.until(() -> stage.held() >= 1_000);
        assertEquals(upTo(1_000), stage.numbers());
        try (Connection connection = stage.source.connect()) {
            byte[] leader = connection
                    .keyValue("CHORIA_LEADER_ELECTION")
                    .get("SR_GINKGO_TEST")
                    .getValue();
            assertEquals("ginkgo", new String(leader, StandardCharsets.UTF_8));
        }
    }

    @Test
    void tgt04CopiesTheWholeStreamAsTheTargetWantsIt() throws Exception {
        open();
        stage.publish(1, 1_000);
        stage.start("    name: TR\n    filter_subject: TEST\n    target_initiated: true\n");
        stage.until(() -> stage.held() >= 1_000);
        assertEquals(upTo(1_000), stage.numbers());
    }

    @Test
    void map11TheHeaderHoldsFiveFields() throws Exception {
        open();
        stage.publish(1, 3);
        stage.start("    name: PARTITION1\n");
        stage.until(() -> stage.held() >= 3);
        try (Connection connection = stage.source.connect()) {
            MessageInfo stored = connection.jetStreamManagement().getMessage("TEST", 2);
            String expected =
                    "TEST 2 GINKGO PARTITION1 " + stored.getTime().toInstant().toEpochMilli();
            assertEquals(expected, ReplicateStage.origin(stage.copies().get(1)));
        }
    }

    @Test
    void map12AndMap13TheServerPutsTheCustomerIntoTheSubjectAndAnswersAcrossAccounts() throws Exception {
        stage = ReplicateStage.servers(directory, SAAS);
        ReplicateStage.makeStream(stage.source, "REGISTRATION", "machine_room.nodes.>", -1);
        ReplicateStage.makeStream(stage.source, "SUBMIT", "choria.submission.in.>", -1);
        try (Connection backend = stage.target.connect("backend:b@");
                Connection site = stage.source.connect()) {
            ReplicateStage.makeStream(backend, "MACHINE_ROOM_NODES", "machine_room.nodes.*.>", -1);
            ReplicateStage.makeStream(backend, "MACHINE_ROOM_SUBMISSION", "machine_room.submit.*.>", -1);
            site.jetStream().publish("machine_room.nodes.app1.managed.example.net", new byte[] {1});
            site.jetStream().publish("choria.submission.in.my.event", new byte[] {2});
            stage.run("""
                    name: site_one
                    streams:
                      - {stream: REGISTRATION, source_url: %1$s, target_url: %2$s, no_target_create: true,
                         target_stream: MACHINE_ROOM_NODES}
                      - {stream: SUBMIT, source_url: %1$s, target_url: %2$s, no_target_create: true,
                         target_stream: MACHINE_ROOM_EVENTS, target_subject_prefix: machine_room.submit.,
                         target_subject_remove: choria.submission.in.}
                    """.formatted(
                    "nats://127.0.0.1:" + stage.source.port(), "nats://site:s@127.0.0.1:" + stage.target.port()));
            stage.until(() -> stage.replicator.states().stream().allMatch(s -> s.copied() == 1));
            assertEquals(
                    "machine_room.nodes.cust_one.app1.managed.example.net",
                    backend.jetStreamManagement()
                            .getMessage("MACHINE_ROOM_NODES", 1)
                            .getSubject());
            assertEquals(
                    "machine_room.submit.cust_one.my.event",
                    backend.jetStreamManagement()
                            .getMessage("MACHINE_ROOM_SUBMISSION", 1)
                            .getSubject());
        }
    }

    /** The original acknowledges one and asks for the next in one message; here a window is acknowledged, see docs/compatibility.md. */
    @Test
    void map14WhatIsStoredIsAcknowledgedAtTheSource() throws Exception {
        open();
        stage.publish(1, 300);
        Set<String> bodies = ConcurrentHashMap.newKeySet();
        try (Connection connection = stage.source.connect()) {
            connection
                    .createDispatcher(m -> bodies.add(new String(m.getData(), StandardCharsets.UTF_8)))
                    .subscribe("$JS.ACK.>");
            connection.flush(Duration.ofSeconds(5));
            stage.start("");
            stage.until(() -> consumer(connection).getAckFloor().getStreamSequence() == 300);
            assertEquals(0, consumer(connection).getNumAckPending());
            assertEquals(0, consumer(connection).getRedelivered());
            stage.until(() -> !bodies.isEmpty());
        }
        assertEquals(Set.of("+ACK"), bodies);
    }

    private static ConsumerInfo consumer(Connection connection) throws Exception {
        List<String> names = connection.jetStreamManagement().getConsumerNames("TEST");
        return names.isEmpty()
                ? new ConsumerInfo(io.nats.client.support.JsonValue.EMPTY_MAP)
                : connection.jetStreamManagement().getConsumerInfo("TEST", names.getFirst());
    }

    @Test
    void adv01AndAdv03WhoIsNewAndWhoIsBackAreTold() throws Exception {
        open();
        ConcurrentLinkedQueue<Value.Obj> told = new ConcurrentLinkedQueue<>();
        try (Connection connection = stage.source.connect()) {
            connection
                    .createDispatcher(m -> {
                        Value.Obj body = (Value.Obj) new JacksonJson().read(m.getData());
                        told.add(body.with("subject", Value.text(m.getSubject())));
                    })
                    .subscribe("advisories.>");
            connection.flush(Duration.ofSeconds(5));
            stage.publish(1, 1);
            stage.start("""
                        inspect_field: sender
                        inspect_duration: 1m
                        warn_duration: 1s
                        advisory: {subject: advisories.%s.%v}
                    """);
            stage.until(() -> told.size() == 1);
            stage.tasks.sleep(Duration.ofMillis(1_500));
            stage.publish(1, 1);
            stage.until(() -> told.stream().anyMatch(o -> event(o).equals("recover")));
        }
        assertEquals("new", event(told.element()));
        Value.Obj back = told.stream()
                .filter(o -> event(o).equals("recover"))
                .findFirst()
                .orElseThrow();
        assertEquals("advisories.recover.host1", back.text("subject").orElseThrow());
        assertEquals("host1", back.text("value").orElseThrow());
        assertEquals("GINKGO", back.text("replicator").orElseThrow());
    }

    private static String event(Value.Obj advisory) {
        return advisory.text("event").orElseThrow();
    }

    @Test
    void hb04BeatsCarryTheirHeaders() throws Exception {
        stage = ReplicateStage.servers(directory, "");
        ReplicateStage.makeStream(stage.target, "TEST", "heartbeat", -1);
        stage.run("""
                name: GINKGO
                heartbeats:
                  url: nats://127.0.0.1:%d
                  interval: 500ms
                  headers: {test1: value1}
                  subjects: [{subject: heartbeat, headers: {test2: value2}}]
                """.formatted(stage.target.port()));
        try (Connection connection = stage.target.connect()) {
            stage.until(() -> connection
                            .jetStreamManagement()
                            .getStreamInfo("TEST")
                            .getStreamState()
                            .getMsgCount()
                    > 0);
            MessageInfo beat = connection.jetStreamManagement().getMessage("TEST", 1);
            assertEquals("heartbeat", beat.getSubject());
            long seconds = Long.parseLong(new String(beat.getData(), StandardCharsets.UTF_8));
            assertTrue(Math.abs(seconds - beat.getTime().toEpochSecond()) <= 2);
            assertEquals("test_host", beat.getHeaders().getFirst("Choria-SR-Originator"));
            assertEquals("heartbeat", beat.getHeaders().getFirst("Choria-SR-Subject"));
            assertEquals("value1", beat.getHeaders().getFirst("test1"));
            assertEquals("value2", beat.getHeaders().getFirst("test2"));
        }
    }
}
