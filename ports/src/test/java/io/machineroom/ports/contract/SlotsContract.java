package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Closed;
import io.machineroom.ports.kv.Slots.Rules;
import io.machineroom.ports.kv.Slots.Slot;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Slots} promises to a node and to who owns the broker. */
public abstract class SlotsContract {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** The governors as a node sees them. */
    protected abstract Slots node() throws InterruptedException;

    /** The governors as who may do all there sees them. */
    protected abstract Slots owner() throws InterruptedException;

    /** Cuts the node off. */
    protected abstract void cut() throws InterruptedException;

    /** Leaves a governor as somebody does who is killed while it becomes smaller. */
    protected abstract void leaveClosed(String governor, String change) throws InterruptedException;

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static Rules rules(String name, int slots) {
        return new Rules(name, slots, LONG, 1);
    }

    private static long enter(Slots slots, String attempt) throws InterruptedException {
        return slots.enter("BACKUP", "holder of " + attempt, attempt).orElseThrow();
    }

    @Test
    void givesAsManySlotsAsThereAre() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 2));
            Slots node = node();
            long first = enter(node, "a");
            long second = enter(node, "b");
            assertNotEquals(first, second);
            assertEquals(Optional.empty(), node.enter("BACKUP", "late", "c"));
            assertTrue(node.leave("BACKUP", first));
            assertTrue(node.enter("BACKUP", "late", "c").isPresent());
            assertEquals(Optional.empty(), node.enter("BACKUP", "later", "d"));
        });
    }

    @Test
    void answersTheSameWishWithTheSameSlot() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 1));
            Slots node = node();
            long slot = enter(node, "again");
            assertEquals(slot, enter(node, "again"));
            assertEquals(1, owner().view("BACKUP").size());
        });
    }

    @Test
    void leavesTwiceWithoutHarm() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 3));
            Slots node = node();
            long slot = enter(node, "a");
            assertTrue(node.leave("BACKUP", slot));
            assertFalse(node.leave("BACKUP", slot));
            assertFalse(node.leave("BACKUP", slot + 100));
        });
    }

    @Test
    void tellsHowAGovernorStands() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 3));
            Slots node = node();
            Slots.Standing unused = node.look("BACKUP").orElseThrow();
            assertEquals(rules("BACKUP", 3), unused.rules());
            assertEquals(0, unused.taken());
            assertNull(unused.lastActive(), "GOV-04, B-163");
            enter(node, "a");
            Slots.Standing used = node.look("BACKUP").orElseThrow();
            assertEquals(1, used.taken());
            assertNotNull(used.lastActive());
        });
    }

    @Test
    void knowsNothingOfWhatIsNotThere() throws InterruptedException {
        within(() -> {
            Slots node = node();
            assertEquals(Optional.empty(), node.look("NOT_THERE"));
            for (Slots who : List.of(node, owner())) {
                assertCode("governor.unknown", () -> who.enter("NOT_THERE", "me", "x"));
                assertCode("governor.unknown", () -> who.leave("NOT_THERE", 1));
            }
            assertCode("governor.unknown", () -> owner().view("NOT_THERE"));
            assertCode("governor.unknown", () -> owner().evict("NOT_THERE", 1));
            assertCode("governor.unknown", () -> owner().reset("NOT_THERE"));
            assertFalse(owner().delete("NOT_THERE"));
        });
    }

    @Test
    void listsNamesInOrder() throws InterruptedException {
        within(() -> {
            assertEquals(List.of(), node().names());
            owner().ensure(rules("b-2", 1));
            owner().ensure(rules("a_1", 1));
            assertEquals(List.of("a_1", "b-2"), node().names());
            assertTrue(owner().delete("a_1"));
            assertEquals(List.of("b-2"), owner().names());
        });
    }

    @Test
    void showsTheOwnerWhoHoldsSlots() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 5));
            assertEquals(List.of(), owner().view("BACKUP"));
            long first = enter(node(), "one");
            long gone = enter(node(), "gone");
            long third = node().enter("BACKUP", "three \u00e9", "three").orElseThrow();
            node().leave("BACKUP", gone);
            List<Slot> held = owner().view("BACKUP");
            assertEquals(List.of(first, third), held.stream().map(Slot::number).toList());
            assertEquals(
                    List.of("holder of one", "three \u00e9"),
                    held.stream().map(Slot::holder).toList());
        });
    }

    @Test
    void b161AndGov05EvictsOnceAndLeavingAfterwardsIsNoFault() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 1));
            long slot = node().enter("BACKUP", "testing.eviction", "e").orElseThrow();
            assertEquals("testing.eviction", owner().evict("BACKUP", slot));
            assertCode("governor.no-slot", () -> owner().evict("BACKUP", slot));
            assertFalse(node().leave("BACKUP", slot));
            assertTrue(node().enter("BACKUP", "next", "f").isPresent());
        });
    }

    @Test
    void resetsToNobody() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 2));
            enter(node(), "a");
            enter(node(), "b");
            owner().reset("BACKUP");
            assertEquals(List.of(), owner().view("BACKUP"));
            assertTrue(enter(node(), "c") > 2, "numbers are not given again");
        });
    }

    /** Who holds a slot counts on the time that it was told. */
    @Test
    void slotsLiveShorterOnlyWhileNobodyHoldsOne() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 3));
            long slot = enter(node(), "a");
            Rules shorter = new Rules("BACKUP", 3, Duration.ofSeconds(20), 1);
            assertCode("governor.held", () -> owner().ensure(shorter));
            node().leave("BACKUP", slot);
            owner().ensure(shorter);
            enter(node(), "b");
            owner().ensure(rules("BACKUP", 3));
            assertEquals(rules("BACKUP", 3), node().look("BACKUP").orElseThrow().rules());
        });
    }

    @Test
    void changesTheRulesOfOneThatIsThere() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 3));
            for (String who : List.of("a", "b", "c")) {
                enter(node(), who);
            }
            Rules smaller = new Rules("BACKUP", 2, LONG.plusMinutes(3), 1);
            assertCode("governor.held", () -> owner().ensure(smaller));
            assertEquals(3, owner().view("BACKUP").size());
            node().leave("BACKUP", owner().view("BACKUP").getFirst().number());
            owner().ensure(smaller);
            assertEquals(smaller, node().look("BACKUP").orElseThrow().rules());
            assertEquals(2, owner().view("BACKUP").size(), "who is in stays in");
            assertEquals(Optional.empty(), node().enter("BACKUP", "d", "d"));
            owner().ensure(new Rules("BACKUP", 4, LONG.plusMinutes(3), 1));
            assertTrue(node().enter("BACKUP", "d", "d").isPresent());
        });
    }

    @Test
    void endsASlotByItsAge() throws InterruptedException {
        within(() -> {
            owner().ensure(new Rules("BACKUP", 1, Duration.ofSeconds(2), 1));
            enter(node(), "a");
            assertEquals(Optional.empty(), node().enter("BACKUP", "b", "b"));
            for (int i = 0; i < 100 && !owner().view("BACKUP").isEmpty(); i++) {
                tasks().sleep(Duration.ofMillis(100));
            }
            assertTrue(node().enter("BACKUP", "b", "c").isPresent());
        });
    }

    @Test
    void streamsW51OneThatWasLeftClosedIsOpenedAsItWas() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 2));
            owner().ensure(rules("OTHER", 2));
            long held = enter(node(), "a");
            assertEquals(List.of(), owner().closed());
            leaveClosed("BACKUP", "c1");
            assertEquals(
                    "governor.unreachable",
                    assertThrows(PortException.Unavailable.class, () -> enter(node(), "b"))
                            .code());
            Closed left = new Closed("BACKUP", "c1");
            assertEquals(List.of(left), owner().closed());
            assertFalse(owner().open(new Closed("BACKUP", "c2")), "another change");
            assertFalse(owner().open(new Closed("NOT_THERE", "c1")));
            assertTrue(owner().open(left));
            assertFalse(owner().open(left));
            assertEquals(List.of(), owner().closed());
            assertEquals(rules("BACKUP", 2), node().look("BACKUP").orElseThrow().rules());
            enter(node(), "b");
            assertEquals(Optional.empty(), node().enter("BACKUP", "late", "c"));
            assertTrue(node().leave("BACKUP", held));
        });
    }

    @Test
    void takesNoOtherNames() throws InterruptedException {
        within(() -> {
            for (String name : List.of("", "a.b", "a*", ">", "a b", "\u00e9", "x".repeat(201))) {
                assertCode("governor.name", () -> node().enter(name, "me", "x"));
                assertCode("governor.name", () -> node().leave(name, 1));
                assertCode("governor.name", () -> node().look(name));
                assertCode("governor.name", () -> owner().ensure(rules(name, 1)));
            }
        });
    }

    @Test
    void letsANodeDoNoMore() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 1));
            long slot = enter(node(), "a");
            Slots node = node();
            assertCode("governor.denied", () -> node.ensure(rules("MINE", 1_000)));
            assertCode("governor.denied", () -> node.ensure(rules("BACKUP", 1_000)));
            assertCode("governor.denied", () -> node.evict("BACKUP", slot));
            assertCode("governor.denied", () -> node.reset("BACKUP"));
            assertCode("governor.denied", () -> node.delete("BACKUP"));
            assertCode("governor.denied", () -> node.view("BACKUP"));
            assertCode("governor.denied", node::closed);
            assertEquals(1, owner().view("BACKUP").size());
        });
    }

    @Test
    void saysWhenNobodyAnswers() throws InterruptedException {
        within(() -> {
            owner().ensure(rules("BACKUP", 1));
            Slots node = node();
            cut();
            PortException.Unavailable error =
                    assertThrows(PortException.Unavailable.class, () -> node.enter("BACKUP", "me", "x"));
            assertEquals("governor.unreachable", error.code());
        });
    }

    private static void assertCode(String code, org.junit.jupiter.api.function.Executable call) {
        PortException.Refused error = assertThrows(PortException.Refused.class, call);
        assertEquals(code, error.code());
    }
}
