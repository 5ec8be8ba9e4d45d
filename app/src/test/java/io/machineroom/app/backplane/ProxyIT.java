package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.ConnectProxy;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent as a process that may leave its network only through a proxy that demands a login; NATS cannot be reached. */
final class ProxyIT extends BackplaneStage {
    private static final String PASSWORD = "pa:ss-w0rd";

    private final ConnectProxy proxy = new ConnectProxy("site", PASSWORD);
    private final List<AgentProcess> started = new ArrayList<>();

    @AfterEach
    void stopAgents() throws InterruptedException {
        for (AgentProcess agent : started) {
            agent.end();
        }
        proxy.close();
    }

    private AgentProcess agent(Path home) throws IOException {
        AgentProcess agent = new AgentProcess(
                backplane,
                home,
                "proxied1",
                "",
                "link.https_proxy = http://127.0.0.1:" + proxy.port(),
                "link.https_proxy_credentials = proxy.login");
        started.add(agent);
        return agent;
    }

    private static void login(Path home, String password) throws IOException {
        Path file = Files.writeString(home.resolve("proxy.login"), "site:" + password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private boolean stored(String word) {
        return events("proxied1").stream().anyMatch(e -> e.toString().contains(word));
    }

    private List<Value.Obj> events(String node) {
        return backplane.documents(
                "events", "--state", backplane.state.toString(), "--json", "--customer", "acme", "--node", node);
    }

    @Test
    @Timeout(300)
    void enrolmentEventsDesiredStateAndArtifactsAllGoThroughIt() throws Exception {
        backplane.stop();
        backplane.start("--advertise", "tls://127.0.0.1:9");
        Path home = directory.resolve("node");
        AgentProcess agent = agent(home);
        login(home, "wrong");
        agent.start();
        agent.await("the proxy turns it away", () -> proxy.refused() > 0);
        assertEquals(List.of(), proxy.tunnels());
        login(home, PASSWORD);
        agent.await("enrolled", () -> agent.says("mode", "provisioned"));
        new Deployment(backplane, directory).deploy("beater");
        agent.await("the machine's beats are stored", () -> stored("beater"));
        String gateway = "127.0.0.1:" + backplane.gateway().getPort();
        assertTrue(
                proxy.tunnels().stream()
                        .allMatch(t -> t.replace("localhost", "127.0.0.1").equals(gateway)),
                proxy.tunnels().toString());
        for (Path file : List.of(
                home.resolve("agent.log"),
                home.resolve("state").resolve("status.json"),
                home.resolve("state").resolve("metrics.prom"))) {
            assertFalse(
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(PASSWORD), file::toString);
        }
    }
}
