package io.machineroom.examples.demo;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The customer's side: one agent process in a folder, and what an operator can see of it. */
final class Node {
    private static final Map<String, String> QUICK = Map.of(
            "status.interval", "1s",
            "registration.interval", "10s",
            "alive.interval", "15s",
            "machines.scan_interval", "500ms",
            "machines.poll_interval", "2s",
            "plugins.probation", "3s",
            "link.failover_after", "1s",
            "link.probe_interval", "2s",
            "link.stall_after", "5s");

    /** A key and the end of its line, in the ticker's books. */
    private static final int LINE = 37;

    private final Workshop shop;
    private final String name;
    private final Path home;
    private final Path log;
    private final Map<String, String> environment;
    private Instant started = Instant.MAX;
    private @Nullable Program program;

    /**
     * A node in a folder of its own; not started.
     *
     * @param name node identity and folder name
     * @param settings lines of the configuration file that differ from the demonstration's
     */
    Node(Workshop shop, Saas saas, String name, Map<String, String> settings) throws IOException {
        this.shop = shop;
        this.name = name;
        this.home = Files.createDirectories(shop.directory().resolve(name));
        this.log = shop.directory().resolve(name + ".log");
        this.environment = new HashMap<>(shop.environment());
        environment.put("ACME_ISSUER_KEY", saas.publicKey("organisation"));
        environment.put("ACME_SIGNING_KEY", saas.publicKey("machine_signer"));
        Map<String, String> all = new LinkedHashMap<>(QUICK);
        all.put("identity", name);
        all.putAll(settings);
        StringBuilder file = new StringBuilder("# quicker than the defaults, so that nobody has to wait\n");
        all.forEach((key, value) -> file.append(key).append(" = ").append(value).append('\n'));
        Files.writeString(home.resolve("agent.cfg"), file);
    }

    /** Starts the agent with the vendor's jar through the launcher. */
    void start() throws IOException {
        start(shop.agent("run", "--config", config().toString()));
    }

    /** Starts the agent with any command line. */
    void start(List<String> command) throws IOException {
        started = Instant.now();
        program = Program.start("the agent", log, environment, command);
    }

    /** Runs another command of the agent to its end and returns what it printed. */
    String run(String... args) throws IOException, InterruptedException {
        return Program.run(log, environment, shop.agent(args));
    }

    Path config() {
        return home.resolve("agent.cfg");
    }

    Map<String, String> environment() {
        return environment;
    }

    Path token() {
        return home.resolve("provisioning.jwt");
    }

    private Program program() {
        if (program == null) {
            throw new StoryFailed("the agent was not started");
        }
        return program;
    }

    String name() {
        return name;
    }

    Path home() {
        return home;
    }

    Path log() {
        return log;
    }

    Path books() {
        return home.resolve("ticker");
    }

    void kill() throws InterruptedException {
        program().kill();
    }

    long pid() {
        return program().pid();
    }

    boolean alive() {
        return program != null && program.alive();
    }

    boolean stop() throws InterruptedException {
        return program().stop(Duration.ofSeconds(20));
    }

    int exitCode() {
        return program().exitCode();
    }

    void mustLive() {
        if (!program().alive()) {
            throw new StoryFailed(program().trouble());
        }
    }

    /** The part of status.json that is ours; empty while the present process has not written it. */
    Value.Obj status() throws IOException {
        mustLive();
        Path file = home.resolve("state/status.json");
        if (!Files.exists(file) || Files.getLastModifiedTime(file).toInstant().isBefore(started)) {
            return Value.obj();
        }
        try {
            return shop.object(Files.readString(file)).obj("machine_room").orElse(Value.obj());
        } catch (PortException e) {
            throw new StoryFailed("status.json cannot be read: " + e.getMessage());
        }
    }

    /** What this node tells about the site that it leads; empty when it leads none. */
    Value.Obj leads() throws IOException {
        return status().obj("leads").orElse(Value.obj());
    }

    String mode() throws IOException {
        return status().text("mode").orElse("");
    }

    /** nats, https or none. */
    String link() throws IOException {
        return status().obj("link").flatMap(l -> l.text("way")).orElse("none");
    }

    long waiting() throws IOException {
        return status().obj("spool").flatMap(s -> s.whole("records")).orElse(-1L);
    }

    /** Version of a running machine; empty when it does not run. */
    String machine(String name) throws IOException {
        for (Value item : status().list("machines")) {
            if (item instanceof Value.Obj m && m.text("name").orElse("").equals(name)) {
                return m.text("version").orElse("");
            }
        }
        return "";
    }

    String machineState(String name) throws IOException {
        for (Value item : status().list("machines")) {
            if (item instanceof Value.Obj m && m.text("name").orElse("").equals(name)) {
                return m.text("state").orElse("");
            }
        }
        return "";
    }

    /** Process id of the service that the machine keeps alive; 0 when there is none. */
    long servicePid() throws IOException {
        Path file = home.resolve("service.pid");
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file).strip();
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    boolean serviceAnswers() throws IOException {
        Path file = home.resolve("service.port");
        if (!Files.exists(file)) {
            return false;
        }
        String port = Files.readString(file).strip();
        if (port.isEmpty()) {
            return false;
        }
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(12);
            return new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1");
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the ticker's stream of events. */
    void silence() throws IOException {
        Path stop = home.resolve("ticker.stop");
        if (!Files.exists(stop)) {
            Files.createFile(stop);
        }
    }

    /** Lets the ticker go on after {@link #silence}. */
    void speak() throws IOException {
        Files.delete(home.resolve("ticker.stop"));
    }

    /** Ends the service that the machine kept alive, if the process is still that. */
    void endService() throws IOException {
        String folder = home.resolve("www").toString();
        ProcessHandle.of(servicePid())
                .filter(process -> process.info().commandLine().orElse("").contains(folder))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    /** How many events its own books have as accepted, without reading them. */
    long accepted() throws IOException {
        Path file = home.resolve("ticker.accepted");
        return Files.exists(file) ? Files.size(file) / LINE : 0;
    }

    List<String> lines(String suffix) throws IOException {
        Path file = home.resolve("ticker" + suffix);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
