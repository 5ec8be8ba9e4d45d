package io.machineroom.nats;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority.UserGrant;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A real nats-server with two customers, as a backplane runs it; in a directory of its own, on a free port. */
final class TestSaas {
    static final KeyRole OPERATOR = new KeyRole("operator", KeyRole.Form.NKEY_OPERATOR);
    static final KeyRole SYSTEM = new KeyRole("account-system", KeyRole.Form.NKEY_ACCOUNT);
    static final KeyRole ACME = new KeyRole("account-acme", KeyRole.Form.NKEY_ACCOUNT);
    static final KeyRole GLOBEX = new KeyRole("account-globex", KeyRole.Form.NKEY_ACCOUNT);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Enough on a busy machine; who is not let in is told only at its end. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    final SimKeyring keys = new SimKeyring(new SimEntropy(11));
    final NatsAuthority authority = new NatsAuthority(new SimJson(), new WallTime());
    final NatsServerBroker broker =
            new NatsServerBroker(new TestProcesses(), new SimJson(), NatsServerBroker.usualPlaces());
    final Path directory;
    final TestCertificates certificates;
    final String pin;
    private Broker.Running running;
    private final List<Link> links = new ArrayList<>();

    private TestSaas(Path directory) throws InterruptedException {
        this.directory = directory;
        certificates = TestCertificates.shared();
        pin = certificates.pinOf("server");
        for (KeyRole role : List.of(OPERATOR, SYSTEM, ACME, GLOBEX)) {
            keys.ensure(role);
        }
        running = broker.start(spec(0), PATIENCE);
    }

    /** Starts one; without nats-server the test is aborted, or fails where the environment says CI. */
    static TestSaas start() throws InterruptedException {
        needsServer();
        try {
            return new TestSaas(Files.createTempDirectory("mr-nats"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void needsServer() {
        String missing =
                new NatsServerBroker(new TestProcesses(), new SimJson(), NatsServerBroker.usualPlaces()).missing();
        if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
            Assertions.fail(missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), missing);
    }

    Broker.Spec spec(int port) {
        String system = nkey(SYSTEM);
        return new Broker.Spec(
                "127.0.0.1",
                port,
                directory.resolve("broker"),
                certificates.chain("server"),
                certificates.key("server"),
                authority.operator(keys, OPERATOR, "vendor", system),
                List.of(
                        new Broker.Account(system, authority.account(keys, OPERATOR, system, "SYS", false, 0)),
                        account(ACME, "acme"),
                        account(GLOBEX, "globex")),
                system,
                Optional.empty());
    }

    private Broker.Account account(KeyRole role, String name) {
        return new Broker.Account(nkey(role), authority.account(keys, OPERATOR, nkey(role), name, true, 200_000_000));
    }

    String nkey(KeyRole role) {
        return keys.publicNkey(role).orElseThrow();
    }

    Broker.Running running() {
        return running;
    }

    URI url() {
        return running.url();
    }

    /** Pulls the plug and starts again on the same store and port. */
    void killAndRestart() throws InterruptedException {
        int port = url().getPort();
        ProcessHandle handle = ProcessHandle.of(running.pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
        running = broker.start(spec(port), PATIENCE);
    }

    void stop() throws InterruptedException {
        running.stop(PATIENCE);
    }

    NatsTransport transport() {
        return new NatsTransport(keys, certificates, new SimJson(), Duration.ofSeconds(2));
    }

    TrustPolicy trust() {
        return new TrustPolicy(List.of(pin), 0);
    }

    KeyRole nodeKey(String name) {
        KeyRole role = new KeyRole("node-" + name, KeyRole.Form.NKEY_USER);
        keys.ensure(role);
        return role;
    }

    /** As a node of a customer. */
    Endpoint node(KeyRole account, String name) {
        String nkey = nkey(nodeKey(name));
        String jwt = authority.user(keys, account, authority.nodeGrant(nkey, name, null));
        return endpoint(
                name, new Endpoint.Credentials.Node(name, nkey, Secret.of(jwt), nodeKey(name), KeyRole.IDENTITY));
    }

    /** As the backplane in a customer's account. */
    Endpoint backplane(KeyRole account) {
        KeyRole role = nodeKey("backplane-" + account.name());
        String jwt =
                authority.user(keys, account, new UserGrant(nkey(role), "backplane", List.of(">"), List.of(">"), null));
        return endpoint("backplane", new Endpoint.Credentials.NatsUser(Secret.of(jwt), role));
    }

    Endpoint endpoint(String name, Endpoint.Credentials credentials) {
        return new Endpoint(List.of(url()), trust(), credentials, name, CONNECT);
    }

    /** A connection of the client library as the backplane of a customer, to look behind the adapter. */
    Connection raw(KeyRole account) throws InterruptedException {
        return raw(account, url());
    }

    Connection raw(KeyRole account, URI server) throws InterruptedException {
        KeyRole role = nodeKey("raw-" + account.name());
        String jwt = authority.user(keys, account, new UserGrant(nkey(role), "raw", List.of(">"), List.of(">"), null));
        byte[] creds = authority.credentials(jwt, keys.seedForCredentials(role));
        try {
            return Nats.connect(new Options.Builder()
                    .server(server.toString())
                    .sslContext(certificates.client(trust()))
                    .authHandler(Nats.staticCredentials(creds))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void flush(Connection connection) throws InterruptedException {
        try {
            connection.flush(PATIENCE);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A link that is closed with this. */
    Link connect(Endpoint endpoint) throws InterruptedException {
        Link link = transport().connect(endpoint);
        links.add(link);
        return link;
    }

    static StreamSpec intakeSpec(long maxBytes) {
        return new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>"), Subject.of("mu.>")),
                StreamSpec.Retention.WORK_QUEUE,
                maxBytes,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }

    void close() throws InterruptedException {
        links.forEach(Link::close);
        running.stop(PATIENCE);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The clocks of this machine. */
    private static final class WallTime implements TimeSource {
        @Override
        public Instant wall() {
            return Instant.now();
        }

        @Override
        public long ticks() {
            return System.nanoTime();
        }
    }
}
