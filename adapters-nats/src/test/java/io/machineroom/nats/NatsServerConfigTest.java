package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NatsServerConfigTest {
    private static String render(int port, String directory) {
        return NatsServerConfig.render(spec(port, directory), NatsServerVersion.OLDEST);
    }

    private static Broker.Spec spec(int port, String directory) {
        Path home = Path.of("/var/lib", directory);
        return new Broker.Spec(
                "0.0.0.0",
                port,
                home,
                home.resolve("server.pem"),
                home.resolve("server.key"),
                "op.jwt",
                List.of(new Broker.Account("AONE", "one.jwt"), new Broker.Account("ATWO", "two.jwt")),
                "AONE",
                Optional.empty());
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

    private static Broker.Membership second(String secret) {
        return new Broker.Membership(
                new BrokerCluster(
                        "acme-plant",
                        2,
                        9224,
                        "route",
                        Secret.of(secret),
                        List.of(
                                new BrokerCluster.Route(1, "one.plant", 9224),
                                new BrokerCluster.Route(2, "two.plant", 9224),
                                new BrokerCluster.Route(3, "fd00::3", 9324))),
                "plant-2",
                Path.of("/var/lib/tls/ca.pem"));
    }

    @Test
    void w37RendersTheClusterWithRoutesToTheOthersOnly() {
        String text = NatsServerConfig.render(spec(9222, "mr").within(second("a\"b c")), NatsServerVersion.OLDEST);
        for (String line : List.of(
                "server_name: \"plant-2\"\n",
                "  name: \"acme-plant\"\n",
                "  host: \"0.0.0.0\"\n  port: 9224\n",
                "    user: \"route\"\n    password: \"a\\\"b c\"\n",
                "    cert_file: \"/var/lib/mr/server.pem\"\n    key_file: \"/var/lib/mr/server.key\"\n",
                "    ca_file: \"/var/lib/tls/ca.pem\"\n    verify: true\n",
                "    \"nats-route://route:a%22b%20c@one.plant:9224\"\n",
                "    \"nats-route://route:a%22b%20c@[fd00::3]:9324\"\n",
                "store_dir: \"/var/lib/mr/store-plant-2\"")) {
            assertTrue(text.contains(line), line + " in\n" + text);
        }
        assertFalse(text.contains("@two.plant"), "no route to itself");
    }

    @Test
    void w37OneAloneHasNoClusterAndItsStoreOfBefore() {
        String text = render(9222, "mr");
        assertFalse(text.contains("cluster"), text);
        assertTrue(text.contains("server_name: \"machine-room\"\n"), text);
        assertTrue(text.contains("store_dir: \"/var/lib/mr/store\"\n"), text);
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
