package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.GoText;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a metric command told: JSON or Nagios performance data (spec 4.10). Names are sorted.
 *
 * @param time Unix seconds when it was read; 0 for never
 */
record Metrics(SortedMap<String, String> labels, SortedMap<String, Double> values, long time) {
    static Metrics none() {
        return new Metrics(new TreeMap<>(), new TreeMap<>(), 0);
    }

    /**
     * Reads an output.
     *
     * @param own labels that win over those of the output
     * @param now Unix seconds
     * @throws PortException.Refused {@code metric.output}
     */
    static Metrics read(byte[] output, JsonFormat json, Map<String, String> own, long now) {
        String text = GoText.trim(new String(output, StandardCharsets.UTF_8));
        SortedMap<String, String> labels = new TreeMap<>();
        SortedMap<String, Double> values = new TreeMap<>();
        if (text.startsWith("{")) {
            labels.put("format", "choria");
            fill(document(text, json), labels, values);
        } else {
            labels.put("format", "nagios");
            PerfData.parse(text).forEach(item -> values.put(item.label(), item.value()));
        }
        labels.putAll(own);
        return new Metrics(labels, values, now);
    }

    private static Value.Obj document(String text, JsonFormat json) {
        try {
            if (json.read(text.getBytes(StandardCharsets.UTF_8), MachinePrograms.MAX_OUTPUT) instanceof Value.Obj o) {
                return o;
            }
        } catch (PortException.Refused e) {
            throw new PortException.Refused("metric.output", "the output is no JSON: " + e.getMessage(), e);
        }
        throw new PortException.Refused("metric.output", "the output is not a JSON object");
    }

    private static void fill(Value.Obj document, Map<String, String> labels, Map<String, Double> values) {
        for (Map.Entry<String, Value> label : map(document, "labels").fields().entrySet()) {
            if (label.getValue() instanceof Value.Nil) {
                labels.put(label.getKey(), "");
                continue;
            }
            if (!(label.getValue() instanceof Value.Text text)) {
                throw new PortException.Refused("metric.output", "the label " + label.getKey() + " is not a text");
            }
            labels.put(label.getKey(), text.value());
        }
        for (Map.Entry<String, Value> metric : map(document, "metrics").fields().entrySet()) {
            if (metric.getValue() instanceof Value.Nil) {
                values.put(metric.getKey(), 0.0);
                continue;
            }
            if (!(metric.getValue() instanceof Value.Num number) || !Double.isFinite(number.asDouble())) {
                throw new PortException.Refused("metric.output", "the metric " + metric.getKey() + " is not a number");
            }
            values.put(metric.getKey(), number.asDouble());
        }
    }

    /** A map of the document; absent and null are empty. */
    private static Value.Obj map(Value.Obj document, String key) {
        return switch (document.get(key).orElse(Value.nil())) {
            case Value.Obj given -> given;
            case Value.Nil nil -> Value.obj();
            default -> throw new PortException.Refused("metric.output", "'" + key + "' is not a map");
        };
    }

    /** As machine data: without the run time. */
    Value.Obj stored() {
        return toValue(values);
    }

    /** As its state event tells it. */
    Value.Obj told(double runSeconds) {
        SortedMap<String, Double> all = new TreeMap<>(values);
        all.put("choria_runtime_seconds", runSeconds);
        return toValue(all);
    }

    private Value.Obj toValue(Map<String, Double> numbers) {
        Value.Obj texts = Value.obj();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            texts = texts.with(label.getKey(), Value.text(label.getValue()));
        }
        Value.Obj metrics = Value.obj();
        for (Map.Entry<String, Double> metric : numbers.entrySet()) {
            metrics = metrics.with(metric.getKey(), Value.num(metric.getValue()));
        }
        return Value.obj("labels", texts, "metrics", metrics).with("time", Value.num(time));
    }
}
