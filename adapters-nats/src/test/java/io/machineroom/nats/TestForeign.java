package io.machineroom.nats;

import io.machineroom.ports.replica.HostAddress;
import io.machineroom.ports.replica.HostLogin;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.security.FileTls;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A plain nats-server with JetStream as others run it, on this machine only. */
final class TestForeign {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private Process process;

    private TestForeign(Path directory, int port) throws InterruptedException {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    static TestForeign start() throws InterruptedException {
        return start("");
    }

    /** With more lines of configuration. */
    static TestForeign start(String more) throws InterruptedException {
        TestSaas.needsServer();
        try {
            int port = freePort();
            Path directory = Files.createTempDirectory("mr-foreign");
            Files.writeString(
                    directory.resolve("nats.conf"),
                    "listen: \"127.0.0.1:" + port + "\"\njetstream { store_dir: \"" + directory.resolve("js") + "\" }\n"
                            + more);
            return new TestForeign(directory, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private Process launch() throws InterruptedException {
        try {
            Process started = new ProcessBuilder(
                            "nats-server", "-c", directory.resolve("nats.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!Files.readString(directory.resolve("log")).contains("Server is ready")) {
                if (System.nanoTime() > end || !started.isAlive()) {
                    throw new IllegalStateException(Files.readString(directory.resolve("log")));
                }
                Thread.onSpinWait();
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create("nats://127.0.0.1:" + port);
    }

    HostAddress address(HostLogin login) {
        return new HostAddress(List.of(url()), login, HostAddress.Tls.plain(), "test", Duration.ofSeconds(10));
    }

    static NatsHosts hosts() {
        return new NatsHosts(systemTls());
    }

    static FileTls systemTls() {
        return (ca, certificate, key) -> {
            try {
                return SSLContext.getDefault();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    StreamHost connect() throws InterruptedException {
        return hosts().connect(address(new HostLogin.Anonymous()));
    }

    /** Straight to the library, to look behind the adapter. */
    Connection raw() throws InterruptedException {
        try {
            return Nats.connect(new Options.Builder().server(url().toString()).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void restart() throws InterruptedException {
        process = launch();
    }

    void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
