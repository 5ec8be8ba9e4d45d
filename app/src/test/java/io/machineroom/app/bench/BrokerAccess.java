package io.machineroom.app.bench;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.flow.Way;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What it takes to use a {@link BenchBroker} from another process. For measurements only: the seed lies in a file.
 *
 * @param url where it is
 * @param pin authority of its certificate
 * @param jwt user that may do all
 * @param seed the key of that user
 */
public record BrokerAccess(String url, String pin, String jwt, String seed) {
    private static final String FILE = "access";

    public void write(Path directory) throws IOException {
        Files.write(directory.resolve(FILE), List.of(url, pin, jwt, seed));
    }

    public static BrokerAccess read(Path directory) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(FILE));
        return new BrokerAccess(lines.get(0), lines.get(1), lines.get(2), lines.get(3));
    }

    /** A connection of the library itself. */
    public Connection bare() throws IOException, InterruptedException {
        return Nats.connect(Options.builder()
                .server(url)
                .sslContext(new PinnedTls().client(new TrustPolicy(List.of(pin), 0)))
                .authHandler(Nats.staticCredentials(jwt.toCharArray(), seed.toCharArray()))
                .build());
    }

    /** The product's way there, with the keys in the broker's folder. */
    public Way way(String name, Path directory) {
        FileKeyring keys = new FileKeyring(new LocalFileTree(directory.resolve("keys")), new SystemRuntime());
        return new Way(
                name,
                NatsModule.transport(keys, new PinnedTls(), new JacksonJson()),
                new Endpoint(
                        List.of(URI.create(url)),
                        new TrustPolicy(List.of(pin), 0),
                        new Endpoint.Credentials.NatsUser(
                                Secret.of(jwt), new KeyRole("user-admin", KeyRole.Form.NKEY_USER)),
                        name,
                        Duration.ofSeconds(20)));
    }
}
