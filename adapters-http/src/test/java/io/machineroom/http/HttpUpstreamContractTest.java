package io.machineroom.http;

import io.machineroom.ports.contract.ConnectProxy;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.contract.UpstreamContract;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.HttpsProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Through a proxy, so that the line can be cut in the middle of an answer. */
final class HttpUpstreamContractTest extends UpstreamContract {
    private static TestTls tls;

    private final LiveRuntime runtime = new LiveRuntime();
    private final ConnectProxy proxy = new ConnectProxy();
    private final Gateway.Running gateway = new HttpGateway(
                    new SimJson(), runtime, runtime, new SimEntropy(1), GatewayLimits.standard())
            .serve(new Gateway.Settings("127.0.0.1", 0, tls.server(), 1 << 20, 20), this::handle);
    private final HttpsProxy way = () -> Optional.of(new HttpsProxy.Way("127.0.0.1", proxy.port(), Optional.empty()));
    private final HttpUpstream upstream =
            new HttpUpstream(() -> Optional.of(endpoint()), tls, Clients.jdk(Optional.of(way)), runtime, runtime);
    private boolean restored = true;
    private int targets;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @AfterEach
    void close() {
        gateway.close();
        proxy.close();
    }

    private Endpoint endpoint() {
        return new Endpoint(
                List.of(gateway.url()),
                TestTls.TRUST,
                new Endpoint.Credentials.Anonymous(),
                "leader",
                Duration.ofSeconds(10));
    }

    /** Each use mends the line, but for the one right after it was told to break off. */
    @Override
    protected Upstream upstream() {
        if (restored) {
            proxy.cutAfter(Long.MAX_VALUE);
        }
        restored = true;
        return upstream;
    }

    @Override
    protected void cut() {
        gateway.close();
    }

    @Override
    protected void breakOffOnce(int after) {
        proxy.cutAfter(after);
        restored = false;
    }

    @Override
    protected Path served(String name, byte[] content) {
        try {
            return Files.write(directory.resolve("served-" + name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Path target() {
        return directory.resolve("target-" + targets++);
    }

    @Override
    protected Optional<byte[]> content(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
