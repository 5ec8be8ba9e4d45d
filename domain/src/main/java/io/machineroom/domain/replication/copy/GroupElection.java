package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.orchestration.Election;
import io.machineroom.domain.orchestration.ElectionEar;
import io.machineroom.domain.orchestration.ElectionPlan;
import io.machineroom.domain.orchestration.ElectionPorts;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.replica.StreamHost;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The election of a group of replicators, over a connection of its own. {@link #run} is one task; {@link #leading} is safe
 * from any.
 */
final class GroupElection implements Leadership {
    private static final System.Logger LOG = System.getLogger(GroupElection.class.getName());

    private final String key;
    private final Side side;
    private final ReplicatorPorts ports;
    private final Election election;
    private final Backoff backoff = Backoff.fiveSeconds();
    private volatile boolean finishing;
    private volatile @Nullable StreamHost host;

    GroupElection(String key, String candidate, Side side, String replicator, ReplicatorPorts ports) {
        this.key = key;
        this.side = side;
        this.ports = ports;
        ElectionPlan plan = new ElectionPlan(
                key,
                candidate,
                Optional.of(Backoff.fiveSeconds()),
                true,
                JobMeter.PREFIX,
                Map.of("replicator", replicator));
        this.election = new Election(
                plan,
                new ElectionPorts(ports.tasks(), ports.time(), ports.entropy(), ports.meter(), this::bucket),
                new Quiet());
    }

    /** Jobs ask whether they lead; nobody needs to be told. */
    private static final class Quiet implements ElectionEar {
        @Override
        public void won() {
            // asked for by leading()
        }

        @Override
        public void lost() {
            // asked for by leading()
        }
    }

    @Override
    public boolean leading() {
        return election.leading();
    }

    /** Ends soon, and gives the key back if it is ours. */
    void finish() {
        finishing = true;
        election.stop();
    }

    /** Campaigns until {@link #finish}. */
    void run() throws InterruptedException {
        int tries = 0;
        try {
            while (!finishing) {
                try {
                    election.run();
                } catch (PortException e) {
                    LOG.log(Level.WARNING, "the election {0} cannot be held: {1}", key, e.getMessage());
                    ports.tasks().sleep(backoff.delay(tries++, ports.entropy()));
                }
            }
        } finally {
            disconnect();
        }
    }

    /** Called by one campaign after another, never by two at once. */
    private Bucket bucket() throws InterruptedException {
        StreamHost there = host;
        if (there == null || !there.connected()) {
            disconnect();
            there = ports.hosts()
                    .connect(new Places(ports.files()).of(side, "Choria Stream Replicator: election " + key));
            host = there;
        }
        return there.bucket(BucketSpec.ELECTIONS);
    }

    private void disconnect() {
        StreamHost there = host;
        host = null;
        if (there != null) {
            there.close();
        }
    }
}
