package io.machineroom.app.host;

import io.machineroom.ports.runtime.Meter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics through the Prometheus client, in a registry of its own. Safe from any thread. */
public final class PrometheusMeter implements Meter {
    private static final System.Logger LOG = System.getLogger(PrometheusMeter.class.getName());
    private static final String SUFFIX = "_total";

    private final Set<String> complained = ConcurrentHashMap.newKeySet();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();

    @Override
    public void count(String name, long amount) {
        guarded(name, () -> counters.computeIfAbsent(name, n -> counter(n)).inc(amount));
    }

    @Override
    public void count(String name, String label, String value, long amount) {
        guarded(
                name,
                () -> counters.computeIfAbsent(name, n -> counter(n, label))
                        .labelValues(value)
                        .inc(amount));
    }

    @Override
    public void gauge(String name, double value) {
        guarded(
                name,
                () -> gauges.computeIfAbsent(name, n -> gauge(n, new String[0])).set(value));
    }

    @Override
    public void gauge(String name, String label, String value, double number) {
        guarded(
                name,
                () -> gauges.computeIfAbsent(name, n -> gauge(n, new String[] {label}))
                        .labelValues(value)
                        .set(number));
    }

    /** The library would put {@code _total} behind a counter's name; one that must not have it is kept as a gauge. */
    @Override
    public void count(String name, Map<String, String> labels, long amount) {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        String[] names = sorted.keySet().toArray(String[]::new);
        String[] values = sorted.values().toArray(String[]::new);
        if (name.endsWith(SUFFIX)) {
            guarded(
                    name,
                    () -> counters.computeIfAbsent(name, n -> counter(n, names))
                            .labelValues(values)
                            .inc(amount));
        } else {
            guarded(
                    name,
                    () -> gauges.computeIfAbsent(name, n -> gauge(n, names))
                            .labelValues(values)
                            .inc((double) amount));
        }
    }

    @Override
    public void gauge(String name, Map<String, String> labels, double value) {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        guarded(
                name,
                () -> gauges.computeIfAbsent(name, n -> gauge(n, sorted.keySet().toArray(String[]::new)))
                        .labelValues(sorted.values().toArray(String[]::new))
                        .set(value));
    }

    /** A metric that is misnamed, or has labels in one place only, must not stop what it measures. */
    private void guarded(String name, Runnable measure) {
        try {
            measure.run();
        } catch (IllegalArgumentException | IllegalStateException e) {
            if (complained.add(name)) {
                LOG.log(System.Logger.Level.WARNING, () -> "the metric " + name + " is used in two ways: " + e);
            }
        }
    }

    /** All metrics as Prometheus text. */
    public String render() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array cannot fail", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private Counter counter(String name, String... labels) {
        String plain = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return Counter.builder().name(plain).help(help(name)).labelNames(labels).register(registry);
    }

    private Gauge gauge(String name, String[] labels) {
        return Gauge.builder().name(name).help(help(name)).labelNames(labels).register(registry);
    }

    private static String help(String name) {
        return "See docs/metrics.md, " + name + ".";
    }
}
