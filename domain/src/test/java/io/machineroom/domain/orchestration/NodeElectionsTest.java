package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.kv.Elections;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NodeElectionsTest {
    private final ElectionWorld world = new ElectionWorld(3);

    private Elections of(String node) {
        return new NodeElections(
                world.server::bucketBehind,
                new ElectionDesk.Means(world.tasks, world.tasks.time(), world.tasks.entropy(), world.meter, node));
    }

    @Test
    void aSeatLeadsUntilItIsClosedAndTheOtherTakesOver() throws InterruptedException {
        world.bucket().make(BucketSpec.elections());
        Elections.Seat one = of("one").stand("boss");
        world.until(one::leads);
        Elections.Seat two = of("two").stand("boss");
        world.tasks.advance(Duration.ofMinutes(3));
        assertFalse(two.leads());
        one.close();
        one.close();
        world.tasks.settle();
        assertFalse(one.leads());
        assertEquals(Optional.empty(), world.bucket().get("boss"));
        world.until(two::leads);
        two.close();
    }

    @Test
    void waitsForABucketThatIsNotThereYet() throws InterruptedException {
        Elections.Seat one = of("one").stand("boss");
        world.tasks.advance(Duration.ofMinutes(3));
        assertFalse(one.leads());
        world.bucket().make(BucketSpec.elections());
        world.until(one::leads);
        one.close();
        world.tasks.settle();
        Elections.Seat never = of("two").stand("a b");
        never.close();
        world.tasks.settle();
        assertFalse(never.leads());
    }
}
