package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes the inventory document: first after 1 to 4 seconds, then when something of it changes that is not a measurement,
 * and at the latest on its interval. Compresses it only then, and not again when it is the same document. Intervals run on
 * the clock that no jump of the wall clock moves. One task.
 */
final class Inventory implements Service {
    private static final String PROTOCOL = "choria:registration:inventorycontent:1";

    private static final int FACTS_WAIT = 30;

    private final AgentPorts ports;
    private final AgentProfile profile;
    private final AgentSettings.Intervals intervals;
    private final Events events;
    private final Consumer<Outgoing> out;
    private final Content content;
    private byte[] plain = new byte[0];
    private String compressed = "";

    Inventory(
            AgentPorts ports,
            AgentProfile profile,
            AgentSettings.Intervals intervals,
            Events events,
            Consumer<Outgoing> out,
            Content content) {
        this.ports = ports;
        this.profile = profile;
        this.intervals = intervals;
        this.events = events;
        this.out = out;
        this.content = content;
    }

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public void run() throws InterruptedException {
        ports.tasks().sleep(Duration.ofMillis(1_000 + ports.entropy().below(3_000)));
        for (int i = 0; i < FACTS_WAIT && content.facts().get().equals(Value.obj()); i++) {
            // a document without facts would only be replaced a moment later
            ports.tasks().sleep(Duration.ofSeconds(1));
        }
        Value.Obj told = Value.obj();
        long due = ports.time().ticks();
        while (true) {
            Value.Obj now = inventory();
            Value.Obj essence = Essence.of(now);
            boolean changed = !essence.equals(told);
            if (changed || ports.time().ticks() - due >= 0) {
                out.accept(events.registration(document(now)));
                ports.meter().count("mr_inventories_total", "cause", changed ? "change" : "interval", 1);
                told = essence;
                due = ports.time().ticks() + intervals.registration().toNanos();
            }
            ports.tasks().sleep(pause(due));
        }
    }

    private Duration pause(long due) {
        Duration left = Duration.ofNanos(Math.max(1, due - ports.time().ticks()));
        return left.compareTo(intervals.registrationCheck()) < 0 ? left : intervals.registrationCheck();
    }

    private Value.Obj inventory() {
        return Value.obj("agents", Value.arr(), "classes", Value.arr())
                .with("facts", content.facts().get())
                .with("status", content.status().get())
                .with("collectives", Value.arr(Value.text("choria")))
                .with("build_info", Value.obj("version", Value.text(profile.version()), "sha", Value.text("")))
                .with("machines", machines());
    }

    /** Layer 2 of spec streams 3.2. */
    Value.Obj document() {
        return document(inventory());
    }

    private Value.Obj document(Value.Obj inventory) {
        byte[] now = ports.json().write(inventory);
        if (compressed.isEmpty() || !Arrays.equals(now, plain)) {
            plain = now;
            compressed = Base64.getEncoder().encodeToString(Gzip.compress(now));
        }
        return Value.obj("protocol", Value.text(PROTOCOL), "zcontent", Value.text(compressed));
    }

    private Value machines() {
        return new Value.Arr(content.machines().get().stream()
                .<Value>map(m -> Value.obj(
                        "name",
                        Value.text(m.name()),
                        "version",
                        Value.text(m.version()),
                        "state",
                        Value.text(m.state())))
                .toList());
    }

    /** What the document is made of at the moment it is asked for. */
    record Content(
            Supplier<Value.Obj> facts,
            Supplier<Value.Obj> status,
            Supplier<List<MachineService.MachineSummary>> machines) {}
}
