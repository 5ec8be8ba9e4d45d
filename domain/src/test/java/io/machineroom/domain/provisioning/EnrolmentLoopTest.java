package io.machineroom.domain.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.SimSaas;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFacts;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentLoopTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final SimTasks tasks = new SimTasks(21);
    private final SimDisk disk = new SimDisk(tasks.time(), 4);
    private final SimFiles root = new SimFiles(disk, Path.of("/"));
    private final SimFiles config = new SimFiles(disk, Path.of("/etc/agent"));
    private final SimKeyring keyring = new SimKeyring(tasks.entropy());
    private final SimSaas saas = new SimSaas(tasks, tasks.entropy());
    private final SimEnroller enroller = new SimEnroller(new TrueTime(tasks), tasks.entropy(), saas.receiptKey());
    private final SimMeter meter = new SimMeter();
    private final EnrolmentStore store = store();
    private final List<Enrolment> enrolled = new ArrayList<>();
    private List<Problem> problems = List.of();

    EnrolmentLoopTest() {
        saas.answering(enroller);
        token(enroller.token());
    }

    private EnrolmentStore store() {
        return new EnrolmentStore(config, new SimJson(), new SimSignatures(), keyring);
    }

    private void token(String text) {
        config.replace("provisioning.jwt", (text + "\n").getBytes(StandardCharsets.UTF_8), 0600);
    }

    private EnrolmentLoop loop() {
        return loop(Optional.of(enroller.organisation()), Optional.of("n1.example.net"));
    }

    private EnrolmentLoop loop(Optional<VerifyKey.Ed25519> issuer, Optional<String> identity) {
        return new EnrolmentLoop(
                new EnrolmentSettings(
                        issuer,
                        Path.of("/etc/agent/provisioning.jwt"),
                        identity,
                        "1.0",
                        Duration.ofSeconds(5),
                        FactSource.OptOuts.none()),
                new EnrolmentLoop.Parts(
                        saas.way("https"),
                        new DiskHostFiles(root),
                        new SimFacts("host.example.net"),
                        keyring,
                        new SimSignatures(),
                        new SimJson(),
                        tasks,
                        tasks.time(),
                        tasks.entropy(),
                        meter),
                store,
                configuration -> problems,
                enrolled::add);
    }

    private Enrolment enrolsWith(EnrolmentLoop loop) {
        Tasks.Task task = tasks.fork("enrolment", loop::run);
        assertTrue(tasks.runUntil(task::done, SOON), () -> loop.state().toString());
        return enrolled.getLast();
    }

    private EnrolmentState refuses(EnrolmentLoop loop) {
        Tasks.Task task = tasks.fork("enrolment", loop::run);
        tasks.advance(SOON);
        assertFalse(task.done());
        assertTrue(loop.state().attempts() > 2);
        assertInstanceOf(EnrolmentStore.None.class, store.load());
        task.cancel();
        tasks.settle();
        return loop.state();
    }

    @Test
    void enrolsAndKeepsEverythingInOneFile() {
        Enrolment enrolment = enrolsWith(loop());
        assertEquals("n1.example.net", enrolment.identity());
        assertEquals("one", enrolment.customer());
        assertEquals(7, enrolment.listSerial());
        assertEquals(saas.receiptKey(), enrolment.receiptKey());
        assertEquals(keyring.publicNkey(KeyRole.NATS_USER).orElseThrow(), enrolment.nodeKey());
        EnrolmentStore.Present present = assertInstanceOf(EnrolmentStore.Present.class, store().load());
        assertEquals(enrolment, present.enrolment());
        assertEquals(0600, config.info(EnrolmentStore.FILE).orElseThrow().mode());
        assertFalse(enrolment.toString().contains("eyJ"), "no token text in toString");
    }

    @Test
    void asksForTheHostNameWhenNobodyGaveAName() {
        assertEquals(
                "host.example.net",
                enrolsWith(loop(Optional.of(enroller.organisation()), Optional.empty()))
                        .identity());
    }

    @Test
    void asksWithTheSameNonceUntilAnAnswerIsAccepted() {
        enroller.answersAreLost = true;
        EnrolmentLoop loop = loop();
        Tasks.Task task = tasks.fork("enrolment", loop::run);
        tasks.advance(Duration.ofSeconds(20));
        assertEquals("link.timeout", loop.state().lastCode());
        task.cancel();
        tasks.settle();
        enroller.answersAreLost = false;
        enrolsWith(loop());
        assertTrue(enroller.asked.size() > 2);
        assertEquals(
                1,
                enroller.asked.stream()
                        .map(r -> r.text("node_nonce"))
                        .distinct()
                        .count());
        assertEquals(
                1,
                enroller.asked.stream()
                        .map(r -> r.text("public_key"))
                        .distinct()
                        .count());
        assertTrue(config.info("enrolment.nonce").isEmpty());
    }

    @Test
    void triesForEverAndShowsWhatTheOtherSideSays() {
        enroller.refuses = new PortException.Refused("enrol.identity-taken", "n1 is enrolled with another key");
        EnrolmentState state = refuses(loop());
        assertEquals("enrol.identity-taken", state.lastCode());
        assertEquals("n1 is enrolled with another key", state.lastReason());
        enroller.refuses = null;
        enrolsWith(loop());
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        enroller.reply = r -> Value.obj("defer_seconds", Value.num(600), "reason", Value.text("not yet decided"));
        EnrolmentLoop loop = loop();
        tasks.fork("enrolment", loop::run);
        tasks.advance(Duration.ofSeconds(599));
        assertEquals(1, loop.state().attempts());
        assertTrue(loop.state().lastReason().contains("not yet decided"));
        enroller.reply = r -> r;
        assertTrue(tasks.runUntil(() -> !enrolled.isEmpty(), Duration.ofSeconds(10)));
    }

    @Test
    void refusesATokenOfAnotherIssuer() {
        token(enroller.token(new KeyRole("attacker", KeyRole.Form.HEX_SEED)));
        assertEquals("enrol.token", refuses(loop()).lastCode());
        assertEquals(0, saas.way("https").connects());
    }

    @Test
    void refusesATokenThatDoesNotTurnProvisioningOn() {
        token(enroller.tokenWith("chpd", Value.bool(false)));
        EnrolmentState state = refuses(loop());
        assertEquals("enrol.token", state.lastCode());
        assertTrue(state.lastReason().contains("chpd"), state.lastReason());
        assertEquals(0, saas.way("https").connects());
    }

    @Test
    void refusesToEnrolWithoutAnIssuerKeyOrAToken() {
        assertEquals(
                "enrol.no-issuer",
                refuses(loop(Optional.empty(), Optional.of("n1"))).lastCode());
        config.delete("provisioning.jwt");
        assertEquals("enrol.no-token", refuses(loop()).lastCode());
    }

    @Test
    void refusesAnAnswerToAnotherNonceNameOrKey() {
        enroller.lie = a -> a.with("node_nonce", Value.text("0".repeat(64)));
        assertTrue(refuses(loop()).lastReason().contains("nonce"));
        enroller.lie = a -> a.with("identity", Value.text("n2.example.net"));
        assertTrue(refuses(loop()).lastReason().contains("another node"));
        enroller.lie = a -> a.with("public_key", Value.text("ab".repeat(32)));
        assertTrue(refuses(loop()).lastReason().contains("another key"));
        enroller.lie = a -> a.with("server_jwt", Value.text("e30.e30.e30"));
        assertTrue(refuses(loop()).lastReason().contains("server token"));
    }

    @Test
    void refusesAnAnswerThatTheIssuerDidNotSign() {
        enroller.reply = r -> enroller.signed(
                new KeyRole("attacker", KeyRole.Form.HEX_SEED),
                Value.obj("identity", Value.text("n1")),
                r.text("issuer").orElseThrow());
        assertEquals("enrol.answer", refuses(loop()).lastCode());
        enroller.reply = r -> r.with("issuer", Value.text("e30.e30.e30"));
        assertEquals("enrol.issuer", refuses(loop()).lastCode());
    }

    @Test
    void refusesSettingsThatCannotBeUsed() {
        problems = List.of(new Problem("nonsense", 0, "unknown key"));
        EnrolmentState state = refuses(loop());
        assertEquals("enrol.settings", state.lastCode());
        assertTrue(state.lastReason().contains("nonsense"));
    }

    @Test
    void enrolsThoughItsClockStandsInThePast() {
        tasks.jumpWall(Duration.ofDays(-10_000));
        assertEquals("one", enrolsWith(loop()).customer());
    }

    @Test
    void keepsADamagedEnrolmentAsEvidence() {
        enrolsWith(loop());
        byte[] good = config.read(EnrolmentStore.FILE, 1 << 20).orElseThrow();
        int n = 0;
        List<Consumer<byte[]>> damages =
                List.of(b -> b[b.length / 2] ^= 1, b -> java.util.Arrays.fill(b, (byte) 0), b -> b[0] = 'x');
        for (Consumer<byte[]> damage : damages) {
            byte[] bad = good.clone();
            damage.accept(bad);
            config.replace(EnrolmentStore.FILE, bad, 0600);
            EnrolmentStore.Damaged found = assertInstanceOf(EnrolmentStore.Damaged.class, store().load());
            assertEquals("enrolment.damaged-" + ++n, found.evidence());
            assertTrue(config.info(found.evidence()).isPresent());
            assertInstanceOf(EnrolmentStore.None.class, store().load());
        }
    }

    @Test
    void takesALostKeyForADamagedEnrolment() {
        enrolsWith(loop());
        keyring.erase(KeyRole.IDENTITY);
        EnrolmentStore.Damaged found = assertInstanceOf(EnrolmentStore.Damaged.class, store().load());
        assertTrue(found.reason().contains("server.seed"), found.reason());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void isEnrolledOrNotAfterAPowerCutAtAnyStep(int cutAt) {
        int[] steps = {0};
        disk.beforeEachStep(step -> {
            if (++steps[0] == cutAt) {
                throw new PowerCut();
            }
        });
        Tasks.Task task = tasks.fork("enrolment", loop()::run);
        assertTrue(tasks.runUntil(task::done, SOON));
        disk.crash();
        disk.beforeEachStep(step -> {});
        switch (store().load()) {
            case EnrolmentStore.None ignored -> enrolsWith(loop());
            case EnrolmentStore.Present(Enrolment enrolment) -> assertEquals("n1.example.net", enrolment.identity());
            case EnrolmentStore.Damaged damaged -> throw new AssertionError(damaged.reason());
        }
        assertInstanceOf(EnrolmentStore.Present.class, store().load());
        assertEquals(
                1,
                enroller.asked.stream()
                        .map(r -> r.text("public_key"))
                        .distinct()
                        .count());
    }

    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }
}
