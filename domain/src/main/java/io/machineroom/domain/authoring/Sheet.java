package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.Fault;
import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One machine as its author gave it.
 *
 * @param file how its manifest is called in findings
 * @param directory its directory
 * @param document the manifest with lines and columns
 * @param reading what came of it
 * @param exists whether a file is there, relative to the directory
 */
public record Sheet(
        String file, Path directory, YamlFormat.Document document, Reading reading, Predicate<String> exists) {
    /** The machine; empty when it has faults. */
    public Optional<MachineDefinition> definition() {
        return reading instanceof Readable good ? Optional.of(good.definition()) : Optional.empty();
    }

    private List<Fault> faults() {
        return reading instanceof Unreadable bad ? bad.faults() : List.of();
    }

    /** What the original engine says when it loads the machine; empty when it does load it. */
    public String loadVerdict() {
        return verdict(false);
    }

    /** What the original engine says when it starts the machine; empty when it starts, or is not even loaded. */
    public String startVerdict() {
        return loadVerdict().isEmpty() ? verdict(true) : "";
    }

    private String verdict(boolean atStart) {
        return faults().stream()
                .filter(fault -> fault.atStart() == atStart)
                .map(Fault::verdict)
                .findFirst()
                .orElse("");
    }

    /**
     * Both verdicts as a JSON object with the keys {@code file name loads starts load start findings}; {@code load} and
     * {@code start} are empty for a good verdict.
     */
    public Value.Obj document(List<Finding> findings) {
        boolean loads = loadVerdict().isEmpty();
        String name =
                document.root() instanceof Value.Obj root ? root.text("name").orElse("") : "";
        return Value.obj("file", Value.text(file), "name", Value.text(name))
                .with("loads", Value.bool(loads))
                .with("starts", Value.bool(loads && startVerdict().isEmpty()))
                .with("load", Value.text(loadVerdict()))
                .with("start", Value.text(startVerdict()))
                .with(
                        "findings",
                        new Value.Arr(
                                findings.stream().<Value>map(Finding::document).toList()));
    }
}
