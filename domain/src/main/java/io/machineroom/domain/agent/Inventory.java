package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Publishes the inventory document: first after 1 to 4 seconds, then on its interval. */
final class Inventory implements Service {
    private static final String PROTOCOL = "choria:registration:inventorycontent:1";

    private final AgentPorts ports;
    private final AgentProfile profile;
    private final Duration interval;
    private final Events events;
    private final Consumer<Outgoing> out;
    private final Content content;

    Inventory(
            AgentPorts ports,
            AgentProfile profile,
            Duration interval,
            Events events,
            Consumer<Outgoing> out,
            Content content) {
        this.ports = ports;
        this.profile = profile;
        this.interval = interval;
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
        while (true) {
            out.accept(events.registration(document()));
            ports.tasks().sleep(interval);
        }
    }

    /** Layer 2 of spec streams 3.2. */
    Value.Obj document() {
        Value.Obj inventory = Value.obj("agents", Value.arr(), "classes", Value.arr())
                .with("facts", content.facts().get())
                .with("status", content.status().get())
                .with("collectives", Value.arr(Value.text("choria")))
                .with("build_info", Value.obj("version", Value.text(profile.version()), "sha", Value.text("")))
                .with("machines", machines());
        String compressed =
                Base64.getEncoder().encodeToString(Gzip.compress(ports.json().write(inventory)));
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
