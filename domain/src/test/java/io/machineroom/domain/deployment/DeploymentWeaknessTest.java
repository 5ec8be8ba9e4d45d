package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimArtifacts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The original's weaknesses of deployment, by their numbers in spec 10.3: none is here. */
final class DeploymentWeaknessTest {
    private final DeploymentWorld world = new DeploymentWorld(1);
    private final Value.Obj one = world.pack("echo", Map.of("machine.yaml", "one", "run.sh", "1"));
    private final Value.Obj two = world.pack("echo", Map.of("machine.yaml", "two", "run.sh", "2"));
    private Deployer deployer = world.deployer();

    private static String digest(Value.Obj entry) {
        return entry.text("verify_checksum").orElseThrow();
    }

    private static URI source(Value.Obj entry) {
        return URI.create(entry.text("source").orElseThrow());
    }

    private String apply(Value list) {
        return world.apply(deployer, list).error();
    }

    private void proven(String plugin, Value.Obj entry, Value list) {
        apply(list);
        world.health.put(plugin, new PluginHost.Running(digest(entry)));
        apply(list);
    }

    private String current(String plugin) {
        return world.plugins().pointer(plugin).map(PluginPointer::current).orElse("");
    }

    private Value.Obj named(String name) {
        return world.pack(name, Map.of("machine.yaml", name));
    }

    @Test
    void w39AnAnswerThatIsNoSuccessIsNoArchive() {
        proven("echo", one, world.sign(1, one));
        world.artifacts.lie(source(two), new SimArtifacts.Lie.Status(404));
        assertTrue(apply(world.sign(2, two)).contains("artifact.status"));
        assertEquals(digest(one), current("echo"));
    }

    @Test
    void w39ModesOfTheArchiveAreNotTakenAsTheyAre() {
        String text = "x";
        String sums = world.signatures().sha256(text.getBytes(StandardCharsets.UTF_8)) + "  run\n";
        Value.Obj entry = world.offer(
                "tool",
                List.of(
                        Value.obj("name", Value.text("tool/"), "kind", Value.text("DIRECTORY")),
                        Value.obj("name", Value.text("tool/run"), "text", Value.text(text))
                                .with("mode", Value.num(06777)),
                        Value.obj("name", Value.text("tool/SHA256SUMS"), "text", Value.text(sums))
                                .with("mode", Value.num(0666))),
                world.signatures().sha256(sums.getBytes(StandardCharsets.UTF_8)));
        assertEquals("", apply(world.sign(1, entry)));
        String folder = "versions/tool/" + digest(entry) + "/";
        assertEquals(0755, world.state.info(folder + "run").orElseThrow().mode());
        assertEquals(0644, world.state.info(folder + "SHA256SUMS").orElseThrow().mode());
    }

    @Test
    void w39AServerThatFailsIsAskedLessAndLessAndNotInStep() {
        Set<Integer> requests = new TreeSet<>();
        Set<List<Long>> times = new java.util.HashSet<>();
        for (int seed = 1; seed <= 4; seed++) {
            DeploymentWorld node = new DeploymentWorld(seed);
            Value.Obj entry = node.pack("echo", Map.of("machine.yaml", "one"));
            node.artifacts.lie(source(entry), new SimArtifacts.Lie.Status(503));
            Value.Obj list = node.sign(1, entry);
            Deployer asking = node.deployer();
            List<Long> when = new ArrayList<>();
            for (long second = 0; second < 12 * 3600; second += 30) {
                int before = node.artifacts.asked().size();
                assertTrue(node.apply(asking, list).error().contains("artifact.status"));
                if (node.artifacts.asked().size() > before) {
                    when.add(second);
                }
                node.tasks.advance(Duration.ofSeconds(30));
            }
            requests.add(when.size());
            times.add(when);
            long last = when.getLast() - when.get(when.size() - 2);
            assertTrue(last >= 1_790 && last <= 3_640, "the last wait was " + last + " s");
        }
        assertTrue(requests.stream().allMatch(n -> n >= 12 && n < 50), "requests in 12 hours: " + requests);
        assertEquals(4, times.size());
    }

