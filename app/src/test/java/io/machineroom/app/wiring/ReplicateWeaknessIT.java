package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weaknesses of the original's replicator, section 11 of the specification of streams, between real nats-servers. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateWeaknessIT {
    @TempDir
    private Path directory;

    private ReplicateStage stage;

    @BeforeEach
    void servers() throws Exception {
        stage = ReplicateStage.servers(directory, "");
    }

    @AfterEach
    void end() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    private void run(String more) {
        stage.run("""
                name: GINKGO
                streams:
                  - stream: KV_CONFIG
                    source_url: nats://127.0.0.1:%d
                    target_url: nats://127.0.0.1:%d
                    target_subject_remove: eu
                """.formatted(stage.source.port(), stage.target.port()) + more);
    }

    private static KeyValue make(Connection connection) throws Exception {
        connection
                .keyValueManagement()
                .create(KeyValueConfiguration.builder().name("CONFIG").build());
        return connection.keyValue("CONFIG");
    }

    private static Set<String> keys(KeyValue bucket) throws Exception {
        return new TreeSet<>(bucket.keys());
    }

    @Test
    void w22KeysThatVanishedWithoutATraceGoAndThoseOfOthersStay() throws Exception {
        try (Connection source = stage.source.connect();
                Connection target = stage.target.connect()) {
            KeyValue from = make(source);
            KeyValue to = make(target);
            to.put("ours", "of the target");
            for (String key : Set.of("eu.machines", "eu.gone", "eu.taken", "eu.deleted")) {
                from.put(key, key);
            }
            run("");
            stage.until(() -> keys(to).equals(Set.of("machines", "gone", "taken", "deleted", "ours")));
            stage.stop();
            // neither leaves a message, and the one value is meanwhile somebody else's
            for (String key : Set.of("eu.gone", "eu.taken")) {
                from.delete(key);
            }
            source.jetStreamManagement()
                    .purgeStream("KV_CONFIG", io.nats.client.PurgeOptions.subject("$KV.CONFIG.eu.gone"));
            source.jetStreamManagement()
                    .purgeStream("KV_CONFIG", io.nats.client.PurgeOptions.subject("$KV.CONFIG.eu.taken"));
            to.put("taken", "by the target");
            from.delete("eu.deleted");
            run("");
            stage.until(() -> keys(to).equals(Set.of("machines", "taken", "ours")));
            from.put("eu.gone", "back");
            stage.until(() -> keys(to).contains("gone"));
            assertEquals("back", to.get("gone").getValueAsString());
            assertTrue(
                    stage.meter.render().contains("choria_stream_replicator_replicator_removed_keys"),
                    stage.meter::render);
        }
    }

    @Test
    void w22AnArchiveKeepsThem() throws Exception {
        try (Connection source = stage.source.connect();
                Connection target = stage.target.connect()) {
            KeyValue from = make(source);
            KeyValue to = make(target);
            from.put("eu.machines", "x");
            run("    keep_vanished: true\n");
            stage.until(() -> keys(to).contains("machines"));
            stage.stop();
            source.keyValueManagement().delete("CONFIG");
            make(source).put("eu.other", "y");
            run("    keep_vanished: true\n");
            stage.until(() -> keys(to).contains("other"));
            assertTrue(keys(to).contains("machines"));
            stage.stop();
            run("");
            stage.until(() -> !keys(to).contains("machines"));
            assertFalse(keys(to).isEmpty(), "what is still at the source stays");
        }
    }
}
