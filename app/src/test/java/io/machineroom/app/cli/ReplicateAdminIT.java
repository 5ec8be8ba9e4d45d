package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.wiring.DaggerAgentComponent;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code replicate status} and {@code replicate admin} with a real nats-server. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateAdminIT extends NatsCommands {
    private static void stream(Connection connection, String name, String subject) throws Exception {
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(name)
                        .subjects(subject)
                        .build());
    }

    @Test
    void statusTellsWhereACopyStandsWithoutAReplicator() throws Exception {
        Path state = Files.createDirectory(folder.resolve("state"));
        Path config = Files.writeString(folder.resolve("r.yaml"), """
                name: GINKGO
                state_store: %s
                streams:
                  - {stream: TEST, source_url: "%s", target_url: "%s"}
                  - {stream: ABSENT, source_url: "%s", target_url: "%s"}
                """.formatted(state, url, url, url, url));
        try (Connection connection = Nats.connect(url)) {
            stream(connection, "TEST", "test");
            for (int i = 0; i < 5; i++) {
                connection.jetStream().publish("test", new byte[1]);
            }
            Said before = say("replicate", "status", "--config", config.toString());
            assertEquals(ExitCodes.UNAVAILABLE, before.exit());
            List<String> lines = before.out().lines().toList();
            assertEquals("TEST as GINKGO: no place is known of 5, 0 parked", lines.getFirst());
            assertTrue(lines.getLast().contains("copy.no-stream"), before.out());
            String created = connection
                    .jetStreamManagement()
                    .getStreamInfo("TEST")
                    .getCreateTime()
                    .toInstant()
                    .toString();
            Files.createDirectory(state.resolve("checkpoints"));
            Files.writeString(
                    state.resolve("checkpoints").resolve("GINKGO_TEST_GINKGO.json"),
                    "{\"stream_created\":\"" + created + "\",\"sequence\":3}");
        }
        String after = say("replicate", "status", "--config", config.toString(), "--json")
                .out();
        assertTrue(after.contains("\"sequence\":3") && after.contains("\"lag\":2"), after);
    }

    @Test
    void adminShowsAdvisoriesAndGossip() throws Exception {
        StringWriter heard = new StringWriter();
        try (Connection connection = Nats.connect(url)) {
            stream(connection, "ADVISORIES", "advisories.>");
            for (String value : List.of("one", "two")) {
                connection
                        .jetStream()
                        .publish(
                                "advisories.new." + value,
                                ("{\"protocol\":\"io.choria.sr.v2.age_advisory\",\"event\":\"new\",\"value\":\"" + value
                                                + "\",\"age\":7,\"timestamp\":1700000000,\"replicator\":\"GINKGO\"}")
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            connection.jetStream().publish("advisories.other", new byte[] {1});
            String[] all = {"replicate", "admin", "advisories", "--nats", url, "ADVISORIES"};
            assertEquals(
                    List.of(
                            "2023-11-14T22:13:20Z new one, seen 7 s before, by GINKGO",
                            "2023-11-14T22:13:20Z new two, seen 7 s before, by GINKGO"),
                    good(say(all)).out().lines().toList());
            Said one = good(say("replicate", "admin", "advisories", "--nats", url, "ADVISORIES", "two", "--json"));
            assertEquals(1, one.out().lines().count());
            assertTrue(one.out().contains("\"value\":\"two\""), one.out());
            CommandLine line =
                    new CommandLines(OPTIONS, List.of(), DaggerAgentComponent.factory()::create).commandLine();
            line.setOut(new PrintWriter(heard));
            CompletableFuture<Integer> ended = new CompletableFuture<>();
            Thread listening = Thread.ofVirtual()
                    .start(() -> ended.complete(line.execute("replicate", "admin", "gossip", "--nats", url)));
            until(() -> {
                connection.publish(
                        "choria.stream-replicator.sync.TEST.GINKGO",
                        "{\"value\":\"host1\",\"seen\":\"2026-01-01T00:00:00Z\",\"size\":3}"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return heard.toString().contains("TEST.GINKGO host1: seen 2026-01-01T00:00:00Z");
            });
            listening.interrupt();
            listening.join();
        }
    }
}
