package io.machineroom.ports.stream;

import java.util.regex.Pattern;

/**
 * One opening of a spool. Two openings of copies of one spool share the ordinal and differ in the
 * random part, which is how a clone or a restored snapshot shows.
 *
 * @param lineage random name of the spool directory, made with it: 32 lower-case hex digits
 * @param ordinal counts openings of this lineage from 1
 * @param nonce 128 random bits of this opening: 32 lower-case hex digits
 */
public record Epoch(String lineage, long ordinal, String nonce) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    public Epoch {
        if (!HEX.matcher(lineage).matches() || !HEX.matcher(nonce).matches() || ordinal < 1 || ordinal > (1L << 53)) {
            throw new IllegalArgumentException("not an epoch: " + lineage + "." + ordinal + "." + nonce);
        }
    }

    /** {@code lineage.ordinal.nonce}, the form used in headers. */
    public String wire() {
        return lineage + "." + ordinal + "." + nonce;
    }

    /**
     * Reads the header form.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Epoch ofWire(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not an epoch: " + text);
        }
        return new Epoch(parts[0], Long.parseLong(parts[1]), parts[2]);
    }
}
