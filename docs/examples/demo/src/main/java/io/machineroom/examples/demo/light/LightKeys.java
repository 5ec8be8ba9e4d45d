package io.machineroom.examples.demo.light;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An Ed25519 key of a light node, in memory only. */
final class LightKeys {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final byte USER = (byte) (20 << 3);
    private static final int KEY_BYTES = 32;

    private final KeyPair pair;

    LightKeys() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    private byte[] publicKey() {
        byte[] encoded = pair.getPublic().getEncoded(); // the key is the end of its X.509 form
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    String hex() {
        return HexFormat.of().formatHex(publicKey());
    }

    /** The public key of a NATS user: {@code U…}, base32 of prefix, key and CRC-16 (XMODEM). */
    String user() {
        byte[] raw = new byte[1 + KEY_BYTES + 2];
        raw[0] = USER;
        System.arraycopy(publicKey(), 0, raw, 1, KEY_BYTES);
        int crc = 0;
        for (int i = 0; i <= KEY_BYTES; i++) {
            crc ^= (raw[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
        }
        raw[1 + KEY_BYTES] = (byte) crc;
        raw[2 + KEY_BYTES] = (byte) (crc >> 8);
        return base32(raw);
    }

    private static String base32(byte[] raw) {
        StringBuilder out = new StringBuilder(56);
        int buffer = 0;
        int bits = 0;
        for (byte b : raw) {
            buffer = buffer << 8 | b & 0xff;
            for (bits += 8; bits >= 5; bits -= 5) {
                out.append(ALPHABET.charAt(buffer >> bits - 5 & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        return out.toString();
    }

    byte[] sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs", e);
        }
    }

    String signHex(String text) {
        return HexFormat.of().formatHex(sign(text));
    }

    String signUrl(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sign(text));
    }
}
