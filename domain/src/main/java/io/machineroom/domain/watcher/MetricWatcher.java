package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.LineSender;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Measures by a command (spec 4.10) and tells it by its event, by Prometheus, by Graphite and as machine data. It keeps
 * the rhythm of its property {@code interval}, from a random moment within the first one.
 */
final class MetricWatcher implements Watcher {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final String DATA_KEY = "metric";

    private final Settings settings;
    private final WatcherContext context;
    private final PrometheusSamples prometheus;
    private final Due due;
    private Metrics last = Metrics.none();
    private long runNanos;
    private boolean measured;

    private MetricWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
        this.prometheus = PrometheusSamples.metrics(context);
        long first = context.entropy().below(settings.interval.toNanos());
        this.due = new Due(context.time(), Duration.ofNanos(first));
    }

    private record Settings(
            String command,
            Duration interval,
            Duration timeout,
            Map<String, String> labels,
            boolean skipPrometheus,
            boolean store,
            String graphiteHost,
            String graphitePort,
            String graphitePrefix) {
        static Settings read(Properties properties) {
            Duration interval = properties.duration("interval", LEAST);
            Duration timeout = properties.duration("timeout", LEAST);
            // read so that it is no unknown property; it has no effect, and never had one
            properties.bool("http", false);
            return new Settings(
                    Texts.required(properties, "command"),
                    interval.compareTo(LEAST) < 0 ? LEAST : interval,
                    timeout.isPositive() ? timeout : LEAST,
                    properties.textMap("labels"),
                    properties.bool("skip_prometheus", false),
                    properties.bool("store", false),
                    Texts.optional(properties, "graphite_host"),
                    Texts.optional(properties, "graphite_port"),
                    Texts.optional(properties, "graphite_prefix"));
        }
    }

    @Override
    public Outcome check(Trigger trigger) throws InterruptedException {
        boolean early = !due.now() && (!measured || trigger != Trigger.STATE_CHANGED);
        if (early) {
            return new Outcome.Unchanged("metric", false, due.left());
        }
        measured = true;
        try {
            measure();
            due.in(settings.interval);
            return new Outcome.Unchanged("metric", true, settings.interval);
        } catch (PortException e) {
            due.in(settings.interval);
            return new Outcome.Failed("error", e.code() + ": " + e.getMessage(), true, true, settings.interval);
        }
    }

    private void measure() throws InterruptedException {
        long start = context.time().ticks();
        try {
            last = read(run());
        } catch (PortException e) {
            // old values must not look like new ones
            prometheus.forget();
            throw e;
        } finally {
            runNanos = context.time().ticks() - start;
        }
        if (!settings.skipPrometheus) {
            prometheus.show(PrometheusSamples.gauges(context, last.labels(), last.values()));
        }
        graphite();
        if (settings.store) {
            Value.Obj stored = context.data().obj(DATA_KEY).orElse(Value.obj());
            context.put(DATA_KEY, stored.with(context.watcherName(), last.stored()));
        }
    }

    private byte[] run() throws InterruptedException {
        MachinePrograms command = MachinePrograms.of(context);
        ProcessRunner.Result result = command.run(command.words(context.expand(settings.command)), settings.timeout);
        if (result.timedOut()) {
            throw new PortException.Refused("exec.timeout", "killed after " + Durations.print(settings.timeout));
        }
        if (result.exitCode() != 0) {
            throw new PortException.Refused("exec.exit", "exit code " + result.exitCode());
        }
        if (result.truncated()) {
            throw new PortException.Refused(
                    "exec.output", "the output is larger than " + MachinePrograms.MAX_OUTPUT + " bytes");
        }
        return result.output();
    }

    private Metrics read(byte[] output) {
        JsonFormat json = context.port(JsonFormat.class)
                .orElseThrow(() -> new PortException.Refused("metric.unavailable", "this build reads no JSON"));
        return Metrics.read(output, json, settings.labels, context.time().wall().getEpochSecond());
    }

    private void graphite() throws InterruptedException {
        String host = context.expand(settings.graphiteHost);
        String port = context.expand(settings.graphitePort);
        if (host.isEmpty() || port.isEmpty()) {
            return;
        }
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new PortException.Refused("graphite.port", "'" + port + "' is no port for Graphite");
        }
        LineSender sender = context.port(LineSender.class)
                .orElseThrow(() -> new PortException.Refused(
                        "graphite.unavailable", "this build lets no watcher send to Graphite"));
        sender.send(host, Integer.parseInt(port), lines().getBytes(StandardCharsets.UTF_8), CONNECT);
    }

    private String lines() {
        String prefix = settings.graphitePrefix.isEmpty()
                ? "choria." + context.watcherName().replace(' ', '-')
                : context.expand(settings.graphitePrefix);
        StringBuilder lines = new StringBuilder();
        last.values().forEach((name, value) -> line(lines, prefix + "." + name, value));
        line(lines, prefix + ".runtime", seconds());
        return lines.toString();
    }

    private void line(StringBuilder into, String path, double value) {
        into.append(path.replace(' ', '_').replace('\n', '_'))
                .append(' ')
                .append(PrometheusSamples.decimals(value))
                .append(' ')
                .append(last.time())
                .append('\n');
    }

    private double seconds() {
        return runNanos / 1e9;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("metrics", last.told(seconds()));
    }

    @Override
    public void close() {
        prometheus.forget();
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "metric";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ZERO, null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new MetricWatcher(Settings.read(properties), context);
        }
    }
}
