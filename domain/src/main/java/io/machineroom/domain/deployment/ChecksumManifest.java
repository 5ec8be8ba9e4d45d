package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sums of all files of a directory, {@code SHA256SUMS}: one line a file, 64 hex digits, white space, relative
 * path. Compares both ways: what is listed must be there and equal, what is there must be listed. Immutable.
 */
public final class ChecksumManifest {
    /** Name of the file inside a plugin. */
    public static final String FILE = "SHA256SUMS";
    /** Largest file that is read: 4 MiB. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64})(?: \\*|\\s+)(\\S.*)");

    private final SortedMap<String, String> sums;

    private ChecksumManifest(SortedMap<String, String> sums) {
        this.sums = sums;
    }

    /**
     * The manifest of given files.
     *
     * @param sums SHA-256 in hex by relative path
     */
    public static ChecksumManifest of(Map<String, String> sums) {
        return new ChecksumManifest(new TreeMap<>(sums));
    }

    /**
     * Reads the text of a sums file. A line about the sums file itself is left out; empty lines are skipped.
     *
     * @throws PortException.Refused {@code archive.sums} naming the line
     */
    public static ChecksumManifest parse(byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new PortException.Refused("archive.sums", "the sums file is larger than " + MAX_BYTES + " bytes");
        }
        SortedMap<String, String> sums = new TreeMap<>();
        int number = 0;
        for (String line : new String(content, StandardCharsets.UTF_8).split("\r?\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new PortException.Refused("archive.sums", "invalid sums file: malformed line " + number);
            }
            String path = clean(matcher.group(2), number);
            String sum = matcher.group(1).toLowerCase(Locale.ROOT);
            if (path.equals(FILE)) {
                continue;
            }
            String before = sums.put(path, sum);
            if (before != null && !before.equals(sum)) {
                throw new PortException.Refused(
                        "archive.sums", "invalid sums file: line " + number + " contradicts an earlier one");
            }
        }
        return new ChecksumManifest(sums);
    }

    /** The text form, sorted by path, as {@code sha256sum} writes it. */
    public byte[] text() {
        StringBuilder out = new StringBuilder();
        sums.forEach((path, sum) -> out.append(sum).append("  ").append(path).append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** SHA-256 in lower-case hex by relative path, sorted; without the sums file itself. */
    public SortedMap<String, String> sums() {
        return java.util.Collections.unmodifiableSortedMap(sums);
    }

    /**
     * Compares with what is there.
     *
     * @param actual SHA-256 in hex by relative path of every file and link; the sums file itself does not matter
     */
    public Difference compare(Map<String, String> actual) {
        List<String> missing = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        List<String> extra = new ArrayList<>();
        sums.forEach((path, sum) -> {
            String found = actual.get(path);
            if (found == null) {
                missing.add(path);
            } else if (!found.equalsIgnoreCase(sum)) {
                changed.add(path);
            }
        });
        for (String path : actual.keySet()) {
            if (!sums.containsKey(path) && !path.equals(FILE)) {
                extra.add(path);
            }
        }
        return new Difference(missing, changed, extra);
    }

    private static String clean(String given, int number) {
        String path = given.startsWith("./") ? given.substring(2) : given;
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new PortException.Refused(
                        "archive.sums", "invalid sums file: line " + number + " leaves its directory");
            }
        }
        return path;
    }

    /** What differs, as relative paths in order. */
    public record Difference(List<String> missing, List<String> changed, List<String> extra) {
        public Difference {
            missing = List.copyOf(missing);
            changed = List.copyOf(changed);
            extra = extra.stream().sorted().toList();
        }

        public boolean none() {
            return missing.isEmpty() && changed.isEmpty() && extra.isEmpty();
        }

        @Override
        public String toString() {
            return "missing " + missing + ", changed " + changed + ", not listed " + extra;
        }
    }
}
