package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is enrolled, by name and by each of two keys, while it changes and after a restart. */
final class NodeRegisterTest {
    private final OfficeWorld world = new OfficeWorld(15);
    private final NodeRegister register = register();

    private NodeRegister register() {
        world.files.makeDirectory("enrolled/acme", 0700);
        NodeRegister out = new NodeRegister(world.files, world.json);
        out.load();
        return out;
    }

    private static EnrolledNode node(String identity, String key) {
        return new EnrolledNode(new Origin("acme", "plant", identity, "U" + key), key, "", "1.0", 7, Value.obj());
    }

    private void isThere(NodeRegister in, EnrolledNode node) {
        assertEquals(Optional.of(node), in.named("acme", node.origin().identity()));
        assertEquals(Optional.of(node), in.withKey(node.publicKey()));
        assertEquals(Optional.of(node), in.withNkey("acme", node.origin().nodeKey()));
        assertEquals(Optional.of(node), in.saved("acme", node.origin().identity()));
    }

    @Test
    void findsANodeByItsNameAndByBothKeysAlsoAfterARestart() {
        List<EnrolledNode> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            EnrolledNode node = node("n" + i, "k" + i);
            all.add(node);
            register.put(node);
        }
        NodeRegister again = register();
        for (EnrolledNode node : all) {
            isThere(register, node);
            isThere(again, node);
        }
        assertEquals(600, again.all().size());
        assertEquals(600, register.members("acme", "plant"));
        assertEquals(0, register.members("acme", "hall"));
    }

    /** Released, and enrolled again with keys of its own: who holds the old ones is nobody. */
    @Test
    void theKeysThatANameHadBeforeAreNobodysAnyMore() {
        register.put(node("n1", "old"));
        register.put(node("n1", "new"));
        isThere(register, node("n1", "new"));
        assertEquals(Optional.empty(), register.withKey("old"));
        assertEquals(Optional.empty(), register.withNkey("acme", "Uold"));
        assertTrue(register.remove("acme", "n1"));
        assertFalse(register.remove("acme", "n1"));
        assertEquals(Optional.empty(), register.withKey("new"));
        assertEquals(Optional.empty(), register.withNkey("acme", "Unew"));
        assertEquals(Optional.empty(), register.saved("acme", "n1"));
        assertTrue(register().all().isEmpty());
    }

    @Test
    void aListThatWasAskedForStaysAsItWas() {
        register.put(node("n1", "k1"));
        Collection<EnrolledNode> before = register.all();
        register.put(node("n2", "k2"));
        register.remove("acme", "n1");
        assertEquals(List.of(node("n1", "k1")), List.copyOf(before));
        assertEquals(List.of(node("n2", "k2")), List.copyOf(register.all()));
    }
}
