package io.machineroom.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of a file.
 *
 * @param first first byte, from 0
 * @param length bytes
 */
record ByteRange(long first, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * The range that was asked for. Empty for several ranges and for what is no range: then the whole is the
     * answer. A range of length 0 cannot be satisfied.
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = ONE.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? Optional.empty() : Optional.of(last(Long.parseLong(to), size));
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
        if (!to.isEmpty() && Long.parseLong(to) < first) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(first, Math.max(0, last - first + 1)));
    }

    private static ByteRange last(long count, long size) {
        long length = Math.min(count, size);
        return new ByteRange(size - length, length);
    }

    /** The header of a partial answer. */
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
