package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys and slots of three servers (W-37). */
final class NatsClusterKeysIT extends NatsClusterStage {
    /** What one of many does. */
    private interface Turn<T> {
        Optional<T> take(Link link, int number) throws InterruptedException;
    }

    /** What came of many turns over all three at once. */
    private <T> List<T> crowd(int turns, Turn<T> turn) throws InterruptedException {
        List<T> out = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Tasks.Task> tasks = new ArrayList<>();
        for (int member : List.of(1, 2, 3)) {
            Link link = cluster.link(member);
            tasks.add(new LiveRuntime().fork("crowd-" + member, () -> {
                for (int i = 0; i < turns; i++) {
                    turn.take(link, i).ifPresent(out::add);
                }
            }));
        }
        for (Tasks.Task task : tasks) {
            assertTrue(task.join(SOON), task.name());
            assertEquals(Optional.empty(), task.failure());
        }
        return out;
    }

    @Test
    void w37BucketsAreHeldByAllAndAKeyThatIsNotRenewedEnds() throws Exception {
        startAll();
        Link link = cluster.link(1);
        soon(() -> {
            link.ensureBucket(BucketSpec.CONFIG, 3);
            return true;
        });
        Bucket places = link.bucket(BucketSpec.SITE);
        assertTrue(soon(() -> places.make(BucketSpec.site(3))));
        assertEquals(3, places.facts().spec().replicas());
        assertEquals(3, link.bucket(BucketSpec.CONFIG).facts().spec().replicas());
        long revision = soon(() -> places.create("carrier", "one".getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
        Bucket elsewhere = cluster.link(2).bucket(BucketSpec.SITE);
        assertEquals(Optional.empty(), elsewhere.create("carrier", "two".getBytes(StandardCharsets.UTF_8)));
        assertTrue(places.update("carrier", "one".getBytes(StandardCharsets.UTF_8), revision)
                .isPresent());
        until(
                "the key ends",
                () -> elsewhere
                        .create("carrier", "two".getBytes(StandardCharsets.UTF_8))
                        .isPresent());
        assertEquals(Set.of("carrier"), places.keys());
    }

    @Test
    void w37OneOfManyWinsAKey() throws Exception {
        startAll();
        soon(() -> cluster.link(1).bucket(BucketSpec.SITE).make(BucketSpec.site(3)));
        List<Integer> won = crowd(
                100,
                (link, i) -> link.bucket(BucketSpec.SITE)
                        .create("key-" + i, new byte[] {1})
                        .map(_ -> i));
        assertEquals(
                java.util.stream.IntStream.range(0, 100).boxed().toList(),
                won.stream().sorted().toList());
    }

    @Test
    void w37NoMoreEnterAGovernorThanItHasSlotsAndWhoHoldsOneHoldsItWhenAServerDies() throws Exception {
        startAll();
        Slots slots = cluster.link(1).slots();
        soon(() -> {
            slots.ensure(new Slots.Rules("BACKUP", 2, Duration.ofMinutes(10), 3));
            return true;
        });
        List<Long> entered = crowd(
                50,
                (link, i) -> link.slots()
                        .enter("BACKUP", "n" + i, java.util.UUID.randomUUID().toString()));
        assertEquals(2, entered.size(), entered::toString);
        int head = member(soon(() -> state(1, "GOVERNOR_BACKUP")).getLeader());
        cluster.kill(head);
        Slots second = cluster.link(head % 3 + 1).slots();
        assertEquals(
                entered.stream().sorted().toList(),
                soon(() -> second.view("BACKUP")).stream()
                        .map(Slots.Slot::number)
                        .toList());
        assertEquals(Optional.empty(), soon(() -> second.enter("BACKUP", "late", "a")));
        assertTrue(second.leave("BACKUP", entered.getFirst()));
        assertTrue(soon(() -> second.enter("BACKUP", "next", "b")).isPresent());
        cluster.replace(head);
        until(
                "the replaced one holds it too",
                () -> soon(() -> state(head, "GOVERNOR_BACKUP")).getReplicas().stream()
                        .allMatch(r -> r.isCurrent() && !r.isOffline()));
        cluster.kill(head % 3 + 1);
        Slots third = cluster.link(head).slots();
        assertEquals(2, soon(() -> third.view("BACKUP")).size());
        assertEquals(Optional.empty(), soon(() -> third.enter("BACKUP", "late", "c")));
    }
}
