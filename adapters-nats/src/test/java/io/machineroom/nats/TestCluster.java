package io.machineroom.nats;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/** Three real servers that keep one store, with the customers of a {@link TestSaas}; none is started by itself. */
final class TestCluster {
    static final String PASSWORD = "0123456789abcdef".repeat(4);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final TestSaas saas;
    private final Path directory;
    private final List<Integer> ports;
    private final Broker.Spec like;
    private final Map<Integer, Broker.Running> running = new HashMap<>();
    private final Map<Integer, String> certificates = new HashMap<>();
    private final List<Link> links = new ArrayList<>();

    TestCluster(TestSaas saas, Path directory) {
        this.saas = saas;
        this.directory = directory;
        this.ports = free(6);
        // the JWTs of all three, and those of a reload, are the same
        this.like = saas.spec(0);
    }

    private static List<Integer> free(int many) {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> out = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                out.add(socket.getLocalPort());
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    Path home(int member) {
        return directory.resolve("place-" + member);
    }

    /** Member 1, 2 or 3, with that certificate. */
    Broker.Spec spec(int member, String certificate) {
        return spec(member, certificate, PASSWORD);
    }

    /** The same with that password of the routes. */
    Broker.Spec spec(int member, String certificate, String password) {
        List<BrokerCluster.Route> routes = Stream.of(1, 2, 3)
                .map(m -> new BrokerCluster.Route(m, "127.0.0.1", ports.get(2 + m)))
                .toList();
        BrokerCluster cluster =
                new BrokerCluster("acme-plant", member, ports.get(2 + member), "route", Secret.of(password), routes);
        return new Broker.Spec(
                        like.host(),
                        ports.get(member - 1),
                        home(member),
                        saas.certificates.chain(certificate),
                        saas.certificates.key(certificate),
                        like.operatorJwt(),
                        like.accounts(),
                        like.systemAccountNkey(),
                        Optional.empty())
                .within(new Broker.Membership(cluster, "plant-" + member, saas.certificates.ca(certificate)));
    }

    /** The same, of that place alone. */
    Broker.Spec alone(int member) {
        Broker.Spec one = spec(member, "server");
        return new Broker.Spec(
                one.host(),
                one.port(),
                one.directory(),
                one.certificateChain(),
                one.privateKey(),
                one.operatorJwt(),
                one.accounts(),
                one.systemAccountNkey(),
                Optional.empty());
    }

    /** That one shows another certificate from its next start on. */
    void certify(int member, String certificate) {
        certificates.put(member, certificate);
    }

    /** Member 1, 2 or 3, with its certificate. */
    Broker.Spec spec(int member) {
        return spec(member, certificates.getOrDefault(member, "server"));
    }

    /** Serial number of the certificate that whoever opens a route is shown. */
    BigInteger shownAtItsRoutePort(int member) throws IOException {
        try (SSLSocket socket = (SSLSocket) saas.certificates
                .client(saas.trust())
                .getSocketFactory()
                .createSocket("127.0.0.1", ports.get(2 + member))) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    void start(int member) throws InterruptedException {
        running.put(member, saas.broker.start(spec(member), PATIENCE));
    }

    Broker.Running running(int member) {
        return running.get(member);
    }

    /** Pulls the plug of that one. */
    void kill(int member) {
        ProcessHandle handle = ProcessHandle.of(running.remove(member).pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
    }

    /** The machine of that place, which does not run, is gone with its disk. */
    void lose(int member) {
        wipe(home(member));
    }

    /** Another machine takes the place: nothing of the one before is there. */
    void replace(int member) throws InterruptedException {
        lose(member);
        start(member);
    }

    /** Over that server alone, as who may do all in the account. */
    Link link(int member) throws InterruptedException {
        Endpoint as = saas.backplane(TestSaas.ACME);
        Link link = saas.transport()
                .connect(new Endpoint(List.of(url(member)), as.trust(), as.credentials(), as.clientName(), PATIENCE));
        links.add(link);
        return link;
    }

    URI url(int member) {
        return URI.create("tls://127.0.0.1:" + ports.get(member - 1));
    }

    /** To look behind the adapter. */
    Connection raw(int member) throws InterruptedException {
        return saas.raw(TestSaas.ACME, url(member));
    }

    String log(int member) {
        try {
            return Files.readString(NatsServerConfig.log(home(member)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() throws InterruptedException {
        links.forEach(Link::close);
        for (Broker.Running one : running.values()) {
            one.stop(PATIENCE);
        }
    }

    private static void wipe(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
