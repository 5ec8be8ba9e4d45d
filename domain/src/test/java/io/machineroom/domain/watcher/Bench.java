package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Template;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimProcesses;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One watcher on a bench: what it may use is simulated, and it is asked by hand. */
final class Bench implements WatcherContext {
    final SimTasks tasks = new SimTasks(7);
    final JsonFormat json = new SimJson();
    final SimProcesses processes = new SimProcesses(tasks);
    final Map<Class<?>, Object> ports = new LinkedHashMap<>();
    final Map<String, Bucket> buckets = new LinkedHashMap<>();
    final List<String> published = new ArrayList<>();
    Value.Obj facts = Value.obj();
    Value.Obj data = Value.obj();
    Duration interval = Duration.ZERO;
    String state = "A";
    Path directory = Path.of("/node/machines/m");
    int wakes;
    Properties properties = new Properties(Value.obj(), "properties", path -> 0);

    Bench() {
        ports.put(ProcessRunner.class, processes);
        ports.put(JsonFormat.class, json);
    }

    /** A value from JSON with single quotes for double ones. */
    static Value.Obj obj(String text) {
        return (Value.Obj) new SimJson().read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    Watcher make(WatcherType type, String text) {
        properties = new Properties(obj(text), "properties", path -> 0);
        return type.create(properties, this);
    }

    /** The first fault of these properties; empty for none. */
    String fault(WatcherType type, String text) {
        make(type, text);
        return properties.faults().stream().findFirst().map(Problem::message).orElse("");
    }

    Outcome ask(Watcher watcher, Trigger trigger) {
        List<Outcome> out = new ArrayList<>();
        tasks.run(() -> out.add(watcher.check(trigger)));
        return out.getFirst();
    }

    String text(Value value) {
        return new String(json.write(value), StandardCharsets.UTF_8);
    }

    @Override
    public String identity() {
        return "ginkgo";
    }

    @Override
    public String machineName() {
        return "machine";
    }

    @Override
    public String watcherName() {
        return "ginkgo";
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public Value.Obj facts() {
        return facts;
    }

    @Override
    public Value.Obj data() {
        return data;
    }

    @Override
    public void put(String key, Value value) {
        data = data.with(key, value);
    }

    @Override
    public void remove(String key) {
        data = data.without(key);
    }

    @Override
    public String expand(String template) {
        return Template.expand(template, facts, data);
    }

    @Override
    public Bucket bucket(String name) {
        return Optional.ofNullable(buckets.get(name))
                .orElseThrow(() -> new PortException.Unavailable("bucket.missing", "there is no bucket " + name));
    }

    @Override
    public void wake() {
        wakes++;
    }

    @Override
    public void publish(String kind, Value.Obj about, Runnable whenDurable) {
        published.add(kind);
    }

    @Override
    public TimeSource time() {
        return tasks.time();
    }

    @Override
    public Entropy entropy() {
        return tasks.entropy();
    }

    @Override
    public Optional<Duration> interval() {
        return interval.isZero() ? Optional.empty() : Optional.of(interval);
    }

    @Override
    public <T> Optional<T> port(Class<T> type) {
        return Optional.ofNullable(ports.get(type)).map(type::cast);
    }
}
