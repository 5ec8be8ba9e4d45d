package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;

/** A backplane with sites; abstract because it holds no test. */
abstract class SiteStage extends BackplaneStage {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<AgentProcess> agents = new ArrayList<>();

    @AfterEach
    final void stopAgents() throws InterruptedException {
        for (AgentProcess agent : agents) {
            agent.end();
        }
    }

    /** An agent of site plant as a process, started; it ends with the test. */
    final AgentProcess agent(String identity, String... more) throws Exception {
        AgentProcess agent = new AgentProcess(backplane, directory.resolve(identity), identity, "plant", more);
        agents.add(agent);
        agent.start();
        return agent;
    }

    final String[] site(String... more) {
        List<String> args = new ArrayList<>(List.of("site"));
        args.addAll(List.of(more));
        args.addAll(List.of("--state", backplane.state.toString()));
        return args.toArray(String[]::new);
    }

    final void add(String customer, String name, String leader, int port) {
        add(customer, name, leader, "127.0.0.1", port);
    }

    final void add(String customer, String name, String leader, String host, int port) {
        backplane.command(site(
                "add",
                customer,
                name,
                "--leader",
                leader,
                "--host",
                host,
                "--port",
                Integer.toString(port),
                "--gateway-port",
                Integer.toString(port == 65_535 ? 1_024 : port + 1),
                "--offline",
                backplane.offline.toString()));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static String setting(TestNode node, String key) {
        return node.answer().obj("configuration").flatMap(c -> c.text(key)).orElse("absent");
    }

    final List<Value.Obj> stored(String node) {
        return backplane.documents(
                "events", "--state", backplane.state.toString(), "--json", "--customer", "acme", "--node", node);
    }

    final long beats(String node) {
        return stored(node).stream()
                .filter(e -> e.toString().contains("beater"))
                .count();
    }

    /** Each run of numbers is without gap, repetition and step back; what was given up on purpose is there as a void. */
    final void assertOnceAndInOrder(String node) {
        Map<String, Long> last = new LinkedHashMap<>();
        List<Value.Obj> all = stored(node);
        for (Value.Obj event : all) {
            String run =
                    event.text("epoch").orElseThrow() + " " + event.text("lane").orElseThrow();
            long from = event.whole("number").or(() -> event.whole("from")).orElseThrow();
            assertEquals(last.getOrDefault(run, 0L) + 1, from, () -> node + ": " + event);
            last.put(run, event.whole("through").orElse(from));
        }
        List<String> ids = all.stream().flatMap(e -> e.text("id").stream()).toList();
        assertEquals(ids.size(), new TreeSet<>(ids).size(), node);
        assertTrue(ids.size() > 5, node + " has only " + ids.size());
    }

    /** The broker of a site, made of the leader's answer and of nothing else. */
    final Broker.Running broker(TestNode leader) throws IOException, InterruptedException {
        Path tls = directory.resolve("leader-tls");
        String request = leader.graph().certificates().request(tls, leader.identity);
        Value.Obj answer = leader.inSession("/v1/site/certificate", Value.obj("request", Value.text(request)));
        leader.graph().certificates().install(tls, answer.text("chain").orElseThrow());
        assertTrue(answer.whole("expires").orElseThrow()
                > Instant.now().plus(Duration.ofDays(89)).getEpochSecond());
        Value.Obj told = leader.answer().obj("site_broker").orElseThrow();
        List<Broker.Account> accounts = told.list("accounts").stream()
                .map(Value.Obj.class::cast)
                .map(a -> new Broker.Account(
                        a.text("nkey").orElseThrow(), a.text("jwt").orElseThrow()))
                .toList();
        Broker.Spec spec = new Broker.Spec(
                "127.0.0.1",
                Math.toIntExact(told.whole("port").orElseThrow()),
                directory.resolve("leader-nats"),
                tls.resolve("server.pem"),
                tls.resolve("server.key"),
                told.text("operator_jwt").orElseThrow(),
                accounts,
                told.text("system_account").orElseThrow(),
                Optional.empty());
        return leader.graph().doors().broker().start(spec, PATIENCE);
    }
}
