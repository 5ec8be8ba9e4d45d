package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.domain.authoring.Finding;
import io.machineroom.domain.authoring.Finding.Severity;
import io.machineroom.domain.authoring.Lint;
import io.machineroom.domain.authoring.Sheet;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No machine that the corpus calls valid is called faulty by a rule, alone or beside all others. */
final class LintVectorsTest {
    private static final Pattern VALID =
            Pattern.compile("\\| `([ud]\\d\\d-[^`]+)` \\|[^|]*\\|[^|]*\\| valid \\| valid \\|.*");

    private final MachineVectors vectors = MachineVectors.find();
    private final WatcherCatalog catalog = WatcherCatalog.builtInAnd(List.of(PluginsWatcher.unattached()));

    @Test
    void noValidMachineIsCalledFaulty() {
        List<Sheet> sheets = new ArrayList<>();
        vectors.text("README.md")
                .lines()
                .map(VALID::matcher)
                .filter(Matcher::matches)
                .forEach(row -> sheets.add(sheet(row.group(1))));
        List<Sheet> readable =
                sheets.stream().filter(s -> s.definition().isPresent()).toList();
        List<String> faults = Lint.look(readable, Lint.Depth.RULES).stream()
                .filter(f -> f.severity() == Severity.FAULT)
                .map(Finding::line)
                .toList();
        assertEquals(List.of(), faults);
    }

    private Sheet sheet(String name) {
        YamlFormat.Document document = new YamlFormat.Document(Value.nil(), Map.of());
        Reading reading;
        try {
            document = new SnakeYaml().read(vectors.bytes(name + "/machine.yaml"));
            reading = new DefinitionReader(catalog).read(document);
        } catch (PortException.Refused e) {
            reading = Unreadable.document(e);
        }
        return new Sheet(name, vectors.path(name), document, reading, file -> true);
    }
}
