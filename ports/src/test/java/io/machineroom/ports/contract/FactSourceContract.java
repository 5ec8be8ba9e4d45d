package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link FactSource} promises. */
public abstract class FactSourceContract {
    protected abstract FactSource facts();

    private static Value at(Value.Obj facts, String... path) {
        Value value = facts;
        for (String key : path) {
            value = ((Value.Obj) value).get(key).orElseThrow();
        }
        return value;
    }

    private Value.Obj without(int which) {
        boolean[] no = new boolean[7];
        no[which] = true;
        return facts().gather(new FactSource.OptOuts(no[0], no[1], no[2], no[3], no[4], no[5], no[6]));
    }

    @Test
    void hasTheKeysThatChoriaHas() {
        Value.Obj facts = facts().gather(FactSource.OptOuts.none());
        assertEquals(
                Set.of("host", "cpu", "memory", "partition", "network"),
                facts.fields().keySet());
        Value.Obj host = (Value.Obj) at(facts, "host", "info");
        assertFalse(host.text("hostname").orElseThrow().isEmpty());
        assertEquals("linux", host.text("os").orElseThrow());
        assertFalse(((Value.Arr) at(facts, "cpu", "info")).items().isEmpty());
        assertTrue(((Value.Obj) at(facts, "memory", "virtual")).whole("total").orElseThrow() > 0);
        assertTrue(at(facts, "memory", "swap", "info") instanceof Value.Obj);
        assertTrue(at(facts, "memory", "swap", "devices") instanceof Value.Arr);
        assertTrue(at(facts, "partition", "partitions") instanceof Value.Arr);
        assertTrue(at(facts, "partition", "usage") instanceof Value.Arr);
        assertTrue(at(facts, "network", "interfaces") instanceof Value.Arr);
        assertTrue(at(facts, "network", "addresses") instanceof Value.Arr);
        assertTrue(at(facts, "network", "default_ipv4") instanceof Value.Text);
        assertTrue(at(facts, "network", "default_ipv6") instanceof Value.Text);
    }

    @Test
    void optingOutKeepsTheKeysAndEmptiesThem() {
        assertEquals(Value.obj(), at(without(1), "host", "info"));
        Value.Obj network = without(2);
        assertEquals(Value.arr(), at(network, "network", "interfaces"));
        assertEquals(Value.arr(), at(network, "network", "addresses"));
        assertEquals(Value.text(""), at(network, "network", "default_ipv4"));
        Value.Obj disk = without(3);
        assertEquals(Value.arr(), at(disk, "partition", "partitions"));
        assertEquals(Value.arr(), at(disk, "partition", "usage"));
        assertEquals(Value.arr(), at(without(4), "cpu", "info"));
        Value.Obj memory = without(5);
        assertEquals(Value.obj(), at(memory, "memory", "virtual"));
        assertEquals(Value.obj(), at(memory, "memory", "swap", "info"));
        Value.Obj swap = without(6);
        assertEquals(Value.obj(), at(swap, "memory", "swap", "info"));
        assertEquals(Value.obj(), at(swap, "memory", "swap", "devices"));
        assertTrue(((Value.Obj) at(swap, "memory", "virtual")).whole("total").isPresent());
    }

    @Test
    void optingOutOfAllLeavesNothing() {
        Value.Obj facts = without(0);
        assertEquals(Value.obj(), at(facts, "host", "info"));
        assertEquals(Value.arr(), at(facts, "cpu", "info"));
        assertEquals(Value.obj(), at(facts, "memory", "virtual"));
        assertEquals(Value.arr(), at(facts, "partition", "usage"));
        assertEquals(Value.arr(), at(facts, "network", "interfaces"));
    }
}
