package io.machineroom.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Byte strings that are looked for in files and in the memory of living processes; Linux only. */
final class Needles {
    private static final int BLOCK = 4 << 20;
    private static final Pattern MAP = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) .*");

    private final Map<String, byte[]> wanted = new LinkedHashMap<>();
    private final List<List<String>> byFirst = new ArrayList<>();
    private int longest;

    Needles() {
        for (int i = 0; i < 1 << 16; i++) {
            byFirst.add(List.of());
        }
    }

    Needles add(String name, byte[] bytes) {
        wanted.put(name, bytes);
        longest = Math.max(longest, bytes.length);
        int first = first(bytes, 0);
        List<String> more = new ArrayList<>(byFirst.get(first));
        more.add(name);
        byFirst.set(first, more);
        return this;
    }

    /** As single bytes, as Java keeps plain text, and as two bytes a letter, as it may pass through. */
    Needles add(String name, String text) {
        return add(name, text.getBytes(StandardCharsets.US_ASCII))
                .add(name + " in UTF-16", text.getBytes(StandardCharsets.UTF_16LE));
    }

    /** Names of those that stand in any file below a folder, each with the file. */
    Set<String> inFiles(Path folder) throws IOException {
        Set<String> out = new TreeSet<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                in(Files.readAllBytes(file), Integer.MAX_VALUE)
                        .forEach(name -> out.add(name + " in " + folder.relativize(file)));
            }
        }
        return out;
    }

    /** Names of those that stand in the memory that a process can write to, which is where it keeps things. */
    Set<String> inMemory(long pid) throws IOException {
        Set<String> out = new TreeSet<>();
        long looked = 0;
        try (FileChannel memory = FileChannel.open(Path.of("/proc", Long.toString(pid), "mem"))) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps"))) {
                Matcher map = MAP.matcher(line);
                if (map.matches() && map.group(3).startsWith("rw")) {
                    long from = Long.parseUnsignedLong(map.group(1), 16);
                    looked += region(memory, from, Long.parseUnsignedLong(map.group(2), 16), out);
                }
            }
        }
        if (looked < BLOCK) {
            throw new StoryFailed("only " + looked + " bytes of process " + pid + " could be looked at");
        }
        return out;
    }

    private long region(FileChannel memory, long from, long end, Set<String> out) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK + longest);
        long looked = 0;
        for (long at = from; at < end; at += BLOCK) {
            block.clear().limit((int) Math.min(block.capacity(), end - at));
            int read;
            try {
                read = memory.read(block, at);
            } catch (IOException gone) {
                // unmapped since the list was made
                return looked;
            }
            if (read > 0) {
                looked += read;
                out.addAll(in(block.array(), read));
            }
        }
        return looked;
    }

    private Set<String> in(byte[] bytes, int most) {
        Set<String> out = new TreeSet<>();
        int length = Math.min(bytes.length, most);
        for (int i = 0; i + 1 < length; i++) {
            for (String name : byFirst.get(first(bytes, i))) {
                if (stands(bytes, i, length, wanted.getOrDefault(name, new byte[0]))) {
                    out.add(name);
                }
            }
        }
        return out;
    }

    private static boolean stands(byte[] bytes, int at, int length, byte[] needle) {
        return at + needle.length <= length
                && java.util.Arrays.equals(bytes, at, at + needle.length, needle, 0, needle.length);
    }

    private static int first(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** Whether this machine lets us look into a child's memory. */
    static boolean mayLook(long pid) {
        try (FileChannel memory = FileChannel.open(Path.of("/proc", Long.toString(pid), "mem"))) {
            return memory.isOpen();
        } catch (IOException | UncheckedIOException no) {
            return false;
        }
    }
}
