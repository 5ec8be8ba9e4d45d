package io.machineroom.ports.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A message with all values of all its headers.
 *
 * @param subject literal
 * @param headers names in their order, with their values
 * @param body not copied: nobody changes it
 */
public record CopyMessage(String subject, Map<String, List<String>> headers, byte[] body) {
    public CopyMessage {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copy);
    }

    /** The first value of a header, whatever its case. */
    public Optional<String> header(String name) {
        return headers.entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(name) && !e.getValue().isEmpty())
                .map(e -> e.getValue().getFirst())
                .findFirst();
    }

    /** A copy with one more value of a header. */
    public CopyMessage adding(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, values);
        return new CopyMessage(subject, more, body);
    }

    /** A copy without the headers whose lower-case name passes. */
    public CopyMessage without(java.util.function.Predicate<String> lowerCaseName) {
        Map<String, List<String>> less = new LinkedHashMap<>(headers);
        less.keySet().removeIf(name -> lowerCaseName.test(name.toLowerCase(Locale.ROOT)));
        return new CopyMessage(subject, less, body);
    }

    /** A copy for another subject. */
    public CopyMessage at(String other) {
        return new CopyMessage(other, headers, body);
    }

    /** Bytes of subject, headers and body, about what a server counts. */
    public long size() {
        long bytes = body.length + (long) subject.length();
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            for (String value : header.getValue()) {
                bytes += header.getKey().length() + value.length() + 4L;
            }
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CopyMessage m
                && subject.equals(m.subject)
                && headers.equals(m.headers)
                && java.util.Arrays.equals(body, m.body);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(subject, headers, java.util.Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return subject + " " + headers + " " + body.length + " bytes";
    }
}
