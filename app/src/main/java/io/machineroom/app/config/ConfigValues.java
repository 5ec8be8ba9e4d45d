package io.machineroom.app.config;

import io.machineroom.ports.watcher.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of a configuration to values and back; every fault is a sentence. */
public final class ConfigValues {
    private static final Pattern SIZE =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|KiB|MiB|GiB|TiB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PROXY = Pattern.compile("http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]):(\\d{1,5})/?");
    private static final Map<String, Long> UNITS =
            Map.of("b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);
    private static final Set<String> TRUE = Set.of("1", "yes", "true", "y", "t");
    private static final Set<String> FALSE = Set.of("0", "no", "false", "n", "f");

    private ConfigValues() {}

    /**
     * Bytes of {@code 64MiB}; a bare number counts bytes.
     *
     * @throws IllegalArgumentException with the sentence for people
     */
    public static long bytes(String text) {
        Matcher m = SIZE.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no size; write 512KiB, 64MiB or 1GiB");
        }
        String unit = m.group(2) == null ? "b" : m.group(2).toLowerCase(Locale.ROOT);
        return new BigDecimal(m.group(1))
                .multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)))
                .longValue();
    }

    /**
     * A duration; bare digits count seconds, as in Choria's configuration.
     *
     * @throws IllegalArgumentException with the sentence for people
     */
    public static Duration duration(String text) {
        String t = text.strip();
        return t.matches("\\d{1,12}") ? Duration.ofSeconds(Long.parseLong(t)) : Durations.parse(t);
    }

    /**
     * True or false.
     *
     * @throws IllegalArgumentException with the sentence for people
     */
    public static boolean bool(String text) {
        String t = text.strip().toLowerCase(Locale.ROOT);
        if (TRUE.contains(t)) {
            return true;
        }
        if (FALSE.contains(t)) {
            return false;
        }
        throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    }

    /** What is wrong with a value of a key; empty when nothing. */
    public static String fault(ConfigKey key, String text) {
        try {
            return switch (key.kind()) {
                case TEXT, PATH -> text(key, text);
                case BOOL -> {
                    bool(text);
                    yield "";
                }
                case CHOICE ->
                    ConfigKeys.choices(key).contains(text)
                            ? ""
                            : "'" + text + "' is not one of " + String.join(", ", ConfigKeys.choices(key));
                case WHOLE ->
                    bounds(
                            key,
                            text,
                            Long.parseLong(text.strip()),
                            Long.parseLong(key.least()),
                            Long.parseLong(key.most()));
                case BYTES -> bounds(key, text, bytes(text), bytes(key.least()), bytes(key.most()));
                case DURATION ->
                    bounds(
                            key,
                            text,
                            duration(text).toNanos(),
                            duration(key.least()).toNanos(),
                            duration(key.most()).toNanos());
            };
        } catch (NumberFormatException e) {
            return "'" + text + "' is no whole number";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String text(ConfigKey key, String text) {
        if (text.chars().anyMatch(c -> c < ' ')) {
            return "holds a control character";
        }
        if (key.name().equals(ConfigKeys.MAX_RATE)) {
            return RateText.read(text).isEmpty() ? "is empty" : "";
        }
        if (key.name().equals(ConfigKeys.NO_PROXY)) {
            NoProxy.parse(text);
        }
        // the value itself may be a password in the wrong place
        return key.name().equals(ConfigKeys.HTTPS_PROXY) && hostPort(text).isEmpty()
                ? "is not of the form http://host:port; user and password belong into link.https_proxy_credentials"
                : "";
    }

    /** Host, in square brackets when it is an IPv6 address, and port of {@code http://host:port}. */
    public static Optional<Map.Entry<String, Integer>> hostPort(String url) {
        Matcher m = PROXY.matcher(url.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(m.group(2));
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(Map.entry(m.group(1), port));
    }

    private static String bounds(ConfigKey key, String text, long value, long least, long most) {
        return value < least || value > most
                ? "'" + text + "' is out of bounds: " + key.least() + " to " + key.most()
                : "";
    }
}
