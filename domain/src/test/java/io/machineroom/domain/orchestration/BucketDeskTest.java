package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** W-37: a bucket that is made at a site with standbys lies on all three brokers, unless somebody says otherwise. */
final class BucketDeskTest {
    private final ElectionWorld world = new ElectionWorld(2);

    private Optional<Long> replicas(BucketDesk desk, String bucket, Value.Obj more) {
        List<Value.Obj> answers = new ArrayList<>();
        Value.Obj add = more.with("action", Value.text("add")).with("bucket", Value.text(bucket));
        world.tasks.run(() -> desk.handle(add, answers::add));
        return answers.getFirst().whole("replicas");
    }

    private Bucket bucket(String name) {
        return world.server.bucketBehind(name);
    }

    @Test
    void w37MakesAsManyCopiesAsThereAreBrokersUnlessToldOtherwise() {
        BucketDesk three = new BucketDesk(this::bucket, world.tasks, 3);
        assertEquals(Optional.of(3L), replicas(three, "NOTES", Value.obj()));
        assertEquals(Optional.of(1L), replicas(three, "OTHER", Value.obj("replicas", Value.num(1))));
        assertEquals(Optional.of(1L), replicas(new BucketDesk(this::bucket, world.tasks), "LONE", Value.obj()));
    }
}
