package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.stream.Delivery;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * W-42 of the specification of streams: a site whose leader reaches the SaaS over HTTPS only, with a real gateway and real
 * brokers.
 */
final class SiteHttpsIT extends SiteStage {
    @Test
    @Timeout(400)
    void w42EventsOfManyNodesGoUpOnceAndInOrderReceiptsAndDesiredStateComeDown() throws Exception {
        backplane.stop();
        backplane.start("--advertise", "tls://127.0.0.1:9");
        add("acme", "plant", "boss", freePort());
        AgentProcess boss = agent("boss", "site.listen = 127.0.0.1");
        boss.await("the leader is enrolled", () -> boss.says("mode", "provisioned"));
        boss.await("it reaches the SaaS over HTTPS", () -> boss.link().equals("https"));
        List<AgentProcess> followers = List.of(agent("n1"), agent("n2"));
        for (AgentProcess follower : followers) {
            follower.await("enrolled", () -> follower.says("mode", "provisioned"));
            follower.await("at its site", () -> follower.link().equals("nats"));
        }
        // desired state: SaaS to leader over HTTPS, leader to followers over the site's bucket and gateway
        new Deployment(backplane, directory).deploy("beater");
        for (AgentProcess follower : followers) {
            follower.await("its beats are stored", () -> beats(follower.identity) > 2);
        }
        // whatever the leader had sent and not heard of is sent again
        boss.kill();
        boss.start();
        for (AgentProcess follower : followers) {
            long before = beats(follower.identity);
            follower.await("its beats are stored again", () -> beats(follower.identity) > before + 5);
            // it beats each second, so that the newest one may always be under way; without receipts it would be six
            // and more
            follower.await("receipts free its spool", () -> follower.waiting() >= 0 && follower.waiting() < 3);
        }
        boss.await("still over HTTPS", () -> boss.link().equals("https"));
        for (String node : List.of("n1", "n2", "boss")) {
            assertOnceAndInOrder(node);
        }
        assertTrue(stored("n1").stream().allMatch(e -> e.text("site").equals(Optional.of("plant"))));
    }

    @Test
    void aBatchOfManyNodesThatIsSentAgainIsNotStoredTwice() throws Exception {
        add("acme", "plant", "boss", freePort());
        add("acme", "hall", "hboss", freePort());
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode n1 = enrolled("acme", "plant", "n1");
        TestNode n2 = enrolled("acme", "plant", "n2");
        TestNode elsewhere = enrolled("acme", "hall", "h1");
        String session = boss.session();
        for (int time = 0; time < 2; time++) {
            List<Value.Obj> groups = taken(post(boss, session, group(n1, 1, 5), group(n2, 1, 3)));
            assertEquals(List.of(5L, 3L), accepted(groups));
            assertTrue(groups.stream().noneMatch(g -> g.list("receipts").isEmpty()), groups.toString());
        }
        assertEquals(List.of(8L), accepted(taken(post(boss, session, group(n1, 1, 8)))));
        List<Value.Obj> mixed = taken(post(boss, session, group(n1, 20, 21), group(elsewhere, 1, 1), group(n2, 4, 4)));
        assertEquals(List.of(0L, 0L, 1L), accepted(mixed));
        assertEquals(Optional.of(9L), mixed.getFirst().whole("expected"));
        assertEquals(Optional.of("site.foreign"), mixed.get(1).text("refused"));
        assertEquals(ids(8), idsOf(n1));
        assertEquals(ids(4), idsOf(n2));
        assertEquals(List.of(), idsOf(elsewhere));
        assertEquals(403, post(n1, n1.session(), group(n2, 5, 5)).statusCode(), "a follower speaks for itself only");
        assertEquals(ids(4), idsOf(n2));
    }

    private List<String> idsOf(TestNode node) {
        return events(node, "acme").stream().map(e -> e.text("id").orElse("")).toList();
    }

    private List<Value.Obj> taken(HttpResponse<byte[]> answer) {
        assertEquals(
                200, answer.statusCode(), () -> new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        return ((Value.Obj) backplane.json.read(answer.body()))
                .list("groups").stream().map(Value.Obj.class::cast).toList();
    }

    private static List<Long> accepted(List<Value.Obj> groups) {
        return groups.stream().map(g -> g.whole("accepted").orElse(-1L)).toList();
    }

    private record Group(TestNode node, List<Delivery> records) {}

    private static Group group(TestNode node, long from, long through) {
        return new Group(node, node.deliveries(from, through));
    }

    /** As docs/protocol.md tells it under "Over HTTPS". */
    private static HttpResponse<byte[]> post(TestNode leader, String session, Group... groups) throws Exception {
        EventFormat format = leader.graph().doors().formats().getFirst();
        List<Value> manifest = new ArrayList<>();
        List<ByteBuffer> parts = new ArrayList<>();
        for (Group group : groups) {
            List<Value> entries = new ArrayList<>();
            for (Delivery delivery : group.records()) {
                entries.add(Value.obj(
                                "n", Value.num(delivery.stamp().from()),
                                "id", Value.text(delivery.message().id()))
                        .with("s", Value.text(delivery.message().subject().text()))
                        .with("t", Value.text(delivery.message().created().toString())));
                parts.add(delivery.message().body());
            }
            manifest.add(Value.obj(
                            "node", Value.text(group.node().nkey()),
                            "epoch", Value.text(group.node().epoch.wire()))
                    .with("lane", Value.text("normal"))
                    .with("entries", new Value.Arr(entries)));
        }
        parts.addFirst(ByteBuffer.wrap(format.encode(new io.machineroom.ports.event.Event(
                "m",
                "io.machineroom.agent",
                "io.machineroom.batch.v1",
                leader.identity,
                Instant.now(),
                Value.obj("groups", new Value.Arr(manifest))))));
        return leader.http(
                "POST",
                "/v1/events",
                format.join(parts),
                "Authorization",
                "Bearer " + session,
                "Content-Type",
                format.batchContentType());
    }
}
