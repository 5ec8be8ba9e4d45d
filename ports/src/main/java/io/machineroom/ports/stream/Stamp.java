package io.machineroom.ports.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a message, or of a void, in its node's history (architecture 2.22). Given by the
 * spool's one writer, never changed afterwards.
 *
 * @param epoch the opening in which it was appended
 * @param previous the last non-empty opening of this lineage and lane before it, with its last number;
 *     null for the first
 * @param lane the lane
 * @param from first number covered, from 1
 * @param through last number covered; equals {@code from} unless this is a void
 * @param voidCause why these numbers will never be sent, one of {@link #CAUSES}; null for a message
 */
public record Stamp(
        Epoch epoch,
        @Nullable EpochEnd previous,
        Lane lane,
        long from,
        long through,
        @Nullable String voidCause) {
    /** Largest number: far beyond use, far from an overflow. */
    public static final long MOST = 1L << 53;

    /** Why numbers may be void; whoever receives takes all of these ({@code docs/protocol.md} section 2). */
    public static final Set<String> CAUSES =
            Set.of("overflow", "expired", "superseded", "parked", "damaged", "capacity");

    private static final Pattern CAUSE = Pattern.compile("[a-z-]{1,32}");

    public Stamp {
        if (from < 1 || through < from || through > MOST || (voidCause == null && through != from)) {
            throw new IllegalArgumentException("numbers " + from + ".." + through);
        }
        if (voidCause != null && !CAUSE.matcher(voidCause).matches()) {
            throw new IllegalArgumentException("a cause is 1 to 32 lower-case letters and dashes");
        }
    }

    public static Stamp message(Epoch epoch, @Nullable EpochEnd previous, Lane lane, long number) {
        return new Stamp(epoch, previous, lane, number, number, null);
    }

    public boolean isVoid() {
        return voidCause != null;
    }

    public Optional<String> cause() {
        return Optional.ofNullable(voidCause);
    }

    /** The same numbers, declared void. */
    public Stamp voided(String cause) {
        return new Stamp(epoch, previous, lane, from, through, cause);
    }

    /** The header form ({@code docs/protocol.md} section 2). */
    public Map<String, String> headers() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Mr-Epoch", epoch.wire());
        if (previous != null) {
            out.put("Mr-Previous", previous.wire());
        }
        out.put("Mr-Lane", lane.wireName());
        out.put("Mr-Number", from == through && voidCause == null ? Long.toString(from) : from + "-" + through);
        if (voidCause != null) {
            out.put("Mr-Void", voidCause);
        }
        return out;
    }

    /**
     * Reads the header form; other headers are ignored.
     *
     * @throws IllegalArgumentException when a header is missing or malformed
     */
    public static Stamp ofHeaders(Map<String, String> headers) {
        String number = required(headers, "Mr-Number");
        int dash = number.indexOf('-');
        long from = Long.parseLong(dash < 0 ? number : number.substring(0, dash));
        long through = dash < 0 ? from : Long.parseLong(number.substring(dash + 1));
        String previous = headers.get("Mr-Previous");
        return new Stamp(
                Epoch.ofWire(required(headers, "Mr-Epoch")),
                previous == null ? null : EpochEnd.ofWire(previous),
                Lane.ofWire(required(headers, "Mr-Lane")),
                from,
                through,
                headers.get("Mr-Void"));
    }

    private static String required(Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " is missing");
        }
        return value;
    }

    /**
     * How an earlier opening ended.
     *
     * @param epoch that opening
     * @param last the last number it assigned in the lane
     */
    public record EpochEnd(Epoch epoch, long last) {
        public EpochEnd {
            if (last < 0 || last > MOST) {
                throw new IllegalArgumentException("last number " + last);
            }
        }

        /** {@code <epoch>/<last>}. */
        public String wire() {
            return epoch.wire() + "/" + last;
        }

        /**
         * Reads the header form.
         *
         * @throws IllegalArgumentException when it is none
         */
        public static EpochEnd ofWire(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("not the end of an epoch: " + text);
            }
            return new EpochEnd(Epoch.ofWire(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
        }
    }
}
