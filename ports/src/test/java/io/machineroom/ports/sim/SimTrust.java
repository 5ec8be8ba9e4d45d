package io.machineroom.ports.sim;

import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/** A server is good when a pinned authority in its chain signed its certificate, for this name and use, in time. */
final class SimTrust extends X509ExtendedTrustManager {
    private final TrustPolicy policy;

    SimTrust(TrustPolicy policy) {
        this.policy = policy;
    }

    private void judge(X509Certificate[] chain, String host) throws CertificateException {
        Instant judged = Instant.ofEpochSecond(policy.notBefore());
        for (X509Certificate certificate : chain) {
            Instant made = certificate.getNotBefore().toInstant();
            judged = made.isAfter(judged) ? made : judged;
        }
        for (int i = 1; i < chain.length; i++) {
            String pin = new SimSignatures().sha256(chain[i].getPublicKey().getEncoded());
            if (policy.pins().contains(pin) && chain[i].getBasicConstraints() >= 0) {
                chain[i].checkValidity(Date.from(judged));
                chain[0].checkValidity(Date.from(judged));
                checkSigned(chain[0], chain[i]);
                checkUse(chain[0], host);
                return;
            }
        }
        throw new CertificateException("no pinned authority in the chain");
    }

    private static void checkSigned(X509Certificate server, X509Certificate authority) throws CertificateException {
        try {
            server.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CertificateException("not signed by its authority", e);
        }
    }

    private static void checkUse(X509Certificate server, String host) throws CertificateException {
        List<String> uses = server.getExtendedKeyUsage();
        if (uses == null || !uses.contains("1.3.6.1.5.5.7.3.1")) {
            throw new CertificateException("not for servers");
        }
        for (List<?> name : server.getSubjectAlternativeNames()) {
            String text = String.valueOf(name.get(1));
            if (text.equalsIgnoreCase(host) || name.get(0).equals(7) && sameAddress(text, host)) {
                return;
            }
        }
        throw new CertificateException("not for " + host);
    }

    private static boolean sameAddress(String one, String host) {
        try {
            return host.matches("[0-9a-fA-F:.]+") && InetAddress.getByName(one).equals(InetAddress.getByName(host));
        } catch (IOException notAnAddress) {
            return false;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (!(socket instanceof SSLSocket tls)) {
            throw new CertificateException("not TLS");
        }
        judge(chain, String.valueOf(tls.getHandshakeSession().getPeerHost()));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain, String.valueOf(engine.getPeerHost()));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no name to check");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("for clients only");
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
        return new X509Certificate[0];
    }
}
