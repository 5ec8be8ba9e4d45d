package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.domain.deployment.ChecksumManifest;
import io.machineroom.domain.deployment.DeploymentWorld;
import io.machineroom.domain.deployment.PluginList;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PluginPackerTest {
    private final DeploymentWorld world = new DeploymentWorld(7);
    private final PluginPacker packer = new PluginPacker(world.signatures(), new YamlFormat() {
        @Override
        public Document read(byte[] document) {
            return new Document(world.json.read(document), Map.of());
        }

        @Override
        public byte[] write(Value value) {
            return world.json.write(value);
        }
    });

    PluginPackerTest() {
        put("machine.yaml", "{\"name\":\"another\",\"version\":\"1.2.3\"}");
        put("scripts/run.sh", "echo");
    }

    private void put(String name, String text) {
        int slash = name.lastIndexOf('/');
        if (slash > 0) {
            world.store.makeDirectory(name.substring(0, slash), 0755);
        }
        world.store.replace(name, text.getBytes(StandardCharsets.UTF_8), 0644);
    }

    /** The original replaces the name that is given by one out of the address. */
    @Test
    void agentsW49TheNameThatIsGivenIsTheNameOfTheEntry() {
        PluginPacker.Plan plan = packer.plan(world.store, "echo");
        assertEquals("echo", plan.name());
        assertEquals("1.2.3", plan.version());
        assertEquals(List.of("SHA256SUMS", "machine.yaml", "scripts/run.sh"), plan.files());
        byte[] sums = world.store.read("SHA256SUMS", 10_000).orElseThrow();
        assertEquals(plan.sumsDigest(), world.signatures().sha256(sums));
        assertEquals(
                List.of("machine.yaml", "scripts/run.sh"),
                List.copyOf(ChecksumManifest.parse(sums).sums().keySet()));
    }

    /** Whatever is packed can be deployed: the rule for names is one. */
    @ParameterizedTest
    @ValueSource(strings = {"1echo", "a.b", "../x", "", "_x", "a b", "\u00e9cho", "-x"})
    void agentsW42ANameThatNoNodeTakesIsNotPacked(String name) {
        assertEquals(
                "pack.name",
                assertThrows(PortException.Refused.class, () -> packer.plan(world.store, name))
                        .code());
        Value.Obj entry = Value.obj("name", Value.text(name), "source", Value.text("https://a.example/x.tgz"))
                .with("checksum", Value.text("0a".repeat(32)))
                .with("verify_checksum", Value.text("0a".repeat(32)));
        PluginList list = PluginList.read(world.json.write(Value.arr(entry)), world.json);
        assertEquals(List.of(), list.entries());
        assertEquals(1, list.faults().size());
    }
}
