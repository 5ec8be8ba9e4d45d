package io.machineroom.ports.sim;

import io.machineroom.ports.host.MetricFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metric files in memory. */
public final class SimMetricFiles implements MetricFiles {
    private final Map<String, Map<String, List<Sample>>> shown = new TreeMap<>();

    @Override
    public void show(String file, String owner, List<Sample> samples) {
        shown.computeIfAbsent(file, name -> new LinkedHashMap<>()).put(owner, List.copyOf(samples));
    }

    @Override
    public void forget(String file, String owner) {
        shown.getOrDefault(file, new LinkedHashMap<>()).remove(owner);
    }

    /** What an owner shows in a file, as it came. */
    public List<Sample> samples(String file, String owner) {
        return shown.getOrDefault(file, Map.of()).getOrDefault(owner, List.of());
    }

    /** The lines of a file, names sorted. */
    public List<String> lines(String file) {
        Map<String, Map<String, String>> families = new TreeMap<>();
        shown.getOrDefault(file, Map.of()).values().stream()
                .flatMap(List::stream)
                .forEach(sample -> {
                    String labels = sample.labels().entrySet().stream()
                            .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                            .collect(Collectors.joining(","));
                    families.computeIfAbsent(sample.name(), name -> new LinkedHashMap<>())
                            .putIfAbsent(labels.isEmpty() ? "" : "{" + labels + "}", sample.value());
                });
        List<String> lines = new ArrayList<>();
        families.forEach((name, values) -> values.forEach((labels, value) -> lines.add(name + labels + " " + value)));
        return lines;
    }
}
