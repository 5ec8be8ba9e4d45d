package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No secret leaves: everything that the product prints, writes for others or sends is searched for each of them. */
class CanaryIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void secretsAppearInNoOutput() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("canary1", Map.of("log.level", "debug", "event.encoding", "json"));
            Scenes.deployTicker(stage, node, 5);
            Workshop.await(
                    "an inventory is stored",
                    Stage.SOON,
                    () -> Files.readString(stage.saas().everything()).contains("io.machineroom.registration.v1"));
            String status = node.run("status", "--config", node.config().toString());
            String facts = node.run("facts", "--config", node.config().toString(), "--print");
            assertTrue(facts.contains("machine_room"), facts);
            String nodes = stage.shop()
                    .run(stage.shop()
                            .backplane("nodes", "--state", stage.saas().state().toString(), "--json"));
            stage.settled(node);
            Map<String, String> outputs = new LinkedHashMap<>();
            outputs.put("status", status);
            outputs.put("facts", facts);
            outputs.put("nodes", nodes);
            for (Path file : List.of(
                    node.log(),
                    directory.resolve("backplane.log"),
                    directory.resolve("commands.log"),
                    directory.resolve("events.jsonl"),
                    node.home().resolve("instance.json"),
                    node.home().resolve("state/status.json"),
                    node.home().resolve("state/metrics.prom"))) {
                outputs.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            Map<String, String> secrets = secrets(stage, node);
            assertTrue(secrets.size() >= 8, secrets.keySet()::toString);
            List<String> leaks = new ArrayList<>();
            outputs.forEach((where, text) -> secrets.forEach((what, secret) -> {
                if (text.contains(secret)) {
                    leaks.add(what + " in " + where);
                }
            }));
            assertEquals(List.of(), leaks);
        }
    }

    private static Map<String, String> secrets(Stage stage, Node node) throws IOException {
        Map<String, String> out = new LinkedHashMap<>();
        String token = Files.readString(node.token()).strip();
        out.put("provisioning token", token.substring(token.lastIndexOf('.') + 1));
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        stage.shop().object(claims).text("cht").ifPresent(cht -> out.put("cht", cht));
        out.put(
                "identity seed",
                Files.readString(node.home().resolve("server.seed")).strip());
        out.put("NATS seed", Files.readString(node.home().resolve("nats.nkey")).strip());
        String server = Files.readString(node.home().resolve("server.jwt")).strip();
        out.put("server token", server.substring(server.lastIndexOf('.') + 1));
        Value.Obj enrolment = stage.shop().object(Files.readString(node.home().resolve("enrolment.json")));
        String nats = find(enrolment, "nats_jwt");
        out.put("NATS user token", nats.substring(nats.lastIndexOf('.') + 1));
        try (var keys = Files.list(stage.saas().state().resolve("keys"))) {
            for (Path key : keys.filter(Files::isRegularFile).toList()) {
                out.put("backplane " + key.getFileName(), Files.readString(key).strip());
            }
        }
        return out;
    }

    private static String find(Value.Obj in, String key) {
        return in.text(key)
                .orElseGet(() -> in.fields().values().stream()
                        .filter(v -> v instanceof Value.Obj)
                        .map(v -> find((Value.Obj) v, key))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse(""));
    }
}