    @Test
    void w39AnotherListTriesAtOnce() {
        world.artifacts.lie(source(one), new SimArtifacts.Lie.Status(503));
        assertTrue(apply(world.sign(1, one)).contains("artifact.status"));
        world.artifacts.lie(source(one), new SimArtifacts.Lie.None());
        assertEquals("", apply(world.sign(2, one.with("match", Value.text("true")))));
        assertEquals(digest(one), current("echo"));
    }

    @Test
    void w42NullAndDoubledAndBadlyNamedEntriesStopNoOther() {
        Value.Obj good = named("good");
        Value.Obj twice = named("good").with("source", Value.text("https://other.example/x.tgz"));
        String error = apply(world.sign(
                1,
                Value.nil(),
                one.with("name", Value.text("../x")),
                one.with("name", Value.text("a/b")),
                good,
                twice));
        assertTrue(error.startsWith("plugin.entry"), error);
        assertEquals(digest(good), current("good"));
        assertEquals(Set.of("good"), world.plugins().pointers().keySet());
        assertTrue(world.tree().keySet().stream().noneMatch(name -> name.contains("..")));
    }

    @Test
    void w42APluginWhoseEntryBecameBadStays() {
        proven("echo", one, world.sign(1, one));
        apply(world.sign(2, one.without("checksum"), named("good")));
        assertEquals(digest(one), current("echo"));
        assertFalse(current("good").isEmpty());
    }

    @Test
    void w43TextsOfTheListAreNeverPastedIntoAManifest() {
        Value.Obj entry = one.with("username", Value.text("u\"\n- x: y"))
                .with("password", Value.text("p\"\\'{{ lookup `facts.dc` `` }}"));
        assertEquals("", apply(world.sign(1, entry)));
        assertEquals(digest(one), current("echo"));
        String basic =
                java.util.Base64.getEncoder().encodeToString("u\"\n- x: y:p\"\\'lon".getBytes(StandardCharsets.UTF_8));
        assertTrue(world.artifacts.asked().getLast().authorization().contains(basic));
        assertTrue(world.tree().values().stream().noneMatch(text -> text.contains("p\"\\'")));
    }

    @Test
    void w44FilesGoAfterTheirMachineHasEndedAndLeaveNoOrphan() {
        proven("echo", one, world.sign(1, one));
        String file = "versions/echo/" + digest(one) + "/run.sh";
        world.running.add("echo");
        Value.Obj empty = world.sign(2);
        assertTrue(world.apply(deployer, empty).pending());
        assertTrue(world.plugins().pointer("echo").isEmpty());
        assertTrue(world.tree().containsKey(file), "the machine still runs");
        world.running.clear();
        assertFalse(world.apply(deployer, empty).pending());
        assertTrue(world.tree().keySet().stream().noneMatch(name -> name.contains("echo")));
    }

    @Test
    void w44AnAgentThatEndedInBetweenLeavesNoOrphan() {
        proven("echo", one, world.sign(1, one));
        world.running.add("echo");
        apply(world.sign(2));
        world.running.clear();
        deployer = world.deployer();
        assertTrue(world.tree().keySet().stream().noneMatch(name -> name.contains("echo")));
    }

    @Test
    void w44WhatComesBackBeforeItsFilesWentStays() {
        proven("echo", one, world.sign(1, one));
        world.running.add("echo");
        apply(world.sign(2));
        apply(world.sign(3, one));
        world.running.clear();
        apply(world.sign(3, one));
        assertEquals(digest(one), current("echo"));
        assertTrue(world.tree().containsKey("versions/echo/" + digest(one) + "/run.sh"));
    }

    @Test
    void w44AConditionThatFailsPurgesNothing() {
        proven("echo", one, world.sign(1, one));
        apply(world.sign(2, one.with("match", Value.text("get_fact('dc') > 3"))));
        assertEquals(digest(one), current("echo"));
    }

