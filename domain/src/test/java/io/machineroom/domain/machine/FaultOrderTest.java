package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which fault of a watcher is told first: of its properties, then of its interval, then that this build lacks it (spec 1.6). */
final class FaultOrderTest {
    private static final String WHY =
            "ccm_manifest is refused: manifests are applied by the CCM library, which this build does not have";

    private final DefinitionReader reader =
            new DefinitionReader(WatcherCatalog.builtInAnd(List.of(PluginsWatcher.unattached())));

    private List<String> faults(String kind, String interval, Value.Obj properties) {
        Value.Obj watcher = watcher("w", kind, "A", properties).with("interval", Value.text(interval));
        Unreadable bad = assertInstanceOf(Unreadable.class, reader.read(machine("m", watcher), path -> 0));
        String context = "could not create " + kind + " watcher 'w': ";
        return bad.faults().stream()
                .map(Fault::verdict)
                .map(text -> {
                    assertTrue(text.startsWith(context), text);
                    return text.substring(context.length());
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "exec, 499ms, command is required",
        "archive, 9.999s, source is required",
        "file, 499ms, path is required",
        "expression, 499ms, success_when or fail_when is required",
        "nagios, 499ms, plugin or builtin is required",
        "plugins, 1.999s, data_item is required",
        "ccm_manifest, 499ms, manifest_file or manifest is required",
    })
    void thePropertiesBeforeTheInterval(String kind, String interval, String first) {
        List<String> small = faults(kind, interval, Value.obj());
        assertEquals("could not set properties: " + first, small.getFirst());
        assertTrue(small.contains("interval " + interval + " is too small"), small.toString());
        List<String> odd = faults(kind, "5", Value.obj());
        assertEquals("could not set properties: " + first, odd.getFirst());
        assertTrue(odd.contains("invalid interval: invalid time unit 5"), odd.toString());
    }

    @ParameterizedTest
    @CsvSource({"kv, bucket is required", "gossip, subject is required"})
    void kindsWithoutALeastIntervalSayItWithoutPrefix(String kind, String first) {
        List<String> odd = faults(kind, "1d12h", Value.obj());
        assertEquals("could not set properties: " + first, odd.getFirst());
        assertEquals("time: unknown unit \"d\" in duration \"1d12h\"", odd.getLast());
    }

    @Test
    void w37ThatCcmManifestIsNotHereComesLast() {
        Value.Obj good = Value.obj("manifest_file", Value.text("m.yaml"));
        assertEquals(List.of("interval 100ms is too small", WHY), faults("ccm_manifest", "100ms", good));
        assertEquals(List.of("invalid interval: invalid time unit x", WHY), faults("ccm_manifest", "1x", good));
        assertEquals(List.of(WHY), faults("ccm_manifest", "1m", good));
        assertEquals(List.of(WHY), faults("ccm_manifest", "", good));
        assertEquals(
                List.of(
                        "could not set properties: cannot run in noop mode and healthcheck_only",
                        "interval 100ms is too small",
                        WHY),
                faults(
                        "ccm_manifest",
                        "100ms",
                        good.with("noop", Value.bool(true)).with("healthcheck_only", Value.num(1))));
    }

    @Test
    void whatTheTypesDoNotFitComesBeforeWhatIsMissing() {
        List<String> both = faults("exec", "100ms", Value.obj("timeout", Value.text("5")));
        assertEquals(
                "could not set properties: 1 error(s) decoding:\n\n"
                        + "* error decoding 'Timeout': time: missing unit in duration \"5\"",
                both.getFirst());
        assertEquals("interval 100ms is too small", both.getLast());
    }
}
