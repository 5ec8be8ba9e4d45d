package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.data.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CcmManifestTypeTest {
    private static final String WHY =
            "ccm_manifest is refused: manifests are applied by the CCM library, which this build does not have";

    private final Bench bench = new Bench();

    private List<String> faults(String properties) {
        String why = assertThrows(
                        UnsupportedOperationException.class, () -> bench.make(new CcmManifestType(), properties))
                .getMessage();
        return Stream.concat(bench.properties.faults().stream().map(Problem::message), Stream.of(why))
                .toList();
    }

    @Test
    void w37ItSaysWhatIsWrongAndWhyItIsRefused() {
        assertEquals(List.of("manifest_file or manifest is required", WHY), faults("{}"));
        assertEquals(
                List.of("cannot run in noop mode and healthcheck_only", WHY),
                faults("{'manifest_file':'m.yaml','noop':true,'healthcheck_only':true}"));
        assertEquals(List.of(WHY), faults("{'manifest':{'resources':[]},'splay':'true','timeout':'1m'}"));
    }
}
