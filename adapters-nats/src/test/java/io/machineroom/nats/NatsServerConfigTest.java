package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NatsServerConfigTest {
    private static String render(int port, String directory) {
        Path home = Path.of("/var/lib", directory);
        return NatsServerConfig.render(
                new Broker.Spec(
                        "0.0.0.0",
                        port,
                        home,
                        home.resolve("server.pem"),
                        home.resolve("server.key"),
                        "op.jwt",
                        List.of(new Broker.Account("AONE", "one.jwt"), new Broker.Account("ATWO", "two.jwt")),
                        "AONE"),
                NatsServerVersion.OLDEST);
    }

    @Test
    void rendersAllThatOperatorModeNeeds() {
        String text = render(4222, "mr");
        for (String line : List.of(
                "port: 4222\n",
                "cert_file: \"/var/lib/mr/server.pem\"",
                "store_dir: \"/var/lib/mr/store\"",
                "max_payload: 2097152",
                "operator: \"op.jwt\"",
                "  type: full\n",
                "  dir: \"/var/lib/mr/accounts\"",
                "AONE: \"one.jwt\"",
                "ATWO: \"two.jwt\"",
                "system_account: \"AONE\"")) {
            assertTrue(text.contains(line), line + " in\n" + text);
        }
    }

    @Test
    void letsTheServerChooseAPort() {
        assertTrue(render(0, "mr").contains("port: -1\n"));
    }

    @Test
    void quotesOddPathsAndRefusesControlCharacters() {
        assertTrue(render(1, "a \"b\" \\c").contains("store_dir: \"/var/lib/a \\\"b\\\" \\\\c/store\""));
        assertThrows(IllegalArgumentException.class, () -> render(1, "a\nb"));
    }
}
