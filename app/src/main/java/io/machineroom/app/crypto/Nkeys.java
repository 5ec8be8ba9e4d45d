package io.machineroom.app.crypto;

import io.machineroom.ports.security.KeyRole;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The nkey spelling of NATS: base32 without padding of prefix, key and CRC-16 (XMODEM, little endian). */
final class Nkeys {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SEED = 18 << 3;
    private static final int KEY_BYTES = 32;

    private Nkeys() {}

    static String seed(KeyRole.Form form, byte[] seed) {
        int type = type(form);
        byte[] prefix = {(byte) (SEED | type >> 5), (byte) ((type & 31) << 3)};
        return encode(prefix, seed);
    }

    static String publicKey(KeyRole.Form form, byte[] key) {
        return encode(new byte[] {(byte) type(form)}, key);
    }

    /** The 32 bytes of a seed of that form; null when the text is none. */
    static byte @Nullable [] seedBytes(KeyRole.Form form, String text) {
        byte[] raw = decode(text);
        int type = type(form);
        if (raw == null
                || raw.length != KEY_BYTES + 4
                || (raw[0] & 0xFF) != (SEED | type >> 5)
                || (raw[1] & 0xFF) != (type & 31) << 3) {
            return null;
        }
        int crc = crc(raw, raw.length - 2);
        boolean intact = (raw[raw.length - 2] & 0xFF) == (crc & 0xFF) && (raw[raw.length - 1] & 0xFF) == crc >> 8;
        return intact ? Arrays.copyOfRange(raw, 2, 2 + KEY_BYTES) : null;
    }

    private static int type(KeyRole.Form form) {
        return switch (form) {
            case NKEY_USER -> 20 << 3;
            case NKEY_ACCOUNT -> 0;
            case NKEY_OPERATOR -> 14 << 3;
            case HEX_SEED -> throw new IllegalArgumentException("a hex seed has no nkey spelling");
        };
    }

    private static String encode(byte[] prefix, byte[] key) {
        byte[] raw = Arrays.copyOf(prefix, prefix.length + key.length + 2);
        System.arraycopy(key, 0, raw, prefix.length, key.length);
        int crc = crc(raw, raw.length - 2);
        raw[raw.length - 2] = (byte) crc;
        raw[raw.length - 1] = (byte) (crc >> 8);
        StringBuilder out = new StringBuilder(raw.length * 8 / 5 + 1);
        int buffer = 0;
        int bits = 0;
        for (byte b : raw) {
            buffer = (buffer << 8 | b & 0xFF) & 0xFFFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(ALPHABET.charAt(buffer >> bits & 31));
            }
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt(buffer << 5 - bits & 31));
        }
        return out.toString();
    }

    private static byte @Nullable [] decode(String text) {
        byte[] out = new byte[text.length() * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            buffer = (buffer << 5 | digit) & 0xFFFF;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                out[at] = (byte) (buffer >> bits);
                at++;
            }
        }
        return out;
    }

    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xFFFF;
        }
        return crc;
    }
}
