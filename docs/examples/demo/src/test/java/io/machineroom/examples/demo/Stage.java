package io.machineroom.examples.demo;

import io.machineroom.app.codec.JacksonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What an end-to-end test plays on: the packaged product, a backplane, nodes; all stopped at the end. */
final class Stage implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(90);

    private final Workshop shop;
    private final Saas saas;
    private final List<Node> nodes = new ArrayList<>();

    private Stage(Workshop shop, Saas saas) {
        this.shop = shop;
        this.saas = saas;
    }

    /** A stage with a running backplane and its nats-server. */
    static Stage open(Path directory) throws Exception {
        requireNats();
        return open(workshop(directory), true);
    }

    /** A stage without NATS, whose agents are those of the example that has no NATS adapter. */
    static Stage withoutNats(Path directory) throws Exception {
        Workshop like = workshop(directory);
        Path agent = examples().resolve("https-agent/target/https-agent.jar");
        return open(new Workshop(directory, like.distribution(), agent, like.json()), false);
    }

    /** A stage whose agents are started from another copy of the example's jar. */
    static Stage withAgent(Path directory, Path agent) throws Exception {
        requireNats();
        Workshop like = workshop(directory);
        return open(new Workshop(directory, like.distribution(), agent, like.json()), true);
    }

    /** Where the example agents are. */
    static Path examples() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    private static Stage open(Workshop shop, boolean nats) throws Exception {
        Saas saas = new Saas(shop, nats);
        Stage stage = new Stage(shop, saas);
        saas.awaitUp();
        return stage;
    }

    static Workshop workshop(Path directory) {
        Path root = Path.of("..", "..", "..").toAbsolutePath().normalize();
        Path dist = newest(root.resolve("app/target/dist"));
        Path agent = root.resolve("docs/examples/vendor-agent/target/vendor-agent.jar");
        return new Workshop(directory, dist, agent, new JacksonJson());
    }

    private static Path newest(Path folder) {
        try (var list = Files.list(folder)) {
            return list.filter(Files::isDirectory).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new AssertionError("package app first: " + folder + " is missing", e);
        }
    }

    /** In CI a missing nats-server is a failure; elsewhere the test says so and ends. */
    static void requireNats() {
        boolean there = List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nats-server")));
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(there, "nats-server is not on the path");
        }
        Assumptions.assumeTrue(there, "nats-server is not on the path");
    }

    Workshop shop() {
        return shop;
    }

    Saas saas() {
        return saas;
    }

    /** A node with a token, not started. */
    Node node(String name, Map<String, String> settings) throws IOException, InterruptedException {
        Node node = new Node(shop, saas, name, settings);
        saas.token(node.token());
        nodes.add(node);
        return node;
    }

    /** A node that is enrolled and linked over NATS. */
    Node enrolled(String name, Map<String, String> settings) throws Exception {
        Node node = node(name, settings);
        node.start();
        Workshop.await(name + " is provisioned", SOON, () -> node.mode().equals("provisioned"));
        Workshop.await(name + " is linked", SOON, () -> node.link().equals("nats"));
        return node;
    }

    /** The books of one node once everything it accepted is stored and the agent has stopped. */
    Books settled(Node node) throws Exception {
        node.silence();
        Workshop.await("all events are stored", SOON, () -> node.waiting() >= 0 && node.waiting() < 20);
        awaitDelivered(node);
        Assertions.assertTrue(node.stop(), "the agent did not stop within 20 s of SIGTERM");
        return books(node);
    }

    /** Waits until a silenced node accepts no more and the SaaS shows all of it; what is lost shows in the books. */
    void awaitDelivered(Node node) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        Books before = books(node);
        Books now = books(node);
        while ((now.lost() > 0 || now.accepted() > before.accepted()) && System.nanoTime() - end < 0) {
            before = now;
            now = books(node);
        }
    }

    private Books books(Node node) throws IOException, InterruptedException {
        List<String> accepted = node.lines(".accepted");
        return Books.compare(shop, saas.everything(), accepted, node.lines(".planned"));
    }

    @Override
    public void close() throws IOException {
        try {
            for (Node node : nodes) {
                if (node.alive()) {
                    node.kill();
                }
                node.endService();
            }
            Assertions.assertTrue(saas.stop(), "the backplane did not stop within 20 s of SIGTERM");
            leaveNobody();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever still works on this stage is stopped, and that it was there is a failure. */
    private void leaveNobody() {
        List<ProcessHandle> left = shop.leftovers();
        List<String> names =
                left.stream().map(p -> p.info().commandLine().orElse("")).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        Assertions.assertEquals(List.of(), names, "processes are left behind");
    }
}
