package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A service that a gossip watcher makes known (spec 4.6).
 *
 * @param priority lower is preferred
 */
record Registration(
        String cluster,
        String service,
        String protocol,
        String address,
        long port,
        long priority,
        Map<String, String> annotations,
        String prefix) {
    private static final String PREFIX = "$KV.CHORIA_SERVICES";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z\\d_-]*");
    private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d");

    /** Reads the property {@code registration}; empty when it is absent. Faults are noted there. */
    static Optional<Registration> read(Properties properties) {
        Value given = properties.value("registration").orElse(Value.nil());
        if (given instanceof Value.Nil) {
            return Optional.empty();
        }
        if (!(given instanceof Value.Obj fields)) {
            properties.problem("registration", "registration must be a map");
            return Optional.empty();
        }
        Properties inner = new Properties(fields, "registration", path -> 0);
        Registration read = new Registration(
                name(inner, "cluster"),
                name(inner, "service"),
                name(inner, "protocol"),
                ip(inner),
                inner.whole("port", 0, 0, 65_535),
                inner.whole("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                new TreeMap<>(inner.textMap("annotations")),
                inner.text("prefix").filter(p -> !p.isEmpty()).orElse(PREFIX));
        if (read.port == 0) {
            inner.problem("port", "port is required");
        }
        inner.faults().forEach(fault -> properties.problem("registration", fault.message()));
        return Optional.of(read);
    }

    private static String name(Properties properties, String name) {
        String text = properties.required(name);
        if (!text.isEmpty() && !NAME.matcher(text).matches()) {
            properties.problem(name, "invalid " + name);
        }
        return text;
    }

    private static String ip(Properties properties) {
        String text = properties.required("ip");
        if (!text.isEmpty() && !isV4(text) && !isV6(text)) {
            properties.problem("ip", "invalid ip");
        }
        return text;
    }

    private static boolean isV4(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length == 4
                && java.util.Arrays.stream(parts)
                        .allMatch(part -> BYTE.matcher(part).matches());
    }

    private static boolean isV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int groups = groups(gap < 0 ? text : text.substring(0, gap), gap >= 0)
                + (gap < 0 ? 0 : groups(text.substring(gap + 2), true));
        return gap < 0 ? groups == 8 : groups >= 0 && groups < 8;
    }

    /** Groups of 16 bits; far below zero when one is wrong. The last part may be an IPv4 address. */
    private static int groups(String text, boolean mayBeEmpty) {
        if (text.isEmpty()) {
            return mayBeEmpty ? 0 : -100;
        }
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean v4 = i == parts.length - 1 && isV4(parts[i]);
            if (!v4 && !parts[i].matches("[0-9a-f]{1,4}")) {
                return -100;
            }
            count += v4 ? 2 : 1;
        }
        return count;
    }

    /**
     * Where it is published.
     *
     * @param instance unique for what registers, one subject token
     */
    String subject(String instance) {
        return String.join(".", prefix, cluster, protocol, service, instance);
    }

    /** What is published. */
    Value.Obj payload() {
        Value.Obj out = Value.obj("cluster", Value.text(cluster), "service", Value.text(service))
                .with("protocol", Value.text(protocol))
                .with("address", Value.text(address))
                .with("port", Value.num(port))
                .with("priority", Value.num(priority));
        if (annotations.isEmpty()) {
            return out;
        }
        Value.Obj texts = Value.obj();
        for (Map.Entry<String, String> one : annotations.entrySet()) {
            texts = texts.with(one.getKey(), Value.text(one.getValue()));
        }
        return out.with("annotations", texts);
    }
}
