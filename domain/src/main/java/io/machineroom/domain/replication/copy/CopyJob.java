package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * Copies one stream, for ever: whatever ends a pair of connections, the next pair is made after a wait. {@link #run} is
 * one task and owns all state; {@link #state} and {@link #finish} are safe from any.
 */
final class CopyJob implements Service {
    private static final System.Logger LOG = System.getLogger(CopyJob.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);

    private final JobConfig job;
    private final String replicator;
    private final ReplicatorPorts ports;
    private final Leadership leadership;
    private final JobMeter meter;
    private final JobTally tally;
    private final Backoff backoff = Backoff.twentySeconds();
    private volatile boolean finishing;

    CopyJob(JobConfig job, String replicator, ReplicatorPorts ports, Leadership leadership) {
        this.job = job;
        this.replicator = replicator;
        this.ports = ports;
        this.leadership = leadership;
        this.meter = new JobMeter(ports.meter(), replicator, job);
        this.tally = new JobTally(job, meter);
    }

    @Override
    public String name() {
        return "copy " + job;
    }

    JobState state() {
        return tally.state();
    }

    @Override
    public boolean finish() {
        finishing = true;
        return true;
    }

    private boolean goesOn() {
        return !finishing && leadership.leading();
    }

    @Override
    public void run() throws InterruptedException {
        CopyParts parts = parts();
        int tries = 0;
        try {
            while (!finishing) {
                if (!leadership.leading()) {
                    tally.waiting();
                    ports.tasks().sleep(LOOK);
                    continue;
                }
                long before = parts.place().done();
                try {
                    session(parts);
                    tries = 0;
                } catch (PortException e) {
                    tries = parts.place().done() > before ? 0 : tries + 1;
                    told(e, tries);
                    pause(backoff.delay(tries, ports.entropy()));
                }
            }
        } finally {
            parts.place().save(true);
            parts.house().save();
            tally.phase("stopped");
        }
    }

    /** Loudly at first, and each time that it is something else; a broker that is away for a night must not fill the log. */
    private void told(PortException fault, int tries) {
        boolean loud = tries <= 1 || !tally.state().error().startsWith(fault.code());
        tally.failed(fault);
        tally.phase("connecting");
        LOG.log(loud ? Level.WARNING : Level.DEBUG, "{0}: {1} [{2}]", job, fault.getMessage(), fault.code());
    }

    private void pause(Duration duration) throws InterruptedException {
        long end = ports.time().ticks() + duration.toNanos();
        while (!finishing && end - ports.time().ticks() > 0) {
            ports.tasks().sleep(Duration.ofNanos(Math.min(end - ports.time().ticks(), LOOK.toNanos())));
        }
    }

    private void session(CopyParts parts) throws InterruptedException {
        Places places = new Places(ports.files());
        String client = "Choria Stream Replicator: " + job.stream();
        try (StreamHost source = ports.hosts().connect(places.of(job.source(), client));
                StreamHost target = ports.hosts().connect(places.of(job.target(), client))) {
            Optional<Link.Subscription> ears = parts.house().listen(source);
            try {
                new CopySession(parts, source, target, this::goesOn).run();
            } finally {
                ears.ifPresent(Link.Subscription::close);
            }
        }
    }

    private CopyParts parts() {
        // a job that copies all at each start must not be silenced by what its last run sent
        String run = job.mode().ephemeral() ? Long.toString(ports.time().wall().toEpochMilli(), 36) : "";
        CopyHeaders headers = new CopyHeaders(job, replicator, run);
        CheckpointStore store = new CheckpointStore(ports.state(), ports.json(), replicator, job);
        CopyPlace place = new CopyPlace(job, headers, store, ports.time());
        ParkedCopies parked = new ParkedCopies(ports.state(), job);
        CopyWindow window = new CopyWindow(job, headers, place, tally, parked, ports);
        VanishedKeys vanished = new VanishedKeys(job, headers, place, ports.time(), meter);
        if (!job.sampling().isActive()) {
            HouseKeeping none = new HouseKeeping(
                    ports.time(), meter, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            return new CopyParts(job, ports, place, window, tally, Optional.empty(), none, vanished);
        }
        Optional<Advisor> advisor = job.mode().advising().map(a -> new Advisor(job, a, replicator, ports));
        Tracker tracker = new Tracker(
                job.sampling(),
                ports.time(),
                ports.entropy(),
                advisor.<Tracker.Events>map(a -> a).orElseGet(Tracker.Events::none));
        Optional<TrackerFile> file = ports.state().map(f -> trackerFile(f, tracker));
        Optional<Gossip> gossip = advisor.map(_ -> new Gossip(job, ports.tasks(), ports.json(), meter));
        Limiter limiter = new Limiter(job.sampling().by().orElseThrow(), tracker, ports.json(), meter);
        HouseKeeping house = new HouseKeeping(ports.time(), meter, Optional.of(tracker), file, advisor, gossip);
        return new CopyParts(job, ports, place, window, tally, Optional.of(limiter), house, vanished);
    }

    private TrackerFile trackerFile(FileTree files, Tracker tracker) {
        TrackerFile file = new TrackerFile(files, ports.json(), job.stateFile());
        file.load(tracker, job.sampling(), ports.time().wall());
        return file;
    }
}
