package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the events of one customer out of its intake stream, and keeps its bucket equal to the desired
 * state. Settles only what is stored for good, known, or never acceptable.
 */
final class CustomerIntake implements Line.Work {
    static final String STREAM = "MR_INTAKE";
    static final String CONSUMER = "ingest";
    private static final System.Logger LOG = System.getLogger(CustomerIntake.class.getName());
    private static final long STREAM_BYTES = 1L << 30;
    private static final int BATCH = 1000;
    /** Most bytes of one submission: a partition takes a few of them at a time, whatever nodes send. */
    private static final long SHARE = 4L << 20;

    private static final Duration BUSY = Duration.ofMillis(500);

    private final String customer;
    private final NodeRegister register;
    private final SiteBook sites;
    private final DesiredKeys desired;
    private final Ingest ingest;
    private final Tasks tasks;
    private final Meter meter;

    CustomerIntake(String customer, FrontOffice office, Ingest ingest, Tasks tasks, Meter meter) {
        this.customer = customer;
        this.register = office.register();
        this.sites = office.book().sites();
        this.desired = office.keys();
        this.ingest = ingest;
        this.tasks = tasks;
        this.meter = meter;
    }

    static StreamSpec stream() {
        return new StreamSpec(
                STREAM,
                List.of(
                        Subject.of(Wire.PREFIX + ".>"),
                        Subject.of(Wire.URGENT_PREFIX + ".>"),
                        Subject.of(Wire.SITE_PREFIX + ".>")),
                StreamSpec.Retention.WORK_QUEUE,
                STREAM_BYTES,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }

    /** A service to nodes: where a NATS of others does not let us make the bucket, events come in all the same. */
    private static void ensureElections(Link link) throws InterruptedException {
        try {
            link.bucket(BucketSpec.ELECTIONS).make(BucketSpec.elections());
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.WARNING, "nodes cannot hold elections: {0}: {1}", e.code(), e.getMessage());
        }
    }

    @Override
    public void over(Link link) throws InterruptedException {
        link.ensureStream(stream());
        link.ensureBucket(BucketSpec.CONFIG);
        ensureElections(link);
        Map<String, Long> pushed = new HashMap<>();
        try (Intake intake = link.intake(STREAM, CONSUMER)) {
            while (link.state() == Link.State.CONNECTED) {
                push(link, pushed);
                List<Intake.Arrival> arrivals = intake.read(BATCH, Duration.ofMillis(500));
                if (!arrivals.isEmpty()) {
                    takeIn(intake, arrivals);
                }
            }
        }
    }

    /**
     * Brings the bucket to the desired state.
     *
     * @param pushed the revisions that it holds, by key
     */
    private void push(Link link, Map<String, Long> pushed) throws InterruptedException {
        for (Map.Entry<String, DesiredKeys.Held> wanted : desired.of(customer).entrySet()) {
            String key = wanted.getKey();
            DesiredKeys.Held held = wanted.getValue();
            if (pushed.getOrDefault(key, -1L) != held.revision()) {
                push(link.bucket(BucketSpec.CONFIG), key, held.value());
                pushed.put(key, held.revision());
            }
        }
    }

    private static void push(Bucket bucket, String key, byte[] wanted) throws InterruptedException {
        boolean equal =
                bucket.get(key).filter(e -> Arrays.equals(e.value(), wanted)).isPresent();
        if (!equal) {
            bucket.put(key, wanted);
        }
    }

    private void takeIn(Intake intake, List<Intake.Arrival> arrivals) throws InterruptedException {
        List<Intake.Arrival> settled = new ArrayList<>();
        List<Intake.Arrival> good = new ArrayList<>();
        List<Arrived> records = new ArrayList<>();
        Map<String, Integer> refused = new HashMap<>();
        long weight = 0;
        for (Intake.Arrival arrival : arrivals) {
            Optional<Arrived> read = read(arrival, refused);
            if (read.isEmpty()) {
                settled.add(arrival);
                continue;
            }
            if (weight + read.get().weight() > SHARE) {
                hand(intake, records, good);
                records.clear();
                good.clear();
                weight = 0;
            }
            weight += read.get().weight();
            records.add(read.get());
            good.add(arrival);
        }
        report(refused);
        intake.settle(settled);
        hand(intake, records, good);
    }

    private Optional<Arrived> read(Intake.Arrival arrival, Map<String, Integer> refused) {
        try {
            return Optional.of(Wire.read(arrival, origin(arrival)));
        } catch (PortException.Refused e) {
            refused.merge(e.code(), 1, Integer::sum);
        } catch (RuntimeException fault) {
            // it would come again and again, and with it the end of this task: the node's spool holds it
            refused.merge("arrival.fault", 1, Integer::sum);
            LOG.log(
                    System.Logger.Level.ERROR,
                    "arrival.fault: customer " + customer + ", "
                            + arrival.message().subject().text(),
                    fault);
        }
        return Optional.empty();
    }

    private void hand(Intake intake, List<Arrived> records, List<Intake.Arrival> good) throws InterruptedException {
        List<Intake.Arrival> settled = new ArrayList<>();
        if (submit(records, good, settled)) {
            intake.settle(settled);
        } else {
            tasks.sleep(BUSY);
            intake.release(good);
        }
    }

    /**
     * Adds what need not come again. An early record that is kept in memory stays in the stream for a while,
     * in case this process dies; when it comes again, or is not kept, the node's own spool holds it.
     */
    private boolean submit(List<Arrived> records, List<Intake.Arrival> good, List<Intake.Arrival> settled)
            throws InterruptedException {
        try {
            List<Taken> fates =
                    records.isEmpty() ? List.of() : ingest.submit(records, true).fates();
            for (int i = 0; i < fates.size(); i++) {
                if (fates.get(i) != Taken.HELD) {
                    settled.add(good.get(i));
                }
            }
            return true;
        } catch (PortException.Unavailable e) {
            meter.count("mr_backplane_intake_busy_total", 1);
            return false;
        }
    }

    /**
     * Who sent it. Behind {@code mr.} that is whoever holds the key in the subject, as the broker saw to. Behind {@code ms.} it is
     * the word of the leader of a site, and counts for the nodes of that site only.
     */
    private Origin origin(Intake.Arrival arrival) {
        Wire.Address address = Wire.address(arrival).orElseThrow(CustomerIntake::stranger);
        Optional<Origin> node = register.withNkey(customer, address.nodeKey()).map(EnrolledNode::origin);
        if (address.site().isEmpty()) {
            return node.orElseThrow(CustomerIntake::stranger);
        }
        return node.filter(origin -> origin.site().equals(address.site()))
                .filter(origin -> sites.of(origin).isPresent())
                .orElseThrow(() -> new PortException.Refused(
                        "site.foreign", "no node of this site is enrolled with the key in the subject"));
    }

    private static PortException.Refused stranger() {
        return new PortException.Refused(
                "arrival.stranger", "no node of this customer is enrolled with the key in the subject");
    }

    private void report(Map<String, Integer> refused) {
        refused.forEach((code, count) -> {
            meter.count("mr_backplane_arrivals_refused_total", "code", code, count);
            LOG.log(System.Logger.Level.WARNING, "customer " + customer + ": refused " + count + " arrivals: " + code);
        });
    }
}
