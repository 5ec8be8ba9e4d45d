package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.host.MetricFiles.Sample;
import io.machineroom.ports.watcher.WatcherContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What watchers show to Prometheus, and how names are made for it. */
final class PrometheusSamples {
    private static final System.Logger LOG = System.getLogger(PrometheusSamples.class.getName());
    private static final String METRICS = "choria_machine_metrics_watcher_status.prom";
    private static final String CHECKS = "choria_machine_nagios_watcher_status.prom";

    private final String file;
    private final WatcherContext context;

    private PrometheusSamples(String file, WatcherContext context) {
        this.file = file;
        this.context = context;
    }

    static PrometheusSamples metrics(WatcherContext context) {
        return new PrometheusSamples(METRICS, context);
    }

    static PrometheusSamples checks(WatcherContext context) {
        return new PrometheusSamples(CHECKS, context);
    }

    private String owner() {
        return context.machineName() + "#" + context.watcherName();
    }

    /** Shows them in place of what this watcher showed before; a file that cannot be written is only logged. */
    void show(List<Sample> samples) {
        try {
            context.port(MetricFiles.class).ifPresent(files -> files.show(file, owner(), samples));
        } catch (PortException e) {
            LOG.log(System.Logger.Level.WARNING, () -> owner() + ": " + e.code() + ": " + e.getMessage());
        }
    }

    void forget() {
        try {
            context.port(MetricFiles.class).ifPresent(files -> files.forget(file, owner()));
        } catch (PortException e) {
            LOG.log(System.Logger.Level.WARNING, () -> owner() + ": " + e.code() + ": " + e.getMessage());
        }
    }

    /** Gauges of a metric watcher; labels are told with the machine that they come from. */
    static List<Sample> gauges(WatcherContext context, Map<String, String> labels, Map<String, Double> metrics) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("machine", plain(context.machineName()));
        labels.forEach((name, value) -> told.put(name(plain(name)), plain(value)));
        List<Sample> samples = new ArrayList<>();
        metrics.forEach((metric, value) -> samples.add(new Sample(
                name("choria_machine_metric_watcher_" + plain(context.watcherName()) + "_" + metric),
                "Choria Metric",
                false,
                told,
                decimals(value))));
        return samples;
    }

    /** Six decimals, as the original writes values. */
    static String decimals(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        return new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replace(' ', '_')
                .replace(',', '_')
                .replace('"', '_')
                .replace('\\', '_')
                .replace('\n', '_');
    }

    private static String name(String text) {
        return text.replaceAll("[^a-zA-Z0-9_:]", "_");
    }
}
