package io.machineroom.ports.security;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** A public key. */
public sealed interface VerifyKey {
    /**
     * An Ed25519 public key.
     *
     * @param hexText 64 lower-case hex digits
     */
    record Ed25519(String hexText) implements VerifyKey {
        private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

        public Ed25519 {
            hexText = hexText.toLowerCase(java.util.Locale.ROOT);
            if (!HEX.matcher(hexText).matches()) {
                throw new IllegalArgumentException(
                        "an Ed25519 public key is 64 hex digits, this is " + hexText.length() + " characters");
            }
        }

        /** The 32 bytes. */
        public byte[] bytes() {
            return HexFormat.of().parseHex(hexText);
        }
    }

    /**
     * An RSA public key.
     *
     * @param pem text of a {@code PUBLIC KEY} or {@code CERTIFICATE} PEM block
     */
    record Rsa(String pem) implements VerifyKey {}

    /**
     * An Ed25519 key from hex; surrounding white space is dropped.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Ed25519 hex(String text) {
        return new Ed25519(text.strip());
    }
}
