package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PKCS #10 by hand, as much of it as the kit itself writes. */
final class SimRequests {
    private static final Pattern BLOCK = Pattern.compile(
            "\\s*-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\\s]*)-----END CERTIFICATE REQUEST-----\\s*");

    private SimRequests() {}

    /** What is signed: version, name, key, no attributes. */
    static byte[] body(String name, PrivateKey key) throws GeneralSecurityException {
        return SimDer.sequence(
                SimDer.integer(BigInteger.ZERO),
                SimDer.name(name),
                publicKey(key).getEncoded(),
                SimDer.tagged(0xA0));
    }

    static PublicKey key(String pem) {
        Matcher block = BLOCK.matcher(pem);
        if (pem.length() > 16 << 10 || !block.matches()) {
            throw new PortException.Refused("site.request", "this is no request");
        }
        try {
            ByteBuffer request = element(ByteBuffer.wrap(Base64.getMimeDecoder().decode(block.group(1))), true);
            ByteBuffer body = element(request.slice(), false);
            ByteBuffer inside = element(body.duplicate(), true);
            element(inside, false);
            element(inside, false);
            byte[] encoded = bytes(element(inside, false));
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
            element(request, false);
            element(request, false);
            byte[] bits = bytes(element(request, true));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initVerify(key);
            signature.update(bytes(body));
            if (!signature.verify(Arrays.copyOfRange(bits, 1, bits.length))) {
                throw new GeneralSecurityException("badly signed");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
            throw new PortException.Refused("site.request", "this is no request", e);
        }
    }

    /** The next element, with its head or only what is in it; the buffer stands behind it. */
    private static ByteBuffer element(ByteBuffer from, boolean inside) {
        int start = from.position();
        from.get();
        int length = from.get() & 0xFF;
        if (length > 0x82) {
            throw new IllegalArgumentException("longer than the kit writes");
        }
        for (int more = length - 0x80, i = 0; i < more; i++) {
            length = (i == 0 ? 0 : length << 8) | from.get() & 0xFF;
        }
        int content = from.position();
        from.position(content + length);
        return from.slice(inside ? content : start, content + length - (inside ? content : start));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] out = new byte[buffer.remaining()];
        buffer.duplicate().get(out);
        return out;
    }

    /** The public half: the base point taken as often as the key says, by doubling and adding. */
    static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
        BigInteger times = ((ECPrivateKey) key).getS();
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int bit = times.bitLength() - 1; bit >= 0; bit--) {
            sum = plus(sum, sum, curve);
            if (times.testBit(bit)) {
                sum = plus(sum, curve.getGenerator(), curve);
            }
        }
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(sum, curve));
    }

    private static ECPoint plus(ECPoint a, ECPoint b, ECParameterSpec curve) {
        if (a.equals(ECPoint.POINT_INFINITY)) {
            return b;
        }
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger slope = a.equals(b)
                ? a.getAffineX()
                        .pow(2)
                        .multiply(BigInteger.valueOf(3))
                        .add(curve.getCurve().getA())
                        .multiply(a.getAffineY().shiftLeft(1).modInverse(p))
                : b.getAffineY()
                        .subtract(a.getAffineY())
                        .multiply(b.getAffineX().subtract(a.getAffineX()).modInverse(p));
        BigInteger x =
                slope.pow(2).subtract(a.getAffineX()).subtract(b.getAffineX()).mod(p);
        BigInteger y = slope.multiply(a.getAffineX().subtract(x))
                .subtract(a.getAffineY())
                .mod(p);
        return new ECPoint(x, y);
    }
}
