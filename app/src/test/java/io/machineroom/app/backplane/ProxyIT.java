package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.MachineRoom;
import io.machineroom.ports.contract.ConnectProxy;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent as a process that may leave its network only through a proxy that demands a login; NATS cannot be reached. */
final class ProxyIT extends BackplaneStage {
    private static final String PASSWORD = "pa:ss-w0rd";

    private final ConnectProxy proxy = new ConnectProxy("site", PASSWORD);
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stopAgents() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        proxy.close();
    }

    private Path home(String password) throws IOException {
        Path home = Files.createDirectory(directory.resolve("node"));
        Value.Obj about =
                (Value.Obj) backplane.json.read(Files.readAllBytes(backplane.state.resolve("backplane.json")));
        Files.writeString(home.resolve("agent.cfg"), """
                identity = proxied1
                vendor.issuer_key = %s
                vendor.signing_key = %s
                link.https_proxy = http://127.0.0.1:%d
                link.https_proxy_credentials = proxy.login
                link.failover_after = 1s
                alive.interval = 1s
                status.interval = 1s
                machines.scan_interval = 500ms
                machines.poll_interval = 2s
                plugins.splay = 0s
                """.formatted(
                        about.text("organisation").orElseThrow(),
                        about.text("machine_signer").orElseThrow(),
                        proxy.port()));
        login(home, password);
        Files.writeString(home.resolve("provisioning.jwt"), backplane.command(offline("token", "--print")));
        return home;
    }

    private static void login(Path home, String password) throws IOException {
        Path file = Files.writeString(home.resolve("proxy.login"), "site:" + password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private String[] offline(String command, String... more) {
        List<String> all = new ArrayList<>(List.of(
                command,
                "--state",
                backplane.state.toString(),
                "--offline",
                backplane.offline.toString(),
                "--customer",
                "acme"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private void run(Path home) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "dist", "jvm", "access.options").toAbsolutePath(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                MachineRoom.class.getName(),
                "run",
                "--config",
                home.resolve("agent.cfg").toString()));
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("agent.log").toFile())
                .start());
    }

    private static void await(String what, Path home, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, what + ", log: " + Files.readString(home.resolve("agent.log")));
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
        }
    }

    private Value.Obj status(Path home) throws IOException {
        Path file = home.resolve("state").resolve("status.json");
        return Files.exists(file)
                ? ((Value.Obj) backplane.json.read(Files.readAllBytes(file)))
                        .obj("machine_room")
                        .orElse(Value.obj())
                : Value.obj();
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
        Path home = home("wrong");
        run(home);
        await("the proxy turns the agent away", home, () -> proxy.refused() > 0);
        assertEquals(List.of(), proxy.tunnels());
        login(home, PASSWORD);
        await("enrolled", home, () -> status(home).text("mode").equals(Optional.of("provisioned")));
        new Deployment(backplane, directory).deploy("beater");
        await("the machine's beats are stored", home, () -> stored("beater"));
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
