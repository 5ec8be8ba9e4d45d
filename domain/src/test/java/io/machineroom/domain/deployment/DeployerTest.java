package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeployerTest {
    private static final Map<String, String> V1 = Map.of("machine.yaml", "one", "bin/run.sh", "echo 1");
    private static final Map<String, String> V2 = Map.of("machine.yaml", "two");

    private final DeploymentWorld world = new DeploymentWorld(1);
    private Value.Obj one = Value.obj();
    private Value.Obj two = Value.obj();
    private Deployer deployer = world.deployer();

    @BeforeEach
    void pack() {
        one = world.pack("echo", V1);
        two = world.pack("echo", V2);
    }

    private static String digest(Value.Obj entry) {
        return entry.text("verify_checksum").orElseThrow();
    }

    private Deployer.Answer deploy(Value.Obj list) {
        return world.apply(deployer, list);
    }

    private void proven(Value.Obj entry, Value.Obj list) {
        world.health.put("echo", new PluginHost.Running(digest(entry)));
        deploy(list);
    }

    private PluginPointer pointer() {
        return world.plugins().pointer("echo").orElseThrow();
    }

    @Test
    void installsAVerifiedVersionBehindAPointer() {
        Value.Obj list = world.sign(1, one);
        assertTrue(deploy(list).updated());
        assertEquals(digest(one), pointer().current());
        assertTrue(pointer().probation());
        assertEquals(
                Map.of("machine.yaml", "one", "bin/run.sh", "echo 1").get("bin/run.sh"),
                world.tree().get("versions/echo/" + digest(one) + "/bin/run.sh"));
        proven(one, list);
        assertFalse(pointer().probation());
        assertEquals(1, world.sent("plugin_deployed").size());
        assertFalse(deploy(list).updated());
    }

    @Test
    void movesForwardAndBackOnTheVendorsWord() {
        Value.Obj first = world.sign(1, one);
        deploy(first);
        proven(one, first);
        Value.Obj second = world.sign(2, two);
        deploy(second);
        proven(two, second);
        assertEquals(digest(two), pointer().current());
        assertEquals(digest(one), pointer().previous());
        int downloads = world.artifacts.asked().size();
        Value.Obj third = world.sign(3, one);
        deploy(third);
        proven(one, third);
        assertEquals(digest(one), pointer().current());
        assertEquals(downloads, world.artifacts.asked().size(), "the version before is still there");
    }

    @Test
    void rollsBackWhatDoesNotRunAndDoesNotTryItAgain() {
        Value.Obj first = world.sign(1, one);
        deploy(first);
        proven(one, first);
        Value.Obj second = world.sign(2, two);
        deploy(second);
        world.health.put("echo", new PluginHost.Broken(digest(two), "machine.invalid: no"));
        deploy(second);
        assertEquals(digest(one), pointer().current());
        assertEquals(
                "plugin.broken",
                world.sent("plugin_rolled_back").getFirst().text("code").orElseThrow());
        assertFalse(deploy(second).updated());
        assertEquals(digest(one), pointer().current());
        deploy(world.sign(3, two, world.pack("other", V1)));
        assertEquals(digest(two), pointer().current(), "another list is another try");
    }

    @Test
    void rollsBackWhatDoesNotStartInTime() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        assertTrue(deploy(list).pending());
        world.tasks.advance(Duration.ofSeconds(31));
        deploy(list);
        assertEquals("", pointer().current());
        assertEquals(
                "plugin.late",
                world.sent("plugin_rolled_back").getFirst().text("code").orElseThrow());
    }

    @Test
    void givesUpAVersionThatEndsTheProcessAgainAndAgain() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        for (int start = 0; start < Probation.MAX_ATTEMPTS; start++) {
            deployer = world.deployer();
        }
        deploy(list);
        assertEquals(
                "plugin.crashed",
                world.sent("plugin_rolled_back").getFirst().text("code").orElseThrow());
    }

    @Test
    void removesWhatIsNoLongerListed() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        deploy(world.sign(2));
        assertTrue(world.plugins().pointers().isEmpty());
        assertTrue(world.tree().keySet().stream().noneMatch(name -> name.startsWith("versions/")));
        assertEquals(1, world.sent("plugin_removed").size());
    }

    @Test
    void keepsWhatRunsWhenAConditionCannotBeEvaluated() {
        deploy(world.sign(1, one));
        deploy(world.sign(2, one.with("match", Value.text("nonsense("))));
        assertEquals(digest(one), pointer().current());
        assertEquals(
                "plugin.match",
                world.sent("plugin_rejected").getFirst().text("code").orElseThrow());
    }

    @Test
    void installsOnlyWhatMatchesTheNode() {
        Value.Obj here = one.with("match", Value.text("identity('^node1') and get_fact('dc') == 'lon'"));
        Value.Obj elsewhere = world.pack("other", V1).with("match", Value.text("identity('^web')"));
        deploy(world.sign(1, here, elsewhere));
        assertEquals(List.of("echo"), List.copyOf(world.plugins().pointers().keySet()));
    }

    @Test
    void leavesOutABadEntryAndKeepsTheOthers() {
        Deployer.Answer answer = deploy(world.sign(1, one.with("name", Value.text("../evil")), one));
        assertEquals(digest(one), pointer().current());
        assertTrue(answer.error().startsWith("plugin.entry"));
    }

    @Test
    void mendsWhatWasChangedOnTheNode() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        proven(one, list);
        String folder = "versions/echo/" + digest(one);
        world.state.replace(folder + "/machine.yaml", "evil".getBytes(StandardCharsets.UTF_8), 0644);
        world.state.replace(folder + "/more.sh", "evil".getBytes(StandardCharsets.UTF_8), 0755);
        world.state.delete(folder + "/bin/run.sh");
        assertFalse(deploy(list).updated(), "not before the check is due");
        world.tasks.advance(Duration.ofMinutes(2));
        assertTrue(deploy(list).updated());
        assertTrue(world.plugins().difference("echo", digest(one)).none());
        assertEquals(1, world.sent("plugin_repaired").size());
    }

    @Test
    void mendsTheSumsFileItself() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        proven(one, list);
        world.state.delete("versions/echo/" + digest(one) + "/SHA256SUMS");
        world.tasks.advance(Duration.ofMinutes(2));
        deploy(list);
        assertTrue(world.plugins().difference("echo", digest(one)).none());
    }

    @Test
    void repairsFromTheLastGoodListWhileABadOneIsThere() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        proven(one, list);
        world.state.delete("versions/echo/" + digest(one) + "/machine.yaml");
        world.tasks.advance(Duration.ofMinutes(2));
        deploy(Value.obj("plugins", Value.text("rubbish")));
        assertTrue(world.plugins().difference("echo", digest(one)).none());
    }

    @Test
    void adoptsAListThatExpiredAfterItWasAdopted() {
        Value.Obj list = world.sign(1, one);
        deploy(list);
        proven(one, list);
        world.tasks.advance(Duration.ofHours(2));
        assertEquals("", deploy(list).error());
    }

    @Test
    void doesNotTrustAClockThatWentBack() {
        long now = world.tasks.time().wall().getEpochSecond();
        Value.Obj expiring =
                world.sign(new SignedSpecification.Meta(2, now, now + 60, DeploymentWorld.CUSTOMER, "", ""), two);
        world.tasks.advance(Duration.ofMinutes(10));
        deploy(world.sign(1, one));
        world.tasks.jumpWall(Duration.ofDays(-1));
        assertTrue(deploy(expiring).error().startsWith("spec.expired"));
    }

    @Test
    void acceptsChoriasListsWhereTheEnrolmentBroughtNoSerial() {
        world.lowestSerial = java.util.OptionalLong.empty();
        deployer = world.deployer();
        byte[] list = world.json.write(Value.arr(one));
        Value.Obj plain = SignedSpecification.sign(
                        list, b -> world.signer.sign(io.machineroom.ports.security.KeyRole.IDENTITY, b))
                .toValue();
        assertEquals("", deploy(plain).error());
        assertEquals(digest(one), pointer().current());
        assertNotEquals(Optional.empty(), world.plugins().pointer("echo"));
    }
}
