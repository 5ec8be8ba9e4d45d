package io.machineroom.domain.backplane;

import io.machineroom.ports.security.VerifyKey;
import java.util.HexFormat;
import java.util.Optional;

/** Reads public keys of NATS in nkey spelling: base 32 of a type byte, 32 key bytes and a CRC-16. */
final class PublicNkey {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 56;
    /** First byte of a user's key, {@code U…}. */
    static final int USER = 20 << 3;
    /** First byte of an operator's key, {@code O…}. */
    static final int OPERATOR = 14 << 3;

    private PublicNkey() {}

    /** The key; empty for anything that is not a well-formed one of that kind. */
    static Optional<VerifyKey.Ed25519> read(int kind, String nkey) {
        if (nkey.length() != LENGTH) {
            return Optional.empty();
        }
        byte[] raw = new byte[35];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = ALPHABET.indexOf(nkey.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            buffer = (buffer << 5 | digit) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                raw[at++] = (byte) (buffer >> bits);
            }
        }
        int crc = (raw[33] & 0xff) | (raw[34] & 0xff) << 8;
        if ((raw[0] & 0xff) != kind || crc != crc16(raw, 33)) {
            return Optional.empty();
        }
        return Optional.of(VerifyKey.hex(HexFormat.of().formatHex(raw, 1, 33)));
    }

    private static int crc16(byte[] data, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (data[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc;
    }
}
