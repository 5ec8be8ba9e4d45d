package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.contract.BrokerContract;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NatsServerBrokerIT extends BrokerContract {
    private TestSaas saas;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    @Override
    protected Broker broker() {
        return saas.broker;
    }

    @Override
    protected Broker.Spec spec(int port) {
        Broker.Spec like = saas.spec(port);
        return new Broker.Spec(
                like.host(),
                port,
                directory.resolve("broker \"two\""),
                like.certificateChain(),
                like.privateKey(),
                like.operatorJwt(),
                like.accounts(),
                like.systemAccountNkey(),
                Optional.empty());
    }

    @Override
    protected boolean listens(URI url) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void takesOverFromABrokerThatOutlivedItsBackplane() throws Exception {
        Broker.Running before = broker().start(spec(0), Duration.ofSeconds(20));
        int port = before.url().getPort();
        before.stop(Duration.ofSeconds(5));
        broker().start(spec(port), Duration.ofSeconds(20)).stop(Duration.ofSeconds(5));
        Path config = spec(0).directory().resolve(Orphans.CONFIG);
        new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin nats-server -c '" + config + "' >/dev/null 2>&1 &")
                .start()
                .waitFor();
        Orphans orphans = new Orphans(spec(0).directory());
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (orphans.found().isEmpty()) {
            assertTrue(System.nanoTime() - end < 0, "the orphan did not start");
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        long orphan = orphans.found().getFirst().pid();
        Broker.Running next = broker().start(spec(port), Duration.ofSeconds(20));
        try {
            assertTrue(next.alive());
            assertEquals(port, next.url().getPort());
            assertTrue(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isEmpty());
            assertEquals(List.of(), orphans.found());
        } finally {
            next.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void keepsTheLinksOfOthersWhenAnAccountIsAdded() throws Exception {
        Broker.Spec all = saas.spec(saas.url().getPort());
        saas.stop();
        Broker.Running running =
                saas.broker.start(all.withAccounts(all.accounts().subList(0, 2)), Duration.ofSeconds(20));
        try (Link acme = saas.connect(saas.backplane(TestSaas.ACME))) {
            running.admit(all.accounts().get(2));
            try (Link globex = saas.connect(saas.backplane(TestSaas.GLOBEX))) {
                globex.ensureStream(TestSaas.intakeSpec(1 << 20));
                assertEquals(Link.State.CONNECTED, globex.state());
            }
            acme.ensureStream(TestSaas.intakeSpec(1 << 20));
            assertEquals(Link.State.CONNECTED, acme.state());
        } finally {
            running.stop(Duration.ofSeconds(5));
        }
    }

    /** The account comes with the next start; what the server kept of the one before gives way. */
    @Test
    void w37WhoIsRevokedIsLetInNoMoreAndALaterTokenIs() throws Exception {
        Broker.Spec open = saas.spec(saas.url().getPort());
        Endpoint before = saas.backplane(TestSaas.ACME);
        saas.connect(before).close();
        Instant until = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        saas.stop();
        String user = saas.nkey(saas.nodeKey("backplane-" + TestSaas.ACME.name()));
        // whole seconds: the next token is later, and the account newer than the one before
        while (Instant.now().getEpochSecond() <= until.getEpochSecond()) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        BrokerAuthority.AccountGrant grant = new BrokerAuthority.AccountGrant(
                saas.nkey(TestSaas.ACME), "acme", true, 200_000_000, Map.of(user, until));
        Broker.Account closed = new Broker.Account(
                saas.nkey(TestSaas.ACME), saas.authority.account(saas.keys, TestSaas.OPERATOR, grant));
        Broker.Running running = saas.broker.start(
                open.withAccounts(
                        List.of(open.accounts().get(0), closed, open.accounts().get(2))),
                Duration.ofSeconds(20));
        try {
            assertEquals(
                    "link.unauthorized",
                    assertThrows(PortException.class, () -> saas.connect(before))
                            .code());
            saas.connect(saas.backplane(TestSaas.ACME)).ensureStream(TestSaas.intakeSpec(1 << 20));
        } finally {
            running.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void w37BeginsEmptyOnceItRanAsOneOfAClusterOrWasRetired() throws Exception {
        TestCluster cluster = new TestCluster(saas, directory);
        Broker.Spec three = cluster.spec(1, "server");
        Broker.Spec alone = cluster.alone(1);
        assertEquals(List.of("MR_INTAKE"), streams(alone, true));
        assertEquals(List.of("MR_INTAKE"), streams(alone, false), "the same again keeps its store");
        broker().start(three, Duration.ofSeconds(20)).stop(Duration.ofSeconds(5));
        assertEquals(List.of(), streams(alone, false));
        assertEquals(List.of("MR_INTAKE"), streams(alone, true));
        broker().retire(alone.directory());
        assertEquals(List.of(), streams(alone, false));
    }

    /** What a broker has, after it made a stream. */
    private List<String> streams(Broker.Spec spec, boolean make) throws Exception {
        Broker.Running running = broker().start(spec, Duration.ofSeconds(20));
        Connection raw = saas.raw(TestSaas.ACME, running.url());
        try {
            if (make) {
                raw.jetStreamManagement()
                        .addStream(StreamConfiguration.builder()
                                .name("MR_INTAKE")
                                .subjects("mr.>")
                                .build());
            }
            return raw.jetStreamManagement().getStreamNames();
        } finally {
            raw.close();
            running.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void keepsItsConfigurationToItself() throws Exception {
        Broker.Running running = broker().start(spec(0), Duration.ofSeconds(20));
        running.stop(Duration.ofSeconds(5));
        Path home = spec(0).directory();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("nats-server.conf"))));
    }

    /** The original waits for ever when its broker is not ready after a minute. */
    @Test
    void streamsW44ABrokerThatIsNeverReadyIsGivenUpInTimeAndLeavesNoProcess() throws Exception {
        Path program = Files.writeString(directory.resolve("nats-server"), """
                #!/bin/sh
                case "$*" in *-v*) echo "nats-server: v2.9.10"; exit 0;; esac
                echo $$ > "$(dirname "$0")/started"
                exec sleep 600
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Broker slow = new NatsServerBroker(new TestProcesses(), new SimJson(), List.of(directory));
        long start = System.nanoTime();
        PortException.Unavailable fault =
                assertThrows(PortException.Unavailable.class, () -> slow.start(spec(0), Duration.ofSeconds(2)));
        assertTrue(fault.code().startsWith("broker."), fault.code());
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
        long pid = Long.parseLong(Files.readString(directory.resolve("started")).strip());
        assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(), "the process lives on");
    }

    /** The original is forced out five seconds after the signal, in the middle of what JetStream writes. */
    @Test
    void streamsW61AStopWaitsUntilTheStoreIsClosed() throws Exception {
        Broker.Running running = broker().start(spec(0), Duration.ofSeconds(20));
        running.stop(Duration.ofSeconds(20));
        String log = Files.readString(NatsServerConfig.log(spec(0).directory()));
        assertTrue(log.contains("JetStream Shutdown") && log.contains("Server Exiting"), log);
    }

    @Test
    void namesTheRemedyWhenTheProgramIsMissing() {
        String missing = new NatsServerBroker(new TestProcesses(), new SimJson(), List.of(directory)).missing();
        assertTrue(missing.contains("apt-get install nats-server"), missing);
    }
}
