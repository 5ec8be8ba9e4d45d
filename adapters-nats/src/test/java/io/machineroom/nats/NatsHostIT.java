package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.contract.StreamHostContract;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.HostLogin;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.TrustPolicy;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.KeyValueConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real nats-server of somebody else, without TLS, on this machine. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class NatsHostIT extends StreamHostContract {
    private TestForeign server;

    @BeforeEach
    void start() throws InterruptedException {
        server = TestForeign.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected StreamHost host() throws InterruptedException {
        return server.connect();
    }

    /** What is done behind everybody's back. */
    private interface Deed {
        void at(Connection connection) throws IOException, JetStreamApiException, InterruptedException;
    }

    private void behind(Deed deed) throws InterruptedException {
        try (Connection raw = server.raw()) {
            deed.at(raw);
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void deleteConsumer(String stream, String consumer) throws InterruptedException {
        behind(raw -> raw.jetStreamManagement().deleteConsumer(stream, consumer));
    }

    @Override
    protected void deleteStream(String stream) throws InterruptedException {
        behind(raw -> raw.jetStreamManagement().deleteStream(stream));
    }

    @Override
    protected void makeBucket(String name) throws InterruptedException {
        behind(raw -> raw.keyValueManagement()
                .create(KeyValueConfiguration.builder().name(name).build()));
    }

    @Override
    protected Tasks tasks() {
        return new LiveRuntime();
    }

    @Test
    void w49OnlyAnAcknowledgementOfAStreamCounts() throws InterruptedException {
        try (Connection raw = server.raw();
                StreamHost host = host()) {
            raw.createDispatcher(
                            m -> raw.publish(m.getReplyTo(), "yes".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .subscribe("answered");
            raw.flushBuffer();
            TestSaas.flush(raw);
            StreamHost.Written written = host.write(List.of(new CopyMessage("answered", Map.of(), new byte[1])), "");
            assertEquals(0, written.accepted());
            assertNotNull(written.fault());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A status of a pull is no message of the stream, whatever its number is. */
    @Test
    void w12NoStatusOfAPullIsTakenForAMessage() throws Exception {
        BlockingQueue<String> pulls = new LinkedBlockingQueue<>();
        try (Connection raw = server.raw();
                StreamHost host = host()) {
            raw.createDispatcher(m -> pulls.add(m.getReplyTo())).subscribe("$JS.API.CONSUMER.MSG.NEXT.IN.SR_T");
            TestSaas.flush(raw);
            host.makeStream("IN", List.of("in.>"));
            ReadPlan plan = new ReadPlan("IN", "SR_T", "test", "", new ReadPlan.StartAt.All(), 0, false);
            try (StreamReader reader = host.reader(plan);
                    Socket speaker = new Socket(
                            InetAddress.ofLiteral("127.0.0.1"), server.url().getPort())) {
                speak(speaker, "CONNECT {\"verbose\":false,\"headers\":true}\r\n");
                for (String status : List.of("503 No Responders", "404 No Messages", "408 Timeout", "777 Whatever")) {
                    CompletableFuture<List<StreamReader.Read>> reading =
                            CompletableFuture.supplyAsync(() -> read(reader));
                    pulls.take();
                    String reply = pulls.take();
                    String head = "NATS/1.0 " + status + "\r\n\r\n";
                    int size = head.length();
                    speak(speaker, "HPUB " + reply + " " + size + " " + size + "\r\n" + head + "\r\n");
                    assertEquals(List.of(), reading.get(), status);
                    pulls.clear();
                }
                assertEquals(
                        1,
                        host.write(List.of(new CopyMessage("in.a", Map.of(), new byte[1])), "IN")
                                .accepted());
                assertEquals(1, reader.read(1, 1, Duration.ofSeconds(10)).size(), "it still reads what is one");
            }
        }
    }

    /** What was read; nothing when the reader has to be made anew. */
    private static List<StreamReader.Read> read(StreamReader reader) {
        try {
            return reader.read(10, 1_000, Duration.ofSeconds(2));
        } catch (PortException.Unavailable e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void speak(Socket speaker, String text) throws IOException {
        speaker.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        speaker.getOutputStream().flush();
    }

    @Test
    void aServerWithoutTlsIsToldOnceWithTheRemedy() throws InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler ear = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().formatMessage(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(NatsHosts.class.getName());
        log.addHandler(ear);
        try {
            StreamHosts hosts = TestForeign.hosts();
            for (int i = 0; i < 2; i++) {
                hosts.connect(server.address(new HostLogin.Anonymous())).close();
            }
        } finally {
            log.removeHandler(ear);
        }
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains("write tls://"), lines::toString);
    }

    @Test
    void w58AChoriaTokenWithoutACertificateOfOursStillVerifiesTheServer() throws InterruptedException {
        TestCertificates certificates = TestCertificates.shared();
        TestForeign secured = TestForeign.start("tls { cert_file: \"" + certificates.chain("server")
                + "\", key_file: \"" + certificates.key("server") + "\" }\n");
        try {
            HostLogin login = new HostLogin.Choria(Secret.of("a.b.c"), Secret.of("01".repeat(32)), "");
            assertEquals(
                    "link.untrusted",
                    assertThrows(PortException.class, () -> trusting("other").connect(secured.address(login)))
                            .code());
            try (StreamHost host = trusting("server").connect(secured.address(login))) {
                assertTrue(host.connected());
                assertTrue(host.server().startsWith("tls://"), host::server);
            }
        } finally {
            secured.close();
        }
    }

    private static NatsHosts trusting(String authority) {
        TestCertificates certificates = TestCertificates.shared();
        return new NatsHosts((ca, certificate, key) ->
                certificates.client(new TrustPolicy(List.of(certificates.pinOf(authority)), 0)));
    }

    @Test
    void goesWithUserAndPasswordOnThisMachineAndSaysWhoIsNotLetIn() throws InterruptedException {
        TestForeign guarded = TestForeign.start("authorization { user: \"u\", password: \"p\" }\n");
        try {
            HostLogin login = new HostLogin.UserPassword("u", Secret.of("p"));
            try (StreamHost host = TestForeign.hosts().connect(guarded.address(login))) {
                assertTrue(host.connected());
            }
            assertEquals(
                    "link.unauthorized",
                    assertThrows(
                                    PortException.class,
                                    () -> TestForeign.hosts().connect(guarded.address(new HostLogin.Anonymous())))
                            .code());
        } finally {
            guarded.close();
        }
    }
}
