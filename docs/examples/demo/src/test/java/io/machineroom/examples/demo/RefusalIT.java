package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RefusalIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void aGatewayWithAnotherAuthorityEnrolsNobody() throws Exception {
        try (Stage stage = Stage.open(Files.createDirectory(directory.resolve("a")));
                Stage other = Stage.open(Files.createDirectory(directory.resolve("b")))) {
            Node node = stage.node("wrongca1", Map.of());
            // the right token, whose name now leads to somebody else's gateway
            stage.saas().https().redirect(other.saas().port());
            node.start();
            Workshop.await(
                    "the refusal is shown",
                    Stage.SOON,
                    () -> Scenes.rejection(node).contains("link.untrusted"));
            assertEquals("provisioning", node.mode());
        }
    }

    @Test
    @Timeout(300)
    void anExpiredTokenIsRefusedWithItsReasonAndANewOneIsTakenWithoutARestart() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.node("expired1", Map.of());
            Files.delete(node.token());
            stage.saas().token(node.token(), "--valid", "1s");
            Workshop.await(
                    "the token is expired",
                    Stage.SOON,
                    () -> Files.getLastModifiedTime(node.token()).toMillis() + 2_500 < System.currentTimeMillis());
            node.start();
            Workshop.await(
                    "the refusal is shown",
                    Stage.SOON,
                    () -> Scenes.rejection(node).contains("expired"));
            Files.delete(node.token());
            stage.saas().token(node.token());
            Workshop.await(
                    "enrolled with the new token", Stage.SOON, () -> node.mode().equals("provisioned"));
        }
    }
}
