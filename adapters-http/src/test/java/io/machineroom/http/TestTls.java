package io.machineroom.http;

import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A self-signed certificate for 127.0.0.1 and localhost, made by the JDK's keytool, and contexts that trust it under
 * {@link #PIN} or, on request, as if a system authority had signed it.
 */
final class TestTls implements TlsContexts {
    static final String PIN = "ab".repeat(32);
    static final TrustPolicy TRUST = new TrustPolicy(List.of(PIN), 0);
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;
    private final boolean systemTrusts;

    private TestTls(KeyStore store, boolean systemTrusts) {
        this.store = store;
        this.systemTrusts = systemTrusts;
    }

    static TestTls fresh() {
        try {
            Path directory = Files.createTempDirectory("mr-tls");
            Path file = directory.resolve("server.p12");
            try {
                keytool(file);
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
                return new TestTls(store, false);
            } finally {
                delete(directory);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The same certificate, trusted also without a pin. */
    TestTls trustedBySystem() {
        return new TestTls(store, true);
    }

    SSLContext server() {
        return context(store);
    }

    @Override
    public SSLContext client(TrustPolicy policy) {
        boolean pinned = policy.pins().contains(PIN);
        return context(pinned || (policy.pins().isEmpty() && systemTrusts) ? store : null);
    }

    @Override
    public SSLContext server(Path certificateChain, Path privateKey) {
        return server();
    }

    private static SSLContext context(@Nullable KeyStore trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            if (trusted != null) {
                anchors.setCertificateEntry("ca", trusted.getCertificate("server"));
                keys.init(trusted, PASSWORD);
            }
            trust.init(trusted == null ? null : anchors);
            context.init(trusted == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
