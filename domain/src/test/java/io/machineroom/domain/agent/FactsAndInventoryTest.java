package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.sim.SimJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Spec streams 3.2 and 8, key by key. */
final class FactsAndInventoryTest extends AgentFixture {
    private static final AgentProfile PROFILE = new AgentProfile(
            "acme", "1.2.3", "ops@acme.example", "help", "ab".repeat(32), () -> Value.obj("tier", Value.text("gold")));

    private AgentSettings settings(FactSource.OptOuts optOuts) {
        AgentSettings base = settings();
        EnrolmentSettings e = base.enrolment();
        return new AgentSettings(
                base.paths(),
                base.intervals(),
                new EnrolmentSettings(
                        e.issuer(), e.tokenFile(), e.identity(), e.version(), e.connectTimeout(), optOuts),
                base.link(),
                base.httpsOnly(),
                base.pump(),
                base.outbox(),
                base.supervisor(),
                base.stopDeadline());
    }

    private Value.Obj facts(FactSource.OptOuts optOuts) {
        return new FactsDocument(PROFILE, settings(optOuts), ports(), Instant.EPOCH).gather("n1.example.net");
    }

    /** The block of the agent is what it adds to the standard facts; a vendor's own facts are inside of it. */
    @Test
    void fct02WhatIsAddedStandsBesideTheStandardFacts() {
        Value.Obj all = facts(FactSource.OptOuts.none());
        Value.Obj block = all.obj("machine_room").orElseThrow();
        assertEquals(Optional.of("n1.example.net"), block.text("identity"));
        assertEquals(Optional.of(Value.obj("tier", Value.text("gold"))), block.get("additional_facts"));
    }

    @Test
    void factsHaveTheKeysOfTheOriginalExceptTokens() {
        Value.Obj all = facts(FactSource.OptOuts.none());
        assertEquals(
                Set.of("host", "network", "partition", "cpu", "memory", "machine_room"),
                all.fields().keySet());
        Value.Obj block = all.obj("machine_room").orElseThrow();
        assertEquals(
                Set.of(
                        "identity",
                        "timestamp",
                        "timestamp_seconds",
                        "server",
                        "options",
                        "provisioning",
                        "additional_facts"),
                block.fields().keySet());
        assertEquals(
                Set.of("public_key", "public_nkey"),
                block.obj("server").orElseThrow().fields().keySet());
        assertEquals(
                Set.of("extended_claims"),
                block.obj("provisioning").orElseThrow().fields().keySet());
        assertEquals(
                Instant.parse(block.text("timestamp").orElseThrow()).getEpochSecond(),
                block.whole("timestamp_seconds").orElseThrow());
        assertEquals(
                Duration.ofMinutes(10).toNanos(),
                block.obj("options")
                        .orElseThrow()
                        .whole("facts_refresh_interval")
                        .orElseThrow());
    }

    @Test
    void optionsNameTheSwitchesThatAreOnAndNoOthers() {
        Value.Obj none = options(FactSource.OptOuts.none());
        assertEquals(
                List.of(),
                none.fields().keySet().stream().filter(k -> k.startsWith("no_")).toList());
        Value.Obj some = options(new FactSource.OptOuts(false, true, false, true, false, false, true));
        assertEquals(
                Set.of("no_host_facts", "no_disk_facts", "no_swap_facts"),
                Set.copyOf(some.fields().keySet().stream()
                        .filter(k -> k.startsWith("no_"))
                        .toList()));
        assertEquals(Optional.of(true), some.bool("no_host_facts"));
    }

    private Value.Obj options(FactSource.OptOuts optOuts) {
        return facts(optOuts).obj("machine_room").orElseThrow().obj("options").orElseThrow();
    }

    @Test
    void theCommandNamesTheNodeInBothPlaces() {
        keyring.ensure(KeyRole.IDENTITY);
        Value.Obj block = new FactsGathering(ports(), PROFILE, new Parts())
                .gather()
                .obj("machine_room")
                .orElseThrow();
        assertEquals(Optional.of("n1.example.net"), block.text("identity"));
        assertEquals(
                Optional.of("n1.example.net"),
                block.obj("options").orElseThrow().text("identity"));
    }

    @Test
    void reg11InventoryIsWhatChoriaRegisters() throws IOException {
        Value.Obj known = Value.obj("x", Value.num(1));
        Value.Obj status = Value.obj("identity", Value.text("n1"));
        Inventory inventory = new Inventory(
                ports(),
                PROFILE,
                AgentSettings.Intervals.defaults(),
                new Events("n1", Events.COMPONENT_SERVER, "1.2.3", tasks.time(), tasks.entropy()),
                out -> {},
                new Inventory.Content(
                        () -> known,
                        () -> status,
                        () -> List.of(new MachineService.MachineSummary("m", "1.0.0", "RUN", "dir", ""))));
        Value.Obj message = inventory.document();
        assertEquals(Set.of("protocol", "zcontent"), message.fields().keySet());
        assertEquals(Optional.of("choria:registration:inventorycontent:1"), message.text("protocol"));
        byte[] packed = Base64.getDecoder().decode(message.text("zcontent").orElseThrow());
        Value.Obj content;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            content = (Value.Obj) new SimJson().read(in.readAllBytes());
        }
        assertEquals(
                Set.of("agents", "classes", "facts", "status", "collectives", "build_info", "machines"),
                content.fields().keySet());
        assertEquals(Value.arr(), content.get("classes").orElseThrow());
        assertEquals(known, content.get("facts").orElseThrow());
        assertEquals(status, content.get("status").orElseThrow());
        assertEquals(List.of("choria"), content.texts("collectives"));
        assertEquals(
                Value.obj("version", Value.text("1.2.3"), "sha", Value.text("")),
                content.get("build_info").orElseThrow());
        assertEquals(
                Value.arr(
                        Value.obj("name", Value.text("m"), "version", Value.text("1.0.0"), "state", Value.text("RUN"))),
                content.get("machines").orElseThrow());
    }
}
