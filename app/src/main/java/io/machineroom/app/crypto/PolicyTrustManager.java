package io.machineroom.app.crypto;

import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges a server by a {@link TrustPolicy}. The work is the JDK's (signatures, constraints, server use, host
 * name); this class picks what it starts from: the system's authorities, or a pinned one from the chain that
 * the server sent, with dates judged by the newest signed time instead of the wall clock.
 *
 * <p>Host names are checked although the user of the context did not ask for it, as NATS clients do not:
 * the connection's own parameters are completed before the JDK looks at them.
 */
final class PolicyTrustManager extends X509ExtendedTrustManager {
    private static final X509Certificate[] NONE = {};

    private final TrustPolicy policy;
    private final List<X509Certificate> extra;
    private final @Nullable KeyStore only;

    /**
     * Makes one.
     *
     * @param extra authorities that are trusted besides the system's when nothing is pinned
     */
    PolicyTrustManager(TrustPolicy policy, List<X509Certificate> extra) {
        this.policy = policy;
        this.extra = List.copyOf(extra);
        this.only = null;
    }

    /** Trusts these authorities instead of the system's. */
    PolicyTrustManager(KeyStore only) {
        this.policy = TrustPolicy.system();
        this.extra = List.of();
        this.only = only;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (!(socket instanceof SSLSocket tls)) {
            throw new CertificateException("not a TLS connection");
        }
        tls.setSSLParameters(withHostName(tls.getSSLParameters()));
        judge(chain).checkServerTrusted(chain, authType, tls);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        engine.setSSLParameters(withHostName(engine.getSSLParameters()));
        judge(chain).checkServerTrusted(chain, authType, engine);
    }

    private static SSLParameters withHostName(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private X509ExtendedTrustManager judge(X509Certificate[] chain) throws CertificateException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            if (policy.pins().isEmpty()) {
                KeyStore system = extra.isEmpty() ? null : systemAndExtra();
                factory.init(only == null ? system : only);
            } else {
                factory.init(new CertPathTrustManagerParameters(pinned(chain)));
            }
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new CertificateException("the platform has no trust manager");
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException certificate ? certificate : new CertificateException(e);
        }
    }

    private KeyStore systemAndExtra() throws GeneralSecurityException {
        TrustManagerFactory system = TrustManagerFactory.getInstance("PKIX");
        system.init((KeyStore) null);
        List<X509Certificate> all = new ArrayList<>(extra);
        for (TrustManager manager : system.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                all.addAll(List.of(known.getAcceptedIssuers()));
            }
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new CertificateException("an empty store", e);
        }
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("ca-" + i, all.get(i));
        }
        return store;
    }

    private PKIXBuilderParameters pinned(X509Certificate[] chain) throws GeneralSecurityException {
        X509Certificate authority = authority(chain);
        if (authority == null) {
            throw new CertificateException("no certificate authority in the server's chain has a pinned key; "
                    + "the server must send its authority, or the pin must be renewed");
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(Set.of(new TrustAnchor(authority, null)), new X509CertSelector());
        parameters.setRevocationEnabled(false);
        Date judged = judged(chain);
        authority.checkValidity(judged);
        parameters.setDate(judged);
        return parameters;
    }

    /** The newest signed time, but never before the certificates themselves: they are signed, too. */
    private Date judged(X509Certificate[] chain) {
        Instant newest = Instant.ofEpochSecond(policy.notBefore());
        for (X509Certificate certificate : chain) {
            Instant made = certificate.getNotBefore().toInstant();
            newest = made.isAfter(newest) ? made : newest;
        }
        return Date.from(newest);
    }

    /** What pins a certificate authority: SHA-256 of its SubjectPublicKeyInfo (RFC 7469) in lower-case hex digits. */
    static String pin(byte[] subjectPublicKeyInfo) {
        return HexFormat.of().formatHex(Ed25519Signatures.digest().digest(subjectPublicKeyInfo));
    }

    private @Nullable X509Certificate authority(X509Certificate[] chain) {
        for (int i = 1; i < chain.length; i++) {
            X509Certificate certificate = chain[i];
            boolean[] usage = certificate.getKeyUsage();
            boolean signs = certificate.getBasicConstraints() >= 0 && (usage == null || usage[5]);
            String pin = pin(certificate.getPublicKey().getEncoded());
            if (signs && policy.pins().contains(pin)) {
                return certificate;
            }
        }
        return null;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("cannot check the host name without the connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this context is for clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NONE;
    }
}
