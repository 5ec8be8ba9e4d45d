package io.machineroom.domain.tokens;

import io.machineroom.ports.runtime.Entropy;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/**
 * A sortable unique id: whole seconds since 2014-05-13 and 128 random bits, written as 27 base-62
 * characters.
 *
 * @param text the 27 characters
 * @param seconds Unix seconds it was made from
 */
public record Ksuid(String text, long seconds) {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(62);
    private static final long EPOCH = 1_400_000_000L;
    private static final int BYTES = 20;
    private static final int LENGTH = 27;

    /** A new one for this second. */
    public static Ksuid of(long unixSeconds, Entropy entropy) {
        return of(unixSeconds, entropy.bytes(16));
    }

    static Ksuid of(long unixSeconds, byte[] payload) {
        long stamp = unixSeconds - EPOCH;
        if (stamp < 0 || stamp > 0xFFFF_FFFFL || payload.length != BYTES - 4) {
            throw new IllegalArgumentException("no ksuid for second " + unixSeconds);
        }
        BigInteger number =
                BigInteger.valueOf(stamp).shiftLeft(8 * payload.length).add(new BigInteger(1, payload));
        char[] out = new char[LENGTH];
        Arrays.fill(out, '0');
        for (int i = LENGTH - 1; number.signum() > 0; i--) {
            BigInteger[] step = number.divideAndRemainder(BASE);
            out[i] = ALPHABET.charAt(step[1].intValue());
            number = step[0];
        }
        return new Ksuid(new String(out), unixSeconds);
    }

    /** Reads one; empty when it is none. */
    public static Optional<Ksuid> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < LENGTH; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            number = number.multiply(BASE).add(BigInteger.valueOf(digit));
        }
        if (number.bitLength() > 8 * BYTES) {
            return Optional.empty();
        }
        return Optional.of(new Ksuid(text, number.shiftRight(8 * (BYTES - 4)).longValueExact() + EPOCH));
    }
}
