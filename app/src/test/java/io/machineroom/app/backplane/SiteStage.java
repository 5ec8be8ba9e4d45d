package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A backplane with sites; abstract because it holds no test. */
abstract class SiteStage extends BackplaneStage {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final String[] site(String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("site"));
        args.addAll(List.of(more));
        args.addAll(List.of("--state", backplane.state.toString()));
        return args.toArray(String[]::new);
    }

    final void add(String customer, String name, String leader, int port) {
        backplane.command(site(
                "add",
                customer,
                name,
                "--leader",
                leader,
                "--host",
                "127.0.0.1",
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
                told.text("system_account").orElseThrow());
        return leader.graph().doors().broker().start(spec, PATIENCE);
    }
}
