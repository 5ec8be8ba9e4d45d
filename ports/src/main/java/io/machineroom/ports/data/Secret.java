package io.machineroom.ports.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Bytes that must not be seen: tokens, seeds, passwords. Prints as {@code ***} and has no encoder.
 */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Hands a copy of the bytes to the one place that needs them. */
    public <T> T use(Function<byte[], T> user) {
        return user.apply(bytes.clone());
    }

    /** Hands the text to the one place that needs it, for a header or a file of the owner. */
    public <T> T useText(Function<String, T> user) {
        return user.apply(new String(bytes, StandardCharsets.UTF_8));
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret s && java.security.MessageDigest.isEqual(bytes, s.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
