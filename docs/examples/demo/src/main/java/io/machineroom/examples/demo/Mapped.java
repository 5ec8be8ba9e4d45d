package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the resident memory of a process is made of, by what is mapped there. */
final class Mapped {
    private static final Pattern HEAD = Pattern.compile("[0-9a-f]+-[0-9a-f]+ (\\S{4}) \\S+ \\S+ \\S+ *(.*)");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

    private Mapped() {}

    /** Megabytes by kind, the largest first. */
    static Map<String, Double> of(long pid) throws IOException {
        Map<String, Double> out = new HashMap<>();
        String kind = "";
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            Matcher head = HEAD.matcher(line);
            Matcher resident = RESIDENT.matcher(line);
            if (head.matches()) {
                kind = kind(head.group(1), head.group(2));
            } else if (resident.matches()) {
                out.merge(kind, Long.parseLong(resident.group(1)) / 1024.0, Double::sum);
            }
        }
        return out.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first, LinkedHashMap::new));
    }

    private static String kind(String access, String name) {
        if (name.endsWith(".aot") || name.endsWith(".jsa")) {
            return "start-up cache";
        }
        if (name.endsWith("/libjvm.so")) {
            return "libjvm.so";
        }
        if (name.startsWith("/")) {
            return name.contains(".cq4") ? "spool files" : "other files";
        }
        if (name.equals("[heap]")) {
            return "heap of the C library";
        }
        return access.contains("x") ? "compiled code" : "Java heap, metaspace, stacks";
    }
}
