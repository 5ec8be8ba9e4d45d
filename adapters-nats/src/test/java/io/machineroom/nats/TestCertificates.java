package io.machineroom.nats;

import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A CA and a server certificate, made by keytool of this JDK; and contexts that trust a CA by its pin. */
final class TestCertificates implements TlsContexts {
    private final Path directory;
    private final Map<String, Certificate> byPin = new HashMap<>();
    private final Map<String, String> pins;
    private int issued;

    private TestCertificates(Path directory) throws InterruptedException {
        this.directory = directory;
        pins = Map.of(
                "server", make("server", "127.0.0.1"),
                "other", make("other", "127.0.0.1"));
    }

    /** One set for all tests of this JVM: making them is slow. */
    static TestCertificates shared() {
        return Shared.INSTANCE;
    }

    private static final class Shared {
        private static final TestCertificates INSTANCE = made();

        private static TestCertificates made() {
            try {
                return new TestCertificates(Files.createTempDirectory("mr-certificates"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * The pin of a CA: {@code server} or {@code other}; both sign for 127.0.0.1.
     */
    String pinOf(String name) {
        return pins.get(name);
    }

    /** Makes a CA and a server's pair signed by it; returns the pin of the CA. */
    private String make(String name, String host) throws InterruptedException {
        String ca = name + "-ca";
        keytool("-genkeypair", "-alias", ca, "-keyalg", "EC", "-dname", "CN=" + ca, "-ext", "bc:c");
        keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name);
        keytool("-certreq", "-alias", name, "-file", name + ".csr");
        String san = host.matches("[0-9.]+") ? "san=ip:" + host : "san=dns:" + host;
        keytool("-gencert", "-alias", ca, "-infile", name + ".csr", "-outfile", name + ".crt", "-rfc", "-ext", san);
        keytool("-exportcert", "-alias", ca, "-rfc", "-file", ca + ".pem");
        try {
            Files.writeString(
                    chain(name),
                    Files.readString(directory.resolve(name + ".crt"))
                            + Files.readString(directory.resolve(ca + ".pem")));
            Files.writeString(key(name), privateKey(name));
            try (InputStream in = Files.newInputStream(directory.resolve(ca + ".pem"))) {
                Certificate certificate =
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(certificate.getPublicKey().getEncoded());
                String pin = HexFormat.of().formatHex(digest);
                byPin.put(pin, certificate);
                return pin;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another certificate of the CA {@code server}, with a key of its own, in the files of that name: those of before are written over. */
    void renew(String name) throws InterruptedException {
        String alias = name + "-" + ++issued;
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + name);
        keytool("-certreq", "-alias", alias, "-file", alias + ".csr");
        keytool(
                "-gencert",
                "-alias",
                "server-ca",
                "-infile",
                alias + ".csr",
                "-outfile",
                alias + ".crt",
                "-rfc",
                "-ext",
                "san=ip:127.0.0.1");
        try {
            String authority = Files.readString(ca("server"));
            Files.writeString(chain(name), Files.readString(directory.resolve(alias + ".crt")) + authority);
            Files.writeString(key(name), privateKey(alias));
            Files.writeString(ca(name), authority);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Path chain(String name) {
        return directory.resolve(name + ".pem");
    }

    Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** The CA alone. */
    Path ca(String name) {
        return directory.resolve(name + "-ca.pem");
    }

    private String privateKey(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("store.p12"))) {
            store.load(in, "changeit".toCharArray());
        }
        byte[] encoded = store.getKey(name, "changeit".toCharArray()).getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
    }

    private void keytool(String... arguments) throws InterruptedException {
        List<String> argv = new java.util.ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        argv.addAll(List.of(arguments));
        argv.addAll(List.of("-keystore", "store.p12", "-storepass", "changeit"));
        argv.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        ProcessRunner.Result result = new TestProcesses()
                .run(new ProcessRunner.Command(argv, Map.of(), directory, Duration.ofSeconds(60), 8192, true));
        if (result.exitCode() != 0) {
            throw new IllegalStateException(new String(result.output(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Override
    public SSLContext client(TrustPolicy policy) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (String pin : policy.pins()) {
                if (byPin.containsKey(pin)) {
                    trusted.setCertificateEntry(pin, byPin.get(pin));
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public SSLContext server(Path certificateChain, Path privateKey) {
        throw new UnsupportedOperationException("nats-server reads the files itself");
    }
}
