package io.machineroom.app.crypto;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Requests for a certificate (PKCS #10) with a P-256 key, and what is answered to them. */
final class SigningRequests {
    private static final int MAX_CHARS = 16 << 10;
    private static final String CURVE = "secp256r1";
    private static final byte[] SAMPLE = {'m', 'r'};

    private SigningRequests() {}

    static String make(X500Principal subject, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, publicKey(key))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                .getEncoded();
        return Pem.block("CERTIFICATE REQUEST", der);
    }

    /** The key of a request whose sender has shown that he holds the private half. */
    static PublicKey key(String pem) {
        if (pem.length() > MAX_CHARS) {
            throw refused("is longer than 16 KiB", null);
        }
        try {
            List<byte[]> blocks = Pem.blocks(pem, "CERTIFICATE REQUEST");
            if (blocks.size() != 1) {
                throw refused("is not one PEM block CERTIFICATE REQUEST", null);
            }
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(blocks.getFirst());
            PublicKey key = request.getPublicKey();
            if (!(key instanceof ECPublicKey curve) || !isP256(curve.getParams())) {
                throw refused("is not for a key on P-256", null);
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw refused("is not signed with its own key", null);
            }
            return key;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | ClassCastException e) {
            // the library shows damage by these, whatever its depth
            throw refused("cannot be read", e);
        }
    }

    /** Whether a chain, server first, is one, and its first certificate is for the key. */
    static void check(String chainPem, PrivateKey key) {
        List<X509Certificate> chain = Pem.certificates(chainPem);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(chain.getFirst().getPublicKey());
            signature.update(SAMPLE);
            if (!signature.verify(signed)) {
                throw new GeneralSecurityException("for another key");
            }
            for (int i = 1; i < chain.size(); i++) {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            }
        } catch (GeneralSecurityException e) {
            throw new PortException.Refused(
                    "tls.unreadable", "the chain and server.key do not belong together: " + e.getMessage(), e);
        }
    }

    /** The public half, which a PKCS #8 key need not hold. */
    private static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        if (!(key instanceof ECPrivateKey curve) || !isP256(curve.getParams())) {
            throw new PortException.Refused("tls.unreadable", "server.key is no key on P-256");
        }
        var point = ECNamedCurveTable.getParameterSpec(CURVE)
                .getG()
                .multiply(curve.getS())
                .normalize();
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve.getParams()));
    }

    private static boolean isP256(ECParameterSpec parameters) {
        var wanted = ECNamedCurveTable.getParameterSpec(CURVE);
        return parameters.getOrder().equals(wanted.getN())
                && parameters.getCurve().getA().equals(wanted.getCurve().getA().toBigInteger())
                && parameters.getCurve().getB().equals(wanted.getCurve().getB().toBigInteger());
    }

    private static PortException.Refused refused(String what, @org.jspecify.annotations.Nullable Exception cause) {
        String text = "the request for a certificate " + what;
        return cause == null
                ? new PortException.Refused("site.request", text)
                : new PortException.Refused("site.request", text, cause);
    }
}
