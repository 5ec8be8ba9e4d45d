package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS of the JDK with a trust that is spelt out, as a second opinion on the real one. */
public final class SimTls implements TlsContexts {
    @Override
    public SSLContext client(TrustPolicy policy) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new SimTrust(policy)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public SSLContext server(Path certificateChain, Path privateKey) {
        X509Certificate[] chain = SimCertificates.certificates(certificateChain).toArray(X509Certificate[]::new);
        PrivateKey key = SimCertificates.privateKey(privateKey);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            byte[] proof = signature.sign();
            signature.initVerify(chain[0]);
            if (!signature.verify(proof)) {
                throw new PortException.Refused("tls.unreadable", "key and certificate do not belong together");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new PortException.Refused("tls.unreadable", "cannot serve with " + certificateChain, e);
        }
    }
}
