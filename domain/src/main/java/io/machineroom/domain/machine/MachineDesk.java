package io.machineroom.domain.machine;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.domain.machine.Told.Settled;
import io.machineroom.domain.watcher.Switches;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers questions about the machines of a host over the control socket: {@code states}, {@code data},
 * {@code fire} and {@code press} (spec 7.4, 7.5, 4.7). Safe from any task; {@code fire} waits for the transition, at most
 * half a minute.
 */
final class MachineDesk implements ControlSocket.Handler {
    private static final long NEVER_STARTED = -62_135_596_800L;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supplier<List<HostedMachine>> machines;
    private final Tasks tasks;

    MachineDesk(Supplier<List<HostedMachine>> machines, Tasks tasks) {
        this.machines = machines;
        this.tasks = tasks;
    }

    @Override
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        switch (request.text("action").orElse("")) {
            case "states" ->
                chosen(request).stream()
                        .sorted(Comparator.comparing(one -> one.status().name()))
                        .forEach(one -> answers.accept(record(one)));
            case "data" -> answers.accept(data(one(request)));
            case "fire" ->
                answers.accept(fire(request, request.text("transition").orElse("")));
            case "press" -> answers.accept(press(one(request), request));
            default -> throw new PortException.Refused("control.unknown", "actions are states, data, fire and press");
        }
    }

    /** Those that meet all criteria. One that was refused is found by its manifest's name as well, where nothing else has it. */
    private List<HostedMachine> chosen(Value.Obj request) {
        Map<String, String> criteria = criteria(request);
        List<HostedMachine> out = chosen(criteria);
        String name = criteria.remove("name");
        if (out.isEmpty() && name != null) {
            criteria.put("manifest", name);
            return chosen(criteria);
        }
        return out;
    }

    private List<HostedMachine> chosen(Map<String, String> criteria) {
        List<HostedMachine> out = new ArrayList<>(machines.get());
        criteria.forEach((field, wanted) -> out.removeIf(one -> !wanted.equals(field(one, field))));
        return out;
    }

    private static Map<String, String> criteria(Value.Obj request) {
        Map<String, String> out = new java.util.LinkedHashMap<>();
        for (String field : List.of("name", "version", "path", "instance")) {
            request.text(field).filter(t -> !t.isEmpty()).ifPresent(text -> out.put(field, text));
        }
        return out;
    }

    private static String field(HostedMachine one, String field) {
        MachineStatus status = one.status();
        return switch (field) {
            case "name" -> status.name();
            case "manifest" -> status.manifestName();
            case "version" -> status.version();
            case "path" -> status.directory().toString();
            default -> status.id();
        };
    }

    private HostedMachine one(Value.Obj request) {
        if (criteria(request).isEmpty()) {
            throw new PortException.Refused("machine.unknown", "No search criteria given");
        }
        if (machines.get().isEmpty()) {
            throw new PortException.Refused("machine.unknown", "No running machines");
        }
        List<HostedMachine> found = chosen(request);
        if (found.size() > 1) {
            throw new PortException.Refused("machine.unknown", "Found multiple machines matching criteria");
        }
        if (found.isEmpty()) {
            throw new PortException.Refused("machine.unknown", "Could not find a matching machine" + near(request));
        }
        return found.getFirst();
    }

    private String near(Value.Obj request) {
        List<String> names = machines.get().stream().map(m -> m.status().name()).toList();
        return request.text("name").map(name -> Nearest.hint(name, names)).orElse("");
    }

    private static String shown(Value.Obj request) {
        return "name='" + request.text("name").orElse("") + "', version='"
                + request.text("version").orElse("") + "', path='"
                + request.text("path").orElse("") + "', id='"
                + request.text("instance").orElse("") + "'";
    }

    private static Value.Obj record(HostedMachine one) {
        MachineStatus status = one.status();
        long start = status.startTime() == 0 ? NEVER_STARTED : status.startTime();
        Value.Obj watchers =
                one.machine() == null ? Value.obj() : one.machine().view().watchers();
        Value.Obj all = Value.obj("name", Value.text(status.name()), "version", Value.text(status.version()))
                .with("state", Value.text(status.state()))
                .with("path", Value.text(status.directory().toString()))
                .with("id", Value.text(status.id()))
                .with("start_time", Value.num(start))
                .with("available_transitions", Value.texts(status.transitions()))
                .with("scout", Value.bool(!checks(one).isEmpty()))
                .with("origin", Value.text(status.origin()))
                .with("load_error", Value.text(status.loadError()))
                .with("manifest_name", Value.text(status.manifestName()))
                .with("watchers", watchers);
        return checks(one).stream()
                .flatMap(check -> watchers.obj(check).stream())
                .reduce((first, last) -> last)
                .map(last -> all.with("current_state", last.without("outcome").without("reason")))
                .orElse(all);
    }

    /** Names of its checks, in file order. */
    private static List<String> checks(HostedMachine one) {
        Machine machine = one.machine();
        return machine == null
                ? List.of()
                : machine.definition().watchers().stream()
                        .filter(w -> w.type().equals("nagios"))
                        .map(w -> w.name())
                        .toList();
    }

    private static Value.Obj data(HostedMachine one) {
        return Value.obj(
                "name",
                Value.text(one.status().name()),
                "data",
                running(one).view().data());
    }

    private static Machine running(HostedMachine one) {
        Machine machine = one.machine();
        if (machine == null || one.ended()) {
            throw new PortException.Refused("machine.unknown", one.status().name() + " does not run: " + one.fault());
        }
        return machine;
    }

    private Value.Obj fire(Value.Obj request, String transition) throws InterruptedException {
        String failed = "Could not perform " + transition + " transition: ";
        List<HostedMachine> found = criteria(request).isEmpty() ? List.of() : chosen(request);
        if (found.isEmpty()) {
            throw new PortException.Refused(
                    "machine.unknown",
                    failed + "could not find machine matching criteria " + shown(request) + near(request));
        }
        Machine machine = running(found.getFirst());
        Mailbox<Settled> answer = tasks.mailbox(1);
        String from = machine.view().state();
        if (transition.isEmpty() || !machine.tell(new Told.Wanted(transition, answer))) {
            throw new PortException.Refused(
                    "machine.fire", failed + (transition.isEmpty() ? "it has no name" : "the machine is busy"));
        }
        Settled settled = answer.poll(PATIENCE).orElse(Settled.DROPPED);
        String state = machine.view().state();
        return switch (settled) {
            case MOVED, STAYED, NOTHING ->
                Value.obj("success", Value.bool(true), "from_state", Value.text(from), "state", Value.text(state));
            case REFUSED ->
                throw new PortException.Refused(
                        "machine.fire",
                        failed + "transition " + transition + " is not valid while in " + state + " state"
                                + possible(machine, transition));
            case DROPPED ->
                throw new PortException.Refused("machine.fire", failed + "the machine is busy, it may happen yet");
        };
    }

    /** Presses a switch; what comes of it is told by the watcher's event. */
    private static Value.Obj press(HostedMachine one, Value.Obj request) {
        Machine machine = running(one);
        boolean on = request.bool("on")
                .orElseThrow(() -> new PortException.Refused("machine.press", "a press says on: true or on: false"));
        String name = request.text("watcher").orElse("");
        WatcherSpec spec = machine.definition().watchers().stream()
                .filter(w -> w.name().equals(name) && w.type().equals(Switches.KIND))
                .findFirst()
                .orElseThrow(() -> new PortException.Refused("machine.press", "there is no switch '" + name + "'"));
        String state = machine.view().state();
        if (!spec.stateMatch().isEmpty() && !spec.stateMatch().contains(state)) {
            throw new PortException.Refused("machine.press", "watcher is not active in " + state);
        }
        if (Switches.disabled(spec.properties(), state)) {
            throw new PortException.Refused("machine.press", "watcher is disabled");
        }
        if (!machine.tell(new Told.Pressed(name, on))) {
            throw new PortException.Refused("machine.press", "the machine is busy");
        }
        return Value.obj("success", Value.bool(true));
    }

    private static String possible(Machine machine, String transition) {
        List<String> now = machine.available();
        String near = Nearest.hint(transition, now);
        return !near.isEmpty() || now.isEmpty() ? near : "; possible now: " + String.join(", ", now);
    }
}
