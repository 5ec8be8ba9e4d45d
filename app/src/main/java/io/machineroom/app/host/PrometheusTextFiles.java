package io.machineroom.app.host;

import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.MetricFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text files in the folder of the node exporter, mode 0644, each replaced as a whole. Nothing without such a folder. */
public final class PrometheusTextFiles implements MetricFiles {
    private final @Nullable Path folder;
    private final HostFiles files;
    private final Map<String, Map<String, List<Sample>>> shown = new HashMap<>();

    /** Files in a folder that must be there already; null for none. */
    public PrometheusTextFiles(@Nullable Path folder, HostFiles files) {
        this.folder = folder;
        this.files = files;
    }

    @Override
    public void show(String file, String owner, List<Sample> samples) {
        if (folder == null) {
            return;
        }
        synchronized (shown) {
            shown.computeIfAbsent(file, name -> new LinkedHashMap<>()).put(owner, List.copyOf(samples));
            write(folder, file);
        }
    }

    @Override
    public void forget(String file, String owner) {
        if (folder == null) {
            return;
        }
        synchronized (shown) {
            Map<String, List<Sample>> owners = shown.get(file);
            if (owners != null && owners.remove(owner) != null) {
                write(folder, file);
            }
        }
    }

    private void write(Path into, String file) {
        if (files.info(into).isEmpty()) {
            return;
        }
        byte[] text = text(shown.getOrDefault(file, Map.of())).getBytes(StandardCharsets.UTF_8);
        files.replace(into.resolve(file), text, 0644, "", "");
    }

    private static String text(Map<String, List<Sample>> owners) {
        Map<String, Map<String, Sample>> families = new TreeMap<>();
        owners.values().stream()
                .flatMap(List::stream)
                .forEach(sample -> families.computeIfAbsent(sample.name(), name -> new LinkedHashMap<>())
                        .putIfAbsent(labels(sample), sample));
        StringBuilder out = new StringBuilder();
        families.forEach((name, lines) -> {
            Optional<Sample> first = lines.values().stream().findFirst();
            first.ifPresent(one -> out.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(one.help())
                    .append("\n# TYPE ")
                    .append(name)
                    .append(one.counter() ? " counter\n" : " gauge\n"));
            lines.forEach((labels, sample) -> out.append(name)
                    .append(labels)
                    .append(' ')
                    .append(sample.value())
                    .append('\n'));
        });
        return out.toString();
    }

    private static String labels(Sample sample) {
        if (sample.labels().isEmpty()) {
            return "";
        }
        return sample.labels().entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
