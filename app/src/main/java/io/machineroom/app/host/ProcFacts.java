package io.machineroom.app.host;

import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Linux tells about memory, swap and microcode and OSHI does not pass on, in the field names and units that
 * Choria's facts have: bytes, except for counts of huge pages. A line that the kernel does not write is 0, and so is
 * everything on systems without these files.
 */
final class ProcFacts {
    private static final Map<String, String> MEMORY = fields();
    /** Counted in pages by their kernel names, told in bytes of 4 KiB pages as the original does. */
    private static final long PAGE = 4_096;

    private final Path proc;

    ProcFacts() {
        this(Path.of("/proc"));
    }

    ProcFacts(Path proc) {
        this.proc = proc;
    }

    private static Map<String, String> fields() {
        Map<String, String> out = new LinkedHashMap<>();
        String names = """
                free MemFree, active Active, inactive Inactive, wired -, laundry -, buffers Buffers, cached Cached,
                writeBack Writeback, dirty Dirty, writeBackTmp WritebackTmp, shared Shmem, slab Slab,
                sreclaimable SReclaimable, sunreclaim SUnreclaim, pageTables PageTables, swapCached SwapCached,
                commitLimit CommitLimit, committedAS Committed_AS, highTotal HighTotal, highFree HighFree,
                lowTotal LowTotal, lowFree LowFree, mapped Mapped, vmallocTotal VmallocTotal,
                vmallocUsed VmallocUsed, vmallocChunk VmallocChunk, hugePagesTotal HugePages_Total,
                hugePagesFree HugePages_Free, hugePagesRsvd HugePages_Rsvd, hugePagesSurp HugePages_Surp,
                hugePageSize Hugepagesize, anonHugePages AnonHugePages
                """;
        for (String pair : names.strip().split(",\\s*", -1)) {
            int blank = pair.indexOf(' ');
            out.put(pair.substring(0, blank), pair.substring(blank + 1));
        }
        return out;
    }

    /** All fields of {@code memory.virtual} that are not counted elsewhere. */
    Map<String, Value> memory() {
        Map<String, Long> lines = new LinkedHashMap<>();
        for (String[] words : words("meminfo")) {
            if (words.length > 1) {
                long unit = words.length > 2 && words[2].equals("kB") ? 1_024 : 1;
                lines.put(words[0].replace(":", ""), whole(words[1]) * unit);
            }
        }
        Map<String, Value> out = new LinkedHashMap<>();
        MEMORY.forEach((field, line) -> out.put(field, Value.num(lines.getOrDefault(line, 0L))));
        long reclaimable = lines.getOrDefault("SReclaimable", 0L);
        out.put("cached", Value.num(lines.getOrDefault("Cached", 0L) + reclaimable));
        return out;
    }

    /** Page counts of {@code memory.swap.info}. */
    Map<String, Value> paging() {
        Map<String, Long> lines = new LinkedHashMap<>();
        for (String[] words : words("vmstat")) {
            if (words.length > 1) {
                lines.put(words[0], whole(words[1]));
            }
        }
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("pgIn", Value.num(lines.getOrDefault("pgpgin", 0L) * PAGE));
        out.put("pgOut", Value.num(lines.getOrDefault("pgpgout", 0L) * PAGE));
        out.put("pgFault", Value.num(lines.getOrDefault("pgfault", 0L) * PAGE));
        out.put("pgMajFault", Value.num(lines.getOrDefault("pgmajfault", 0L) * PAGE));
        return out;
    }

    /** {@code memory.swap.devices}. */
    Value.Arr swapDevices() {
        List<Value> out = new ArrayList<>();
        for (String[] words : words("swaps")) {
            if (words.length >= 4 && words[0].startsWith("/")) {
                long used = whole(words[3]) * 1_024;
                out.add(Value.obj(
                        "name",
                        Value.text(words[0].replace("\\040", " ")),
                        "usedBytes",
                        Value.num(used),
                        "freeBytes",
                        Value.num(whole(words[2]) * 1_024 - used)));
            }
        }
        return new Value.Arr(out);
    }

    /** The microcode's version, the same for all processors; empty where it is not told. */
    String microcode() {
        for (String[] words : words("cpuinfo")) {
            if (words.length >= 3 && words[0].equals("microcode")) {
                return words[2];
            }
        }
        return "";
    }

    private List<String[]> words(String name) {
        Path file = proc.resolve(name);
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long whole(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }
}
