package io.machineroom.http;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A backplane behind a real gateway and a node that is enrolled there. */
final class World implements AutoCloseable {
    final LiveRuntime runtime = new LiveRuntime();
    final SimJson json = new SimJson();
    final SimKeyring keyring = new SimKeyring(new SimEntropy(7));
    final TestBackplane backplane = new TestBackplane();
    final SessionAuthority authority = new SessionAuthority();
    final TestTls tls;
    final HttpTransport transport;
    final Gateway.Running gateway;
    private final Socket unheard = taken();

    private final Clients clients;

    World(TestTls tls) {
        this(tls, Clients.jdk(Optional.empty()));
    }

    World(TestTls tls, Clients clients) {
        this.tls = tls;
        this.clients = clients;
        backplane.know(keyring.ensure(KeyRole.IDENTITY));
        transport = transport(tls);
        gateway = serve(0, backplane);
    }

    private HttpTransport transport(TestTls contexts) {
        return new HttpTransport(new HttpTransport.Parts(
                keyring,
                contexts,
                json,
                List.of(new FramedEvents("protobuf"), new FramedEvents("json")),
                runtime,
                runtime,
                new SimEntropy(3),
                authority,
                clients));
    }

    Gateway.Running serve(int port, Gateway.Handler handler) {
        return new HttpGateway(json, runtime, runtime, new SimEntropy(5), GatewayLimits.standard())
                .serve(new Gateway.Settings("127.0.0.1", port, tls.server(), 1024 * 1024, 100), handler);
    }

    Endpoint endpoint() {
        return endpoint(List.of(gateway.url()), KeyRole.IDENTITY);
    }

    Endpoint endpoint(List<URI> urls, KeyRole identityKey) {
        return new Endpoint(
                urls,
                TestTls.TRUST,
                new Endpoint.Credentials.Node("n1", "U", Secret.of("jwt"), KeyRole.NATS_USER, identityKey),
                "n1",
                Duration.ofSeconds(10));
    }

    Endpoint anonymous() {
        return new Endpoint(
                List.of(gateway.url()),
                TestTls.TRUST,
                new Endpoint.Credentials.Anonymous(),
                "n1",
                Duration.ofSeconds(10));
    }

    Link connect() throws InterruptedException {
        return transport.connect(endpoint());
    }

    ArtifactStore artifacts(CurrentEndpoint current) {
        TestTls trusting = tls.trustedBySystem();
        return new HttpArtifactStore(
                new ArtifactAccess(transport, authority, current, trusting, clients), runtime, runtime);
    }

    /** A URL of this machine where nobody listens, nor can while this world stands: the port is taken. */
    URI deaf() {
        return URI.create("https://127.0.0.1:" + unheard.getLocalPort());
    }

    private static Socket taken() {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        try {
            unheard.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
