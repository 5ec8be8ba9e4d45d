package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Spec streams 8.3: what opting out leaves. */
final class FactsBehavioursTest {
    private static final FactSource.OptOuts ALL = new FactSource.OptOuts(false, true, true, true, true, true, true);

    private final HostFacts facts = new HostFacts();

    private Value.Obj part(FactSource.OptOuts without, String name) {
        return facts.gather(without).obj(name).orElseThrow();
    }

    @Test
    void fct01AllPartsStay() {
        assertEquals(
                Set.of("host", "network", "partition", "cpu", "memory"),
                facts.gather(ALL).fields().keySet());
    }

    @Test
    void fct03NoHost() {
        Value.Obj host = part(new FactSource.OptOuts(false, true, false, false, false, false, false), "host");
        assertEquals(Value.obj("info", Value.obj()), host);
    }

    @Test
    void fct05NoSwapLeavesTheMemory() {
        Value.Obj memory = part(new FactSource.OptOuts(false, false, false, false, false, false, true), "memory");
        Value.Obj swap = memory.obj("swap").orElseThrow();
        assertEquals(Set.of("info", "devices"), swap.fields().keySet());
        assertEquals(Value.obj(), swap.obj("info").orElseThrow());
        assertTrue(!memory.obj("virtual").orElseThrow().fields().isEmpty());
    }

    @Test
    void fct08EachSwitchLeavesTheOtherPartsAlone() {
        Value.Obj all = facts.gather(new FactSource.OptOuts(false, false, false, true, false, false, false));
        assertTrue(!all.obj("host")
                .orElseThrow()
                .obj("info")
                .orElseThrow()
                .fields()
                .isEmpty());
        assertTrue(!all.obj("memory")
                .orElseThrow()
                .obj("virtual")
                .orElseThrow()
                .fields()
                .isEmpty());
        assertTrue(!all.obj("cpu").orElseThrow().get("info").orElseThrow().equals(Value.arr()));
    }

    @Test
    void fct04NoMemory() {
        Value.Obj memory = part(new FactSource.OptOuts(false, false, false, false, false, true, false), "memory");
        assertEquals(Set.of("swap", "virtual"), memory.fields().keySet());
        assertEquals(Value.obj(), memory.obj("virtual").orElseThrow());
    }

    @Test
    void fct06NoProcessors() {
        Value.Obj cpu = part(new FactSource.OptOuts(false, false, false, false, true, false, false), "cpu");
        assertEquals(Value.obj("info", Value.arr()), cpu);
    }

    @Test
    void fct07NoPartitions() {
        Value.Obj disks = part(new FactSource.OptOuts(false, false, false, true, false, false, false), "partition");
        assertEquals(Value.obj("partitions", Value.arr(), "usage", Value.arr()), disks);
    }

    @Test
    void fct09NoNetwork() {
        Value.Obj network = part(new FactSource.OptOuts(false, false, true, false, false, false, false), "network");
        assertEquals(Value.arr(), network.get("addresses").orElseThrow());
        assertEquals(Value.arr(), network.get("interfaces").orElseThrow());
        assertEquals("", network.text("default_ipv4").orElseThrow());
        assertEquals("", network.text("default_ipv6").orElseThrow());
    }

    @Test
    void streamsW28OptingOutOfTheStandardFactsHasAnEffect() {
        Value.Obj none = facts.gather(new FactSource.OptOuts(true, false, false, false, false, false, false));
        assertEquals(Value.obj("info", Value.obj()), none.obj("host").orElseThrow());
        assertEquals(Value.obj("info", Value.arr()), none.obj("cpu").orElseThrow());
        assertEquals(
                Value.obj(), none.obj("memory").orElseThrow().obj("virtual").orElseThrow());
    }

    @Test
    void streamsW60NoPartIsEverNull() {
        assertTrue(!nullInside(facts.gather(FactSource.OptOuts.none())));
        assertTrue(!nullInside(facts.gather(ALL)));
    }

    private static boolean nullInside(Value value) {
        return switch (value) {
            case Value.Nil ignored -> true;
            case Value.Obj fields -> fields.fields().values().stream().anyMatch(FactsBehavioursTest::nullInside);
            case Value.Arr items -> items.items().stream().anyMatch(FactsBehavioursTest::nullInside);
            default -> false;
        };
    }
}
