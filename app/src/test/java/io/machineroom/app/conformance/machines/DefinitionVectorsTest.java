package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every manifest of the corpus gets the verdict of its table, except where docs/compatibility.md says otherwise. */
final class DefinitionVectorsTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([ud]\\d\\d-[^`]+)` \\|[^|]*\\|[^|]*\\|([^|]*)\\|([^|]*)\\|.*");
    private static final Pattern MESSAGE = Pattern.compile("\\*\\*invalid\\*\\* `(.*)`");

    /** Kinds of the original that this build does not have. */
    private static final Set<String> ABSENT = Set.of("homekit");

    /** What this build mended, with the verdict it gives instead. */
    private static final Map<String, String> MENDED = Map.of(
            "d24-exec-timeout-days", "",
            "d31-kv-watch-mode", "",
            "d34-file-mode-template", "",
            "u05-machines-watcher-manager", "",
            "u09-history-manager-001", "");

    /** Faults whose words are another library's. */
    private static final Map<String, String> OTHER_WORDS = Map.of(
            "d13-from-scalar", "string was used where sequence is expected",
            "d44-bool-yes", "parsing \"yes\"",
            "u07-readme-fragment", "could not load machine.yaml");

    private final MachineVectors vectors = MachineVectors.find();
    private final YamlFormat yaml = new SnakeYaml();
    private final DefinitionReader reader = new DefinitionReader(
            WatcherCatalog.builtInAnd(List.of(PluginsWatcher.unattached(), PluginsWatcher.olderUnattached())));

    @TestFactory
    Stream<DynamicTest> everyManifestGetsItsVerdict() {
        return vectors.text("README.md")
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> DynamicTest.dynamicTest(row.group(1), () -> check(row)));
    }

    private void check(Matcher row) {
        String name = row.group(1);
        Reading reading = read(vectors.bytes(name + "/machine.yaml"));
        String expected = MENDED.getOrDefault(name, message(row.group(2)) + message(row.group(3)));
        String absent = absentKind(name);
        if (!absent.isEmpty()) {
            Unreadable refused = assertInstanceOf(Unreadable.class, reading);
            assertTrue(
                    refused.problems().stream().anyMatch(p -> p.message().equals("unknown watcher '" + absent + "'")),
                    refused.problems().toString());
        } else if (expected.isEmpty()) {
            assertInstanceOf(Readable.class, reading, reading.toString());
        } else {
            Unreadable refused = assertInstanceOf(Unreadable.class, reading);
            String wanted = OTHER_WORDS.getOrDefault(name, expected);
            assertTrue(
                    refused.problems().stream()
                            .map(Problem::message)
                            .anyMatch(m -> wanted.endsWith(m) || m.contains(wanted)),
                    wanted + " in " + refused.problems());
        }
    }

    private static String message(String cell) {
        Matcher matcher = MESSAGE.matcher(cell.strip());
        return matcher.matches() ? matcher.group(1) : "";
    }

    private Reading read(byte[] manifest) {
        try {
            return reader.read(yaml.read(manifest));
        } catch (PortException.Refused e) {
            return Unreadable.document(e);
        }
    }

    private String absentKind(String name) {
        try {
            Value root = yaml.read(vectors.bytes(name + "/machine.yaml")).root();
            if (root instanceof Value.Obj fields) {
                for (Value watcher : fields.list("watchers")) {
                    String type =
                            watcher instanceof Value.Obj w ? w.text("type").orElse("") : "";
                    if (ABSENT.contains(type)) {
                        return type;
                    }
                }
            }
            return "";
        } catch (PortException.Refused e) {
            return "";
        }
    }
}
