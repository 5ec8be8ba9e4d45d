package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.Fault;
import io.machineroom.domain.machine.Fault.Stage;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The verdicts of the two stages are those of the corpus to the letter, except for what is mended and for words of the
 * YAML reader.
 */
final class VerdictVectorsTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([ud]\\d\\d-[^`]+)` \\|[^|]*\\|[^|]*\\|([^|]*)\\|([^|]*)\\|.*");
    private static final Pattern MESSAGE = Pattern.compile("\\*\\*invalid\\*\\* `(.*)`");

    /** What this build takes although the original does not (W-15, template in a mode, watch mode, the kind machines). */
    private static final Map<String, String> MENDED = Map.of(
            "d24-exec-timeout-days", "",
            "d31-kv-watch-mode", "",
            "d34-file-mode-template", "",
            "u05-machines-watcher-manager", "",
            "u09-history-manager-001", "");

    private final MachineVectors vectors = MachineVectors.find();
    private final YamlFormat yaml = new SnakeYaml();
    private final WatcherCatalog catalog =
            WatcherCatalog.builtInAnd(List.of(PluginsWatcher.unattached(), PluginsWatcher.olderUnattached()));

    @TestFactory
    Stream<DynamicTest> bothStagesSayWhatTheOriginalSays() {
        return vectors.text("README.md")
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> DynamicTest.dynamicTest(row.group(1), () -> check(row)));
    }

    /** The original's schema refuses machines that its engine runs; here the check is the engine's own reader (W-14). */
    @Test
    void agentsW14WhatTheEngineRunsIsNotRefusedByTheCheck() {
        List<String> refusedBySchema = vectors.text("README.md")
                .lines()
                .filter(line -> line.matches("\\| `[ud]\\d\\d-.*\\| invalid at [^|]*\\| valid \\| valid \\|.*"))
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
        assertTrue(refusedBySchema.size() > 5, refusedBySchema.toString());
        for (String name : refusedBySchema) {
            assertEquals(List.of(), faults(vectors.bytes(name + "/machine.yaml")), name);
        }
    }

    private void check(Matcher row) {
        String name = row.group(1);
        String load = message(row.group(2));
        String start = MENDED.getOrDefault(name, message(row.group(3)));
        List<Fault> faults = faults(vectors.bytes(name + "/machine.yaml"));
        String loads = first(faults, false);
        if (load.contains("]")) {
            assertEquals(true, loads.startsWith("could not load machine.yaml: "), faults.toString());
            return;
        }
        assertEquals(load, loads);
        Assumptions.assumeTrue(start.startsWith("unknown watcher") || everyKindIsHere(name), "kinds are missing");
        if (load.isEmpty()) {
            assertEquals(start, first(faults, true));
        }
    }

    private static String first(List<Fault> faults, boolean atStart) {
        return faults.stream()
                .filter(f -> f.atStart() == atStart)
                .map(f -> f.verdict().replace('\n', ' '))
                .findFirst()
                .orElse("");
    }

    private static String message(String cell) {
        Matcher matcher = MESSAGE.matcher(cell.strip());
        return matcher.matches() ? matcher.group(1) : "";
    }

    private List<Fault> faults(byte[] manifest) {
        DefinitionReader reader = new DefinitionReader(catalog);
        try {
            return reader.read(yaml.read(manifest)) instanceof Unreadable bad ? bad.faults() : List.of();
        } catch (PortException.Refused e) {
            assertEquals(
                    Stage.DOCUMENT, Unreadable.document(e).faults().getFirst().stage());
            return Unreadable.document(e).faults();
        }
    }

    private boolean everyKindIsHere(String name) {
        return !(yaml.read(vectors.bytes(name + "/machine.yaml")).root() instanceof Value.Obj root)
                || root.list("watchers").stream()
                        .allMatch(w -> w instanceof Value.Obj watcher
                                && catalog.find(watcher.text("type").orElse("")).isPresent());
    }
}
