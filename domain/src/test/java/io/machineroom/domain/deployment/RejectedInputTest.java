package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.deployment.SignedSpecification.Meta;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.sim.SimArtifacts;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RejectedInputTest {
    private DeploymentWorld world = new DeploymentWorld(1);
    private Value.Obj one = Value.obj();
    private Value.Obj two = Value.obj();
    private Deployer deployer = world.deployer();

    @BeforeEach
    void deployTheFirstVersion() {
        world = new DeploymentWorld(1);
        one = world.pack("echo", Map.of("machine.yaml", "one"));
        two = world.pack("echo", Map.of("machine.yaml", "two"));
        deployer = world.deployer();
        Value.Obj list = world.sign(5, one);
        world.apply(deployer, list);
        world.health.put(
                "echo", new PluginHost.Running(one.text("verify_checksum").orElseThrow()));
        world.apply(deployer, list);
        world.sent.clear();
    }

    private static Value.Obj with(Value.Obj list, String field, String text) {
        return list.with(field, Value.text(text));
    }

    private Meta meta(long serial, long expires, String customer, String site) {
        long now = world.tasks.time().wall().getEpochSecond();
        return new Meta(serial, now, expires, customer, site, "");
    }

    private Map<String, Value> badLists() {
        long now = world.tasks.time().wall().getEpochSecond();
        Value.Obj good = world.sign(6, two);
        Value.Obj other = world.sign(6, one, two.with("name", Value.text("other")));
        String signature = good.text("signature").orElseThrow();
        String flipped = (signature.startsWith("0") ? "1" : "0") + signature.substring(1);
        return Map.ofEntries(
                Map.entry("spec.unsigned", good.without("signature")),
                Map.entry("spec.signature", with(good, "signature", flipped)),
                Map.entry(
                        "spec.signature of another list",
                        with(good, "plugins", other.text("plugins").orElseThrow())),
                Map.entry("spec.signature not hex", with(good, "signature", "x")),
                Map.entry("spec.meta-missing", good.without("meta").without("meta_signature")),
                Map.entry("spec.meta-signature", good.without("meta_signature")),
                Map.entry(
                        "spec.meta-signature of another list",
                        good.with("meta", other.get("meta").orElseThrow())
                                .with(
                                        "meta_signature",
                                        other.get("meta_signature").orElseThrow())),
                Map.entry("spec.expired", world.sign(meta(6, now, "acme", ""), two)),
                Map.entry("spec.replayed", world.sign(4, two)),
                Map.entry("spec.serial-reused", world.sign(5, two)),
                Map.entry("spec.wrong-target customer", world.sign(meta(6, now + 60, "other", ""), two)),
                Map.entry("spec.wrong-target site", world.sign(meta(6, now + 60, "acme", "south"), two)),
                Map.entry("spec.malformed text", Value.text("rubbish")),
                Map.entry("spec.malformed list", signedText("{}")),
                Map.entry("spec.malformed json", signedText("[{]")),
                Map.entry("spec.too-large", with(good, "plugins", "A".repeat(SignedSpecification.MAX_PLUGINS + 4))));
    }

    private Value signedText(String list) {
        return SignedSpecification.sign(
                        list.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        world.meta(6),
                        world.json,
                        world.signatures(),
                        bytes -> world.signer.sign(KeyRole.IDENTITY, bytes))
                .toValue();
    }

    @TestFactory
    Stream<DynamicTest> aListThatDoesNotVerifyChangesNothingAndIsToldOnce() {
        deployTheFirstVersion();
        List<DynamicTest> tests = new ArrayList<>();
        badLists()
                .forEach((name, list) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    Map<String, String> before = world.tree();
                    world.sent.clear();
                    for (int round = 0; round < 5; round++) {
                        String code = name.split(" ", 2)[0];
                        String error = world.apply(deployer, list).error();
                        assertTrue(error.startsWith(code + ":"), error);
                        world.tasks.advance(java.time.Duration.ofSeconds(5));
                    }
                    assertEquals(before, world.tree());
                    assertEquals(1, world.sent("plugin_rejected").size());
                    assertEquals(1, world.sent.size());
                })));
        return tests.stream();
    }

    private record BadArchive(String code, List<Value> entries) {}

    private static Value entry(String name, String kind, String text) {
        return Value.obj("name", Value.text(name), "kind", Value.text(kind), "text", Value.text(text));
    }

    private List<BadArchive> badArchives() {
        Value top = entry("echo/", "DIRECTORY", "");
        String sums =
                world.signatures().sha256("two".getBytes(java.nio.charset.StandardCharsets.UTF_8)) + "  machine.yaml\n";
        Value manifest = entry("echo/machine.yaml", "FILE", "two");
        Value sumsFile = entry("echo/SHA256SUMS", "FILE", sums);
        Value bomb = Value.obj("name", Value.text("echo/bomb"), "text", Value.text("0".repeat(1 << 16)))
                .with("repeat", Value.num(1 << 6));
        return List.of(
                new BadArchive("archive.entry", List.of(top, manifest, sumsFile, entry("echo/l", "LINK", ""))),
                new BadArchive("archive.entry", List.of(top, manifest, sumsFile, entry("echo/fifo", "OTHER", ""))),
                new BadArchive("archive.entry", List.of(top, entry("echo/../../x", "FILE", "x"))),
                new BadArchive("archive.entry", List.of(entry("/etc/passwd", "FILE", "x"))),
                new BadArchive("archive.entry", List.of(entry("other/machine.yaml", "FILE", "x"))),
                new BadArchive("archive.entry", List.of(entry("echo", "FILE", "x"))),
                new BadArchive("archive.entry", List.of(top, manifest, manifest)),
                new BadArchive("archive.contents", List.of(top, sumsFile)),
                new BadArchive("archive.contents", List.of(top, manifest, sumsFile, entry("echo/more", "FILE", "x"))),
                new BadArchive("archive.contents", List.of(top, sumsFile, entry("echo/machine.yaml", "FILE", "xxx"))),
                new BadArchive("archive.contents", List.of(top, manifest)),
                new BadArchive("archive.too-large", List.of(top, manifest, sumsFile, bomb)));
    }

    @TestFactory
    Stream<DynamicTest> anArchiveThatBreaksTheRulesChangesNothingThatRuns() {
        deployTheFirstVersion();
        List<DynamicTest> tests = new ArrayList<>();
        int number = 0;
        for (BadArchive bad : badArchives()) {
            tests.add(DynamicTest.dynamicTest(++number + " " + bad.code(), () -> refused(bad)));
        }
        return tests.stream();
    }

    private void refused(BadArchive bad) {
        deployTheFirstVersion();
        world.limits = new ArchiveLimits(1 << 20, 1 << 20, 100, java.time.Duration.ofMinutes(1));
        deployer = world.deployer();
        Map<String, String> before = versions();
        String sums =
                world.signatures().sha256("two".getBytes(java.nio.charset.StandardCharsets.UTF_8)) + "  machine.yaml\n";
        String digest = world.signatures().sha256(sums.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Value.Obj list = world.sign(6, world.offer("echo", bad.entries(), digest));
        for (int round = 0; round < 3; round++) {
            String error = world.apply(deployer, list).error();
            assertTrue(error.startsWith("echo: " + bad.code() + ":"), error);
        }
        assertEquals(before, versions());
        assertEquals(1, world.sent("plugin_rejected").size());
    }

    private Map<String, String> versions() {
        Map<String, String> tree = world.tree();
        tree.keySet().removeIf(name -> name.startsWith("lists/"));
        return tree;
    }

    @Test
    void refusesAnArchiveThatIsTooLargeOrHasOtherBytes() {
        Value.Obj list = world.sign(6, two);
        URI source = URI.create(two.text("source").orElseThrow());
        Map<String, String> before = versions();
        world.artifacts.lie(source, new SimArtifacts.Lie.Endless());
        assertTrue(world.apply(deployer, list).error().contains("artifact.too-large"));
        world.tasks.advance(java.time.Duration.ofMinutes(3));
        world.artifacts.lie(source, new SimArtifacts.Lie.WrongBytes());
        assertTrue(world.apply(deployer, list).error().contains("archive.checksum"));
        assertEquals(before, versions());
    }

    @Test
    void goesOnWithADownloadThatBrokeOff() {
        Value.Obj list = world.sign(6, two);
        world.artifacts.lie(URI.create(two.text("source").orElseThrow()), new SimArtifacts.Lie.BreaksOff(20));
        assertTrue(world.apply(deployer, list).error().contains("artifact."));
        world.tasks.advance(java.time.Duration.ofSeconds(10));
        assertEquals("", world.apply(deployer, list).error());
        assertEquals(
                two.text("verify_checksum").orElseThrow(),
                world.plugins().pointer("echo").orElseThrow().current());
    }

    @Test
    void deploysNothingWithoutAKey() {
        DeployerSettings with = world.settings();
        DeployerSettings none = new DeployerSettings(
                java.util.Optional.empty(),
                with.customer(),
                with.site(),
                with.lowestSerial(),
                with.newestSigned(),
                with.checkInterval(),
                with.splay(),
                with.probation(),
                with.limits());
        DeployerPorts ports = new DeployerPorts(
                world.plugins(),
                world.json,
                world.signatures(),
                world.artifacts,
                world.archives(),
                world.files(),
                world.tasks.time(),
                world.tasks.entropy(),
                java.util.Optional.empty());
        Deployer keyless = new Deployer(none, ports, world.events, world.sent::add, new PluginHost() {
            @Override
            public void changed() {}

            @Override
            public Health health(String plugin) {
                return new Starting("");
            }

            @Override
            public boolean occupies(String plugin) {
                return false;
            }
        });
        Map<String, String> before = world.tree();
        assertTrue(world.apply(keyless, world.sign(6, two)).error().startsWith("spec.no-key"));
        assertEquals(before, world.tree());
    }
}
