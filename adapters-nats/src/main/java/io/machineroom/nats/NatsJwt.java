package io.machineroom.nats;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Signs the JWTs of NATS: {@code ed25519-nkey}, with a digest of the claims as their id. */
final class NatsJwt {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final JsonFormat json;

    NatsJwt(JsonFormat json) {
        this.json = json;
    }

    String signed(Keyring keys, KeyRole issuer, Value.Obj claims) {
        Value.Obj header = Value.obj("typ", Value.text("JWT"), "alg", Value.text("ed25519-nkey"));
        Value.Obj named = claims.with("jti", Value.text(base32(digest(json.write(claims)))));
        String text = URL.encodeToString(json.write(header)) + "." + URL.encodeToString(json.write(named));
        byte[] signature = keys.sign(issuer, text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + URL.encodeToString(signature);
    }

    private static byte[] digest(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** RFC 4648 without padding. */
    static String base32(byte[] data) {
        StringBuilder out = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : data) {
            buffer = (buffer << 8) | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
        }
        return out.toString();
    }
}
