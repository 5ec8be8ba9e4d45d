package io.machineroom.domain.machine;

import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.MachineLibrary.Candidate;
import io.machineroom.domain.machine.MachineLibrary.Origin;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;

/** Makes a running machine of what was found, or tells what keeps it from running. Used by the host's task. */
record MachineLoader(
        MachineLibrary library,
        DefinitionReader reader,
        JsonFormat json,
        MachineSurroundings around,
        MachineSurroundings ofBuiltIns) {
    private static final System.Logger LOG = System.getLogger(MachineLoader.class.getName());

    static MachineLoader of(
            MachineLibrary library, DefinitionReader reader, HostPorts ports, MachineSurroundings around) {
        return new MachineLoader(library, reader, ports.json(), around, around.ofBuiltIns(ports.chore()));
    }

    /**
     * Loads and starts; the failures are those of the same place before. A manifest that breaks its reader is refused: it must
     * not take the host and all other machines with it.
     */
    HostedMachine load(Candidate candidate, int failures) {
        try {
            return loaded(candidate, failures);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.ERROR, candidate.directory() + ": its manifest broke the reader", e);
            return refused(candidate, "machine.broken", List.of(e.toString()));
        }
    }

    private HostedMachine loaded(Candidate candidate, int failures) {
        if (candidate.fault().isPresent()) {
            PortException fault = candidate.fault().get();
            return refused(candidate, fault.code(), List.of(String.valueOf(fault.getMessage())));
        }
        Reading reading = library.read(candidate, reader);
        reading.warnings().forEach(w -> LOG.log(Level.WARNING, () -> candidate.directory() + ": " + w));
        return switch (reading) {
            case Unreadable unreadable ->
                refused(
                        candidate,
                        "machine.invalid",
                        unreadable.faults().stream().map(Object::toString).toList(),
                        unreadable.name());
            case Readable readable -> start(candidate, readable.definition(), failures);
        };
    }

    private HostedMachine start(Candidate candidate, MachineDefinition definition, int failures) {
        MachineData data =
                new MachineData(candidate.data().tree(), candidate.data().folder(), json);
        MachineMemory memory = MachineMemory.none(json);
        try {
            data.prepare();
            data.load().ifPresent(aside -> damaged(candidate, definition, aside));
            if (definition.persistState()) {
                memory = MachineMemory.in(
                        candidate.data().tree(), candidate.data().folder(), json, states(definition));
            }
        } catch (PortException e) {
            return refused(candidate, e.code(), List.of(String.valueOf(e.getMessage())), definition.name());
        }
        MachineSurroundings surroundings = candidate.origin() == Origin.BUILT_IN ? ofBuiltIns : around;
        Machine machine = new Machine(definition, candidate.directory(), data, memory, surroundings);
        around.out()
                .accept(around.events()
                        .product(
                                "machine_loaded",
                                Value.obj(
                                                "machine", Value.text(definition.name()),
                                                "version", Value.text(definition.version()),
                                                "id", Value.text(machine.ref().instance()))
                                        .with("digest", Value.text(candidate.digest()))
                                        .with(
                                                "origin",
                                                Value.text(candidate.origin().word()))));
        Tasks.Task task = around.tasks().fork("machine " + definition.name(), machine::run);
        return HostedMachine.running(candidate, machine, task, failures);
    }

    private static Set<String> states(MachineDefinition definition) {
        return StateMachine.of(definition.initialState(), definition.transitions())
                .states();
    }

    private void damaged(Candidate candidate, MachineDefinition definition, String aside) {
        around.out()
                .accept(around.events()
                        .product(
                                "machine_data_damaged",
                                Value.obj(
                                                "machine", Value.text(definition.name()),
                                                "version", Value.text(definition.version()),
                                                "kept",
                                                        Value.text(candidate
                                                                .data()
                                                                .tree()
                                                                .path(aside)
                                                                .toString()))
                                        .with("digest", Value.text(candidate.digest()))));
    }

    /** Tells of a machine whose place is gone. */
    void removed(HostedMachine one) {
        MachineStatus status = one.status();
        around.out()
                .accept(around.events()
                        .product(
                                "machine_removed",
                                Value.obj(
                                                "machine", Value.text(status.name()),
                                                "version", Value.text(status.version()),
                                                "id", Value.text(status.id()))
                                        .with("origin", Value.text(status.origin()))));
    }

    /** Tells of a machine for which there is no room. */
    HostedMachine crowdedOut(Candidate candidate, int most) {
        return refused(candidate, HostedMachine.TOO_MANY, List.of("more than machines.max, which is " + most));
    }

    /** Tells, once: who asks keeps the answer until the candidate changes. */
    HostedMachine refused(Candidate candidate, String code, List<String> problems) {
        return refused(candidate, code, problems, "");
    }

    /**
     * The same of a machine whose manifest could be read.
     *
     * @param named what its manifest calls it; not always the name of its folder
     */
    HostedMachine refused(Candidate candidate, String code, List<String> problems, String named) {
        String all = String.join("; ", problems);
        LOG.log(Level.ERROR, () -> "Could not load Autonomous Agent from " + candidate.directory() + ": " + all);
        around.out()
                .accept(around.events()
                        .product(
                                "machine_rejected",
                                Value.obj(
                                                "machine", Value.text(candidate.name()),
                                                "code", Value.text(code),
                                                "problems",
                                                        Value.texts(problems.stream()
                                                                .limit(50)
                                                                .toList()))
                                        .with("digest", Value.text(candidate.digest()))
                                        .with(
                                                "origin",
                                                Value.text(candidate.origin().word()))
                                        .with("manifest_name", Value.text(named))));
        return HostedMachine.refused(candidate, code + ": " + all, named);
    }
}
