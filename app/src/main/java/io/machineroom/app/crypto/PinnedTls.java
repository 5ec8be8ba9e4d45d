package io.machineroom.app.crypto;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.FileTls;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS contexts of the JDK with the trust of a policy; host names are checked whoever uses them. */
public final class PinnedTls implements TlsContexts, FileTls {
    private final ExtraAuthorities extra;

    /** Trusts the system's authorities where nothing is pinned. */
    public PinnedTls() {
        this(ExtraAuthorities.none());
    }

    /** Trusts these, too. */
    public PinnedTls(ExtraAuthorities extra) {
        this.extra = extra;
    }

    @Override
    public SSLContext client(TrustPolicy policy) {
        List<X509Certificate> authorities = extra.file()
                .filter(file -> policy.pins().isEmpty())
                .map(Pem::certificates)
                .orElse(List.of());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PolicyTrustManager(policy, authorities)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    @Override
    public SSLContext client(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
        try {
            KeyManager[] keys = certificate.isPresent() && key.isPresent() ? keys(certificate.get(), key.get()) : null;
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager trust = ca.isPresent()
                    ? new PolicyTrustManager(authorities(ca.get()))
                    : new PolicyTrustManager(TrustPolicy.system(), List.of());
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static KeyStore authorities(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Certificate certificate : Pem.certificates(file)) {
            store.setCertificateEntry("ca" + store.size(), certificate);
        }
        return store;
    }

    @Override
    public SSLContext server(Path certificateChain, Path privateKey) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(certificateChain, privateKey), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    static KeyManager[] keys(Path certificateChain, Path privateKey) {
        Certificate[] chain = Pem.certificates(certificateChain).toArray(Certificate[]::new);
        PrivateKey key = Pem.privateKey(privateKey);
        try {
            prove(key, chain[0]);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, new char[0], chain);
            // the one of PKIX opens the store again, 10,000 rounds of a hash, for each handshake of a process with a
            // small heap
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(store, new char[0]);
            return keys.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            // Not the cause: it could quote the key.
            throw new PortException.Refused(
                    "tls.unreadable", certificateChain + " and " + privateKey + " do not belong together");
        }
    }

    /** A key of another certificate would be found by the first client only. */
    private static void prove(PrivateKey key, Certificate certificate) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update((byte) 1);
        byte[] proof = signature.sign();
        signature.initVerify(certificate);
        signature.update((byte) 1);
        if (!signature.verify(proof)) {
            throw new SignatureException("the key is another one");
        }
    }
}
