package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.kv.Elections;
import io.machineroom.ports.runtime.Mailbox;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Function;

/** Elections over the buckets of a node, each with a task of its own. Safe from any task. */
public final class NodeElections implements Elections {
    private static final System.Logger LOG = System.getLogger(NodeElections.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Function<String, Bucket> buckets;
    private final ElectionDesk.Means means;

    public NodeElections(Function<String, Bucket> buckets, ElectionDesk.Means means) {
        this.buckets = buckets;
        this.means = means;
    }

    /** Who stands asks, and needs not be told. */
    private static final class Quiet implements ElectionEar {
        @Override
        public void won() {
            // asked for by leads()
        }

        @Override
        public void lost() {
            // asked for by leads()
        }
    }

    @Override
    public Seat stand(String election) {
        Election own = new Election(
                ElectionPlan.of(election, means.candidate()),
                new ElectionPorts(
                        means.tasks(),
                        means.time(),
                        means.entropy(),
                        means.meter(),
                        () -> buckets.apply(BucketSpec.ELECTIONS)),
                new Quiet());
        Mailbox<Boolean> closed = means.tasks().mailbox(1);
        var _ = means.tasks().fork("election-" + election, () -> campaign(own, election, closed));
        return new Seat() {
            @Override
            public boolean leads() {
                return own.leading();
            }

            @Override
            public void close() {
                closed.offer(true);
                own.stop();
            }
        };
    }

    private static void campaign(Election own, String election, Mailbox<Boolean> closed) throws InterruptedException {
        while (true) {
            try {
                own.run();
                return;
            } catch (PortException e) {
                LOG.log(Level.WARNING, "nobody here can lead {0}: {1}: {2}", election, e.code(), e.getMessage());
            }
            if (closed.poll(PAUSE).isPresent()) {
                return;
            }
        }
    }
}
