package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.runtime.Meter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Takes part in the election of a group: whoever holds the key of a bucket works, and renews it. {@link #run} is one task;
 * {@link #leading} is safe from any.
 */
final class GroupElection implements Leadership {
    static final String BUCKET = "CHORIA_LEADER_ELECTION";

    private static final System.Logger LOG = System.getLogger(GroupElection.class.getName());
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final String key;
    private final String candidate;
    private final Side side;
    private final String replicator;
    private final ReplicatorPorts ports;
    private final Backoff backoff = Backoff.fiveSeconds();
    private volatile boolean leads;
    private volatile boolean finishing;
    private long revision;
    private int tries;

    GroupElection(String key, String candidate, Side side, String replicator, ReplicatorPorts ports) {
        this.key = key;
        this.candidate = candidate;
        this.side = side;
        this.replicator = replicator;
        this.ports = ports;
    }

    @Override
    public boolean leading() {
        return leads;
    }

    /** Ends soon, and gives the key back if it is ours. */
    void finish() {
        finishing = true;
    }

    /** Campaigns until {@link #finish}. */
    void run() throws InterruptedException {
        try {
            while (!finishing) {
                try (StreamHost host = ports.hosts()
                        .connect(new Places(ports.files()).of(side, "Choria Stream Replicator: election " + key))) {
                    campaign(host);
                } catch (PortException e) {
                    lost();
                    LOG.log(Level.WARNING, "the election {0} cannot be held: {1}", key, e.getMessage());
                    ports.tasks().sleep(backoff.delay(tries++, ports.entropy()));
                }
            }
        } finally {
            lost();
        }
    }

    private void campaign(StreamHost host) throws InterruptedException {
        checkBucket(host);
        Bucket bucket = host.bucket(BUCKET);
        while (!finishing) {
            boolean won = revision == 0 ? create(bucket) : renew(bucket);
            meter(won);
            ports.tasks().sleep(backoff.delay(won ? 0 : Math.min(tries++, 100), ports.entropy()));
        }
        release(bucket);
    }

    private void checkBucket(StreamHost host) throws InterruptedException {
        Optional<StreamFacts> facts = host.stream("KV_" + BUCKET);
        Duration ttl = facts.orElseThrow(
                        () -> new PortException.Unavailable("bucket.missing", "there is no bucket '" + BUCKET + "'"))
                .maxAge();
        if (ttl.compareTo(SHORTEST) < 0) {
            throw new PortException.Refused("bucket.ttl", "bucket TTL should be 1 second or more");
        }
        if (ttl.compareTo(LONGEST) > 0) {
            throw new PortException.Refused("bucket.ttl", "bucket TTL should be less than or equal to 1 hour");
        }
    }

    private boolean create(Bucket bucket) throws InterruptedException {
        revision = bucket.create(key, value()).orElse(0L);
        return revision > 0;
    }

    /** Told only after the first renewal: a key that vanished between two looks must not make two leaders. */
    private boolean renew(Bucket bucket) throws InterruptedException {
        Optional<Long> next = bucket.update(key, value(), revision);
        if (next.isEmpty()) {
            lost();
            return false;
        }
        revision = next.get();
        tries = 0;
        if (!leads) {
            LOG.log(Level.INFO, "{0} leads {1}", candidate, key);
            leads = true;
        }
        return true;
    }

    private void lost() {
        if (leads) {
            LOG.log(Level.INFO, "{0} does not lead {1} any more", candidate, key);
        }
        leads = false;
        revision = 0;
    }

    /** Only who leads removes the key, and only its own: another may have won meanwhile. */
    private void release(Bucket bucket) throws InterruptedException {
        boolean mine = revision > 0 && bucket.update(key, value(), revision).isPresent();
        lost();
        if (mine) {
            bucket.delete(key);
        }
    }

    private byte[] value() {
        return candidate.getBytes(StandardCharsets.UTF_8);
    }

    private void meter(boolean won) {
        Meter meter = ports.meter();
        Map<String, String> labels = Map.of("election", key, "identity", candidate, "replicator", replicator);
        meter.gauge(JobMeter.PREFIX + "election_leader", labels, leads ? 1 : 0);
        meter.count(
                JobMeter.PREFIX + "election_campaigns",
                Map.of(
                        "election", key,
                        "identity", candidate,
                        "replicator", replicator,
                        "state", won ? "leader" : "candidate"),
                1);
    }
}
