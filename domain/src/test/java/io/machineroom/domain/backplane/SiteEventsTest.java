package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.gateway.Gateway;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader brings records of several nodes in one request (docs/protocol.md section 8). */
final class SiteEventsTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final OfficeWorld world = new OfficeWorld(17);
    private final OfficeWorld.Node leader = enrolled("acme", "leader");
    private final OfficeWorld.Node one = enrolled("acme", "one");
    private final OfficeWorld.Node two = enrolled("acme", "two");
    private final List<ByteBuffer> events = new ArrayList<>();

    private OfficeWorld.Node enrolled(String customer, String identity) {
        OfficeWorld.Node node = world.new Node(identity);
        node.enrol(world.token(customer, YEAR));
        return node;
    }

    private Value.Obj group(String node, String lane, long from, String... ids) {
        List<Value> entries = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            entries.add(Value.obj("n", Value.num(from + i), "id", Value.text(ids[i]))
                    .with("s", Value.text("choria.machine.transition"))
                    .with("t", Value.text(world.now().toString())));
            Event event = new Event(ids[i], "io.choria.machine", "t", "n", world.now(), Value.obj());
            events.add(ByteBuffer.wrap(world.format.encode(event)));
        }
        return Value.obj(
                        "node",
                        Value.text(node),
                        "epoch",
                        Value.text(IngestWorld.epoch(1).wire()))
                .with("lane", Value.text(lane))
                .with("entries", new Value.Arr(entries));
    }

    private Gateway.Response send(OfficeWorld.Node as, Value... groups) {
        Value.Obj data = Value.obj("groups", Value.arr(groups));
        Event manifest = new Event("m", "io.machineroom.agent", "io.machineroom.batch.v1", "n", world.now(), data);
        List<ByteBuffer> parts = new ArrayList<>(events);
        parts.addFirst(ByteBuffer.wrap(world.format.encode(manifest)));
        events.clear();
        Map<String, String> headers =
                Map.of("authorization", "Bearer " + as.session(), "content-type", world.format.batchContentType());
        return world.ask("POST", "/v1/events", headers, world.format.join(parts));
    }

    private List<Value.Obj> taken(Value... groups) {
        world.leaders.add("leader");
        Value.Obj answer = world.document(send(leader, groups));
        assertEquals(Optional.of(200L), answer.whole("http"), answer.toString());
        return answer.list("groups").stream().map(g -> (Value.Obj) g).toList();
    }

    private long stored() {
        return world.log.end() - world.log.start();
    }

    @Test
    void answersEachGroupWithTheReceiptOfItsNode() {
        List<Value.Obj> answer = taken(group(one.nkey(), "normal", 1, "a", "b"), group(two.nkey(), "urgent", 1, "c"));
        assertEquals(Optional.of(2L), answer.get(0).whole("accepted"));
        assertEquals(Optional.of(1L), answer.get(1).whole("accepted"));
        String first = receipt(answer.get(0));
        String second = receipt(answer.get(1));
        assertTrue(first.contains(one.nkey() + " ") && first.contains(" normal 2 "), first);
        assertTrue(second.contains(two.nkey() + " ") && second.contains(" urgent 1 "), second);
        assertEquals(3, stored());
    }

    private static String receipt(Value.Obj group) {
        return ((Value.Obj) group.list("receipts").getFirst()).text("text").orElseThrow();
    }

    @Test
    void aGapOfOneNodeHoldsUpNoOther() {
        taken(group(one.nkey(), "normal", 1, "a"));
        List<Value.Obj> answer = taken(group(one.nkey(), "normal", 5, "e"), group(two.nkey(), "normal", 1, "x", "y"));
        assertEquals(Optional.of(0L), answer.get(0).whole("accepted"));
        assertEquals(Optional.of(2L), answer.get(0).whole("expected"));
        assertEquals(Optional.of(2L), answer.get(1).whole("accepted"));
        assertEquals(Optional.empty(), answer.get(1).whole("expected"));
    }

    @Test
    void lanesOfOneNodeAreGroupsOfTheirOwn() {
        List<Value.Obj> answer = taken(group(one.nkey(), "normal", 1, "a"), group(one.nkey(), "bulk", 1, "b", "c"));
        assertTrue(receipt(answer.get(0)).contains(" normal 1 "));
        assertTrue(receipt(answer.get(1)).contains(" bulk 2 "));
    }

    @Test
    void whatWasTakenBeforeIsAcceptedAndNotStoredAgain() {
        taken(group(one.nkey(), "normal", 1, "a", "b"));
        List<Value.Obj> answer = taken(group(one.nkey(), "normal", 1, "a", "b", "c"));
        assertEquals(Optional.of(3L), answer.getFirst().whole("accepted"));
        assertEquals(3, stored());
    }

    @Test
    void nodesOfOthersAreRefusedAloneAndNothingOfThemIsStored() {
        OfficeWorld.Node foreign = enrolled("bolt", "one");
        List<Value.Obj> answer = taken(
                group(foreign.nkey(), "normal", 1, "a"),
                group("UNOBODY", "normal", 1, "b"),
                group(one.nkey(), "normal", 1, "c"));
        assertEquals(Optional.of("site.foreign"), answer.get(0).text("refused"));
        assertEquals(Optional.of("site.foreign"), answer.get(1).text("refused"));
        assertEquals(Optional.of(1L), answer.get(2).whole("accepted"));
        assertEquals(1, stored());
    }

    @Test
    void aGroupThatDoesNotFitItsEntriesIsRefusedAlone() {
        List<Value.Obj> answer = taken(
                group(one.nkey(), "fast", 1, "a"),
                group(one.nkey(), "normal", 1, "b").with("epoch", Value.text("x")),
                group(two.nkey(), "normal", 1, "c"));
        assertEquals(Optional.of("batch.invalid"), answer.get(0).text("refused"));
        assertEquals(Optional.of("batch.invalid"), answer.get(1).text("refused"));
        assertEquals(Optional.of(1L), answer.get(2).whole("accepted"));
    }

    @Test
    void aManifestThatLiesAboutTheNumberOfEventsIsRefusedWhole() {
        world.leaders.add("leader");
        Value.Obj honest = group(one.nkey(), "normal", 1, "a", "b");
        events.removeLast();
        assertEquals(400, send(leader, honest).status());
        Value.Obj other = group(one.nkey(), "normal", 1, "a");
        group(one.nkey(), "normal", 2, "b");
        assertEquals(400, send(leader, other).status());
        assertEquals(400, send(leader).status());
        assertEquals(0, stored());
    }

    @Test
    void moreThanAThousandEntriesInAllAreTooMany() {
        world.leaders.add("leader");
        List<Value> voids = new ArrayList<>();
        for (long n = 1; n <= 501; n++) {
            voids.add(Value.obj("n", Value.num(n), "through", Value.num(n)).with("void", Value.text("overflow")));
        }
        Value many = group(one.nkey(), "normal", 1).with("entries", new Value.Arr(voids));
        assertEquals(413, send(leader, many, many).status());
        assertEquals(Optional.of(501L), taken(many).getFirst().whole("accepted"));
    }

    @Test
    void aHundredNodesFitIntoOneRequest() {
        List<Value> groups = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            groups.add(group(enrolled("acme", "n" + i).nkey(), "normal", 1, "id-" + i));
        }
        List<Value.Obj> answer = taken(groups.toArray(Value[]::new));
        assertEquals(
                100,
                answer.stream()
                        .filter(g -> g.whole("accepted").equals(Optional.of(1L)))
                        .count());
        assertEquals(100, stored());
    }

    @Test
    void onlyTheLeaderSpeaksForOthers() {
        world.leaders.add("leader");
        Gateway.Response answer = send(one, group(one.nkey(), "normal", 1, "a"));
        assertEquals(403, answer.status());
        assertEquals(Optional.of("site.not-leader"), world.document(answer).text("code"));
        assertEquals(0, stored());
    }
}
