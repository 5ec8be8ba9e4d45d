package io.machineroom.ports.sim;

import io.machineroom.ports.security.KeyRole;

/** The nkey spelling: base32 of prefix, bytes and a CRC-16. */
final class SimNkey {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private SimNkey() {}

    static int prefix(KeyRole.Form form) {
        return switch (form) {
            case NKEY_USER -> 0xA0;
            case NKEY_ACCOUNT -> 0;
            case NKEY_OPERATOR -> 14 << 3;
            case HEX_SEED -> throw new IllegalArgumentException("a hex seed is no nkey");
        };
    }

    static String encode(byte[] prefix, byte[] key) {
        byte[] raw = new byte[prefix.length + key.length + 2];
        System.arraycopy(prefix, 0, raw, 0, prefix.length);
        System.arraycopy(key, 0, raw, prefix.length, key.length);
        int crc = 0;
        for (int i = 0; i < raw.length - 2; i++) {
            crc ^= (raw[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xFFFF;
        }
        raw[raw.length - 2] = (byte) crc;
        raw[raw.length - 1] = (byte) (crc >> 8);
        StringBuilder out = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : raw) {
            buffer = buffer << 8 | b & 0xFF;
            for (bits += 8; bits >= 5; bits -= 5) {
                out.append(ALPHABET.charAt(buffer >> (bits - 5) & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt(buffer << (5 - bits) & 31));
        }
        return out.toString();
    }
}
