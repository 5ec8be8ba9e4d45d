package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.host.LocalFileTree;
import io.nats.client.Connection;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replicator between two real nats-servers that are killed under it. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateIT {
    @TempDir
    private Path directory;

    private ReplicateStage stage;

    @BeforeEach
    void servers() throws Exception {
        stage = ReplicateStage.open(directory);
    }

    @AfterEach
    void end() throws Exception {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void src03CopiesAThousandInOrder() throws Exception {
        stage.publish(1, 1_000);
        stage.start("");
        stage.until(() -> stage.held() >= 1_000);
        assertEquals(ReplicateStage.upTo(1_000), stage.numbers());
        assertTrue(
                stage.meter.render().contains("choria_stream_replicator_replicator_copied_messages{"),
                stage.meter::render);
    }

    @Test
    void killsAndRestartsLoseNothingRepeatNothingAndKeepTheOrder() throws Exception {
        stage.publish(1, 2_000);
        stage.start("");
        stage.until(() -> stage.held() >= 300);
        stage.target.kill();
        stage.publish(2_001, 2_500);
        stage.target.start();
        stage.until(() -> stage.held() >= 1_000);
        stage.stop();
        stage.start("");
        stage.publish(2_501, 3_000);
        stage.source.kill();
        stage.source.start();
        stage.until(() -> stage.held() >= 3_000);
        stage.stop();
        assertEquals(ReplicateStage.upTo(3_000), stage.numbers());
    }

    @Test
    void w48AndW06ARecreatedStreamAndOneThatIsTooLarge() throws Exception {
        stage.publish(1, 10);
        stage.start("");
        stage.until(() -> stage.held() >= 10);
        try (Connection connection = stage.source.connect()) {
            connection.jetStreamManagement().deleteStream("TEST");
        }
        ReplicateStage.makeStream(stage.source, "TEST", "TEST", -1);
        try (Connection connection = stage.source.connect()) {
            connection.jetStream().publish("TEST", new byte[600]);
        }
        stage.publish(2, 5);
        stage.until(() -> stage.held() >= 14);
        assertEquals(List.of(2L, 3L, 4L, 5L), stage.numbers().subList(10, 14));
        // the rest of its window is stored before the refusal is looked at and its evidence is on the disk
        stage.until(() -> stage.replicator.states().getFirst().parked() == 1);
        assertEquals(
                1,
                new LocalFileTree(stage.directory.resolve("state"))
                        .walk("parked")
                        .size());
    }

    @Test
    void tgt01GoesOnAfterItsConsumerIsDeleted() throws Exception {
        stage.publish(1, 500);
        stage.start("    name: TR\n    filter_subject: TEST\n    target_initiated: true\n");
        stage.until(() -> stage.held() >= 500);
        try (Connection connection = stage.source.connect()) {
            connection.jetStreamManagement().deleteConsumer("TEST", "SR_TR");
        }
        stage.publish(1, 500);
        stage.until(() -> stage.held() >= 1_000);
        assertEquals(ReplicateStage.upTo(1_000), stage.numbers());
    }
}
