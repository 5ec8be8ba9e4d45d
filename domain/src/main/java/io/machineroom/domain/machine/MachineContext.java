package io.machineroom.domain.machine;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.expression.Template;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherTask;
import io.machineroom.domain.watcher.WatcherTask.Nudge;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.WatcherContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one watcher of a running machine may use. Data is kept by the machine's task, which answers when it is safe. */
record MachineContext(Machine machine, WatcherSpec spec, MachineSurroundings around, Mailbox<Nudge> nudges)
        implements WatcherContext {
    @Override
    public String identity() {
        return around.events().identity();
    }

    @Override
    public String machineName() {
        return machine.definition().name();
    }

    @Override
    public String watcherName() {
        return spec.name();
    }

    @Override
    public String instance() {
        return machine.ref().instance();
    }

    @Override
    public Path directory() {
        return machine.directory();
    }

    @Override
    public String state() {
        return machine.view().state();
    }

    @Override
    public Value.Obj facts() {
        return around.facts().get();
    }

    @Override
    public Value.Obj data() {
        return machine.view().data();
    }

    @Override
    public Optional<Value.Obj> remembered() {
        return machine.definition().persistState() ? machine.view().watchers().obj(spec.name()) : Optional.empty();
    }

    @Override
    public void put(String key, Value value) {
        keep(Value.obj(key, value), List.of());
    }

    @Override
    public void putAll(Value.Obj values) {
        keep(values, List.of());
    }

    @Override
    public void remove(String key) {
        keep(Value.obj(), List.of(key));
    }

    private void keep(Value.Obj values, List<String> gone) {
        Mailbox<Optional<PortException>> answer = around.tasks().mailbox(1);
        Optional<PortException> fault;
        try {
            while (!machine.tell(new Told.Keep(values, gone, answer))) {
                if (machine.stopping()) {
                    throw new InterruptedException("the machine stops");
                }
                around.tasks().sleep(Duration.ofMillis(20));
            }
            fault = answer.take();
        } catch (InterruptedException e) {
            // the machine stops: its runner sees that by the next nudge, which is waiting already
            WatcherTask.nudge(nudges, Nudge.STOP);
            throw new PortException.Unavailable("machine.stopped", "the machine stops, its data may not be kept", e);
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
    }

    @Override
    public String expand(String template) {
        return Template.expand(template, facts(), data());
    }

    @Override
    public Bucket bucket(String name) {
        return around.buckets().apply(name);
    }

    @Override
    public void wake() {
        WatcherTask.nudge(nudges, Nudge.WAKE);
    }

    @Override
    public void publish(String kind, Value.Obj data, Runnable whenDurable) {
        Value.Obj all = Value.obj(
                "machine", Value.text(machineName()),
                "version", Value.text(machine.definition().version()),
                "watcher", Value.text(spec.name()));
        for (var field : data.fields().entrySet()) {
            all = all.with(field.getKey(), field.getValue());
        }
        Outgoing event = around.events().product(kind, all);
        around.out().accept(event.whenDurable(whenDurable));
    }

    @Override
    public TimeSource time() {
        return around.time();
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.ofNullable(spec.interval());
    }

    @Override
    public Entropy entropy() {
        return around.entropy();
    }

    @Override
    public <T> Optional<T> port(Class<T> type) {
        return around.port(type);
    }
}
