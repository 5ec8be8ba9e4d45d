package io.machineroom.ports.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a machine is reached under, and what a certificate can be made for: a DNS name, an IPv4 or an IPv6 address. Whoever gives
 * such a name and whoever takes it must mean the same, so this is the one place that knows.
 *
 * @param text up to 253 letters, digits, {@code .} and {@code -}, at both ends a letter or a digit; or an IPv6 address without
 *     brackets, zone and dots
 */
public record HostName(String text) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final Pattern LOOPBACK_4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final int GROUPS = 8;

    /**
     * Checks itself.
     *
     * @throws IllegalArgumentException when it is none
     */
    public HostName {
        if (!isHostName(text)) {
            throw new IllegalArgumentException("neither a host name nor an address");
        }
    }

    /** Whether a text is one. */
    public static boolean isHostName(String text) {
        return NAME.matcher(text).matches() || groups(text).isPresent();
    }

    /** As it stands before the port in a URL: an IPv6 address in brackets. */
    public String bracketed() {
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }

    /** Whether it names the very machine that asks: 127.0.0.0/8, {@code ::1}, {@code localhost} and names below it. */
    public boolean isLoopback() {
        String small = text.toLowerCase(Locale.ROOT);
        return small.equals("localhost")
                || small.endsWith(".localhost")
                || LOOPBACK_4.matcher(text).matches()
                || groups(text).filter(HostName::isOne).isPresent();
    }

    private static boolean isOne(List<Integer> groups) {
        return groups.getLast() == 1 && groups.subList(0, GROUPS - 1).stream().allMatch(group -> group == 0);
    }

    /** The eight groups of an IPv6 address; empty when a text is none. */
    private static Optional<List<Integer>> groups(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return part(text).filter(all -> all.size() == GROUPS);
        }
        Optional<List<Integer>> head = part(text.substring(0, gap));
        Optional<List<Integer>> tail = part(text.substring(gap + 2));
        if (head.isEmpty() || tail.isEmpty() || head.get().size() + tail.get().size() >= GROUPS) {
            return Optional.empty();
        }
        List<Integer> all = new ArrayList<>(head.get());
        while (all.size() + tail.get().size() < GROUPS) {
            all.add(0);
        }
        all.addAll(tail.get());
        return Optional.of(all);
    }

    private static Optional<List<Integer>> part(String text) {
        if (text.isEmpty()) {
            return Optional.of(List.of());
        }
        String[] groups = text.split(":", -1);
        boolean hex =
                Arrays.stream(groups).allMatch(group -> GROUP.matcher(group).matches());
        return hex
                ? Optional.of(Arrays.stream(groups)
                        .map(group -> Integer.parseInt(group, 16))
                        .toList())
                : Optional.empty();
    }
}
