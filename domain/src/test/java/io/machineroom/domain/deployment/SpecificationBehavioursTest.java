package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.deployment.SignedSpecification.Policy;
import io.machineroom.domain.deployment.SignedSpecification.Rejected;
import io.machineroom.domain.deployment.SignedSpecification.Verdict;
import io.machineroom.domain.deployment.SignedSpecification.Verified;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lists of plugins, and of machines in the older form, by the numbers of the behaviours. */
final class SpecificationBehavioursTest {
    private static final byte[] EMPTY = "[]".getBytes(StandardCharsets.UTF_8);
    private static final String BASE64 = Base64.getEncoder().encodeToString(EMPTY);
    private static final Policy ANY = new Policy("", "", 0, 0, "", false);

    private final DeploymentWorld world = new DeploymentWorld(1);

    private String signature(byte[] over) {
        return HexFormat.of().formatHex(world.signer.sign(KeyRole.IDENTITY, over));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Verdict verify(String key, String signature) {
        Value.Obj document = Value.obj(key, Value.text(BASE64), "signature", Value.text(signature));
        return SignedSpecification.of(document).orElseThrow().verify(world.key, ANY, world.signatures(), world.json);
    }

    private static String code(Verdict verdict) {
        return assertInstanceOf(Rejected.class, verdict).code();
    }

    @Test
    void b084TheSignatureIsOverTheBase64Text() {
        SignedSpecification list = SignedSpecification.sign(EMPTY, bytes -> world.signer.sign(KeyRole.IDENTITY, bytes));
        assertEquals(BASE64, list.plugins());
        assertTrue(world.signatures()
                .verify(world.key, ascii(list.plugins()), HexFormat.of().parseHex(list.signature())));
    }

    /** The original makes a manager machine for each entry, named with a prefix; here the entry itself is followed. */
    @Test
    void b087AnEntryIsFollowedUnderItsOwnNameWithoutAManager() {
        Value.Obj x = world.pack("x", Map.of("machine.yaml", "one"));
        Deployer.Answer answer = world.apply(world.deployer(), world.sign(1, x));
        assertEquals(List.of("x"), answer.names());
        assertEquals(List.of("x"), List.copyOf(world.plugins().pointers().keySet()));
        assertTrue(world.tree().keySet().stream().noneMatch(file -> file.contains("_x")));
    }

    @Test
    void b088AListWithoutSignatureIsNeverTaken() {
        assertEquals("spec.unsigned", code(verify("plugins", "")));
    }

    @Test
    void b090AndB091AWrongSignatureChangesNothing() {
        assertEquals("spec.signature", code(verify("plugins", "x")));
        assertEquals("spec.signature", code(verify("plugins", signature(ascii("other")))));
        assertEquals("spec.signature", code(verify("plugins", signature(EMPTY))));
    }

    @Test
    void b093ARightSignatureGivesTheList() {
        Verified good = assertInstanceOf(Verified.class, verify("plugins", signature(ascii(BASE64))));
        assertArrayEquals(EMPTY, good.list());
    }

    @Test
    void b094TheOlderFormIsNeverTakenUnsignedEither() {
        assertEquals("spec.unsigned", code(verify("machines", "")));
    }

    @Test
    void b096AWrongSignatureOfTheOlderFormChangesNothing() {
        assertEquals("spec.signature", code(verify("machines", "x")));
        assertEquals("spec.signature", code(verify("machines", signature(ascii(BASE64)))));
        Value.Obj rubbish = Value.obj("machines", Value.text("!"), "signature", Value.text(signature(EMPTY)));
        assertEquals(
                "spec.malformed",
                code(SignedSpecification.of(rubbish)
                        .orElseThrow()
                        .verify(world.key, ANY, world.signatures(), world.json)));
    }

    @Test
    void b097TheOlderFormIsSignedOverTheDecodedList() {
        Verified good = assertInstanceOf(Verified.class, verify("machines", signature(EMPTY)));
        assertArrayEquals(EMPTY, good.list());
    }

    @Test
    void b099TheKeyOfTheBuildBeatsTheKeyOfTheWatcher() {
        Value.Obj document = Value.obj("machines", Value.text(BASE64), "signature", Value.text(signature(EMPTY)));
        world.lowestSerial = java.util.OptionalLong.empty();
        VerifyKey.Ed25519 other = VerifyKey.hex("b217b9c7574ad807f653754b9722e8001399c5646235742204963522da5c3b82");
        Deployer deployer = world.deployer();
        List<Deployer.Answer> answers = new ArrayList<>();
        world.tasks.run(() -> answers.add(deployer.apply(new Deployer.Round(
                "machines_manager", document, Optional.of(other), true, "node1.acme", Value.obj(), Optional.empty()))));
        assertEquals("", answers.getFirst().error());
    }

    @Test
    void theOlderFormDeploysAndIsRememberedAsWhatItIs() {
        world.lowestSerial = java.util.OptionalLong.empty();
        Value.Obj echo = world.pack("echo", Map.of("machine.yaml", "one"));
        byte[] list = world.json.write(Value.arr(echo));
        Value.Obj document = Value.obj(
                "machines",
                Value.text(Base64.getEncoder().encodeToString(list)),
                "signature",
                Value.text(signature(list)));
        assertEquals(List.of("echo"), world.apply(world.deployer(), document).names());
        Deployer.Answer later = world.apply(world.deployer(), Value.text("rubbish"));
        assertEquals(List.of("echo"), later.names());
    }
}