    @Test
    void w45AListThatDoesNotVerifyStaysAndARightKeyTakesIt() {
        Value.Obj list = world.sign(1, one);
        Deployer keyless = world.deployer(Optional.empty());
        Deployer.Round round = world.round(list);
        VerifyKey.Ed25519 mistyped = VerifyKey.hex("ab".repeat(32));
        assertTrue(world.run(keyless, world.with(round, mistyped)).error().startsWith("spec.signature"));
        assertEquals("", world.run(keyless, world.with(round, world.key)).error());
        assertEquals(digest(one), current("echo"));
    }

    @Test
    void w46AnOlderListIsRefused() {
        Value.Obj older = world.sign(3, one);
        proven("echo", two, world.sign(4, two));
        assertTrue(apply(older).startsWith("spec.replayed"));
        assertEquals(digest(two), current("echo"));
    }

    @Test
    void w47WithoutAKeyNothingIsDeployedNotEvenUnsigned() {
        deployer = world.deployer(Optional.empty());
        Value.Obj unsigned = world.sign(1, one).without("signature");
        assertTrue(apply(unsigned).startsWith("spec.no-key"));
        assertTrue(world.plugins().pointers().isEmpty());
    }

    @Test
    void w49AnAddressWithoutAPathIsOneThatFailsAndNoMore() {
        for (String source : List.of("https://plugins.example", "https://plugins.example/", "https://", "x")) {
            DeploymentWorld other = new DeploymentWorld(8);
            Value.Obj good = other.pack("good", Map.of("machine.yaml", "good"));
            Value.Obj odd = other.pack("odd", Map.of("machine.yaml", "odd")).with("source", Value.text(source));
            String error =
                    other.apply(other.deployer(), other.sign(1, odd, good)).error();
            assertTrue(error.startsWith("odd: "), source + ": " + error);
            assertTrue(other.plugins().pointer("good").isPresent());
        }
    }

    @Test
    void w50TheIntervalOfTheManagerCounts() {
        world.manage = Optional.of(Duration.ofMinutes(5));
        Value.Obj list = world.sign(1, one);
        proven("echo", one, list);
        String file = "versions/echo/" + digest(one) + "/run.sh";
        world.state.replace(file, new byte[] {'x'}, 0644);
        world.tasks.advance(Duration.ofMinutes(4));
        apply(list);
        assertEquals("x", world.tree().get(file));
        world.tasks.advance(Duration.ofMinutes(1));
        apply(list);
        assertEquals("1", world.tree().get(file));
    }

    @Test
    void w51AnUpgradeThatDoesNotStartIsToldAndTakenBack() {
        proven("echo", one, world.sign(1, one));
        Value.Obj list = world.sign(2, two);
        apply(list);
        world.health.put("echo", new PluginHost.Broken(digest(two), "machine.invalid: no"));
        apply(list);
        assertEquals(digest(one), current("echo"));
        assertEquals(1, world.sent("plugin_rolled_back").size());
    }

    @Test
    void w52NodesDoNotFetchANewVersionAtTheSameTime() {
        Set<Long> times = new TreeSet<>();
        for (int seed = 1; seed <= 20; seed++) {
            DeploymentWorld node = new DeploymentWorld(seed);
            node.splay = Duration.ofMinutes(1);
            Value.Obj entry = node.pack("echo", Map.of("machine.yaml", "one"));
            Value.Obj list = node.sign(1, entry);
            Deployer asking = node.deployer();
            long second = 0;
            while (node.apply(asking, list).pending() && node.artifacts.asked().isEmpty()) {
                node.tasks.advance(Duration.ofSeconds(1));
                second++;
            }
            assertEquals(1, node.artifacts.asked().size());
            assertTrue(second <= 60, "after " + second + " s");
            times.add(second);
        }
        assertTrue(times.size() >= 12 && spread(times) > 30, "at seconds " + times);
    }

    private static long spread(Set<Long> times) {
        return java.util.Collections.max(times) - java.util.Collections.min(times);
    }
}
