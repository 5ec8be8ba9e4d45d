package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.Heartbeats;
import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.runtime.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs all jobs of a configuration. One task calls {@link #run}; {@link #stop} and {@link #states} are safe from any.
 */
public final class Replicator {
    private static final SupervisorSettings ALWAYS = new SupervisorSettings(
            Duration.ofSeconds(1), Duration.ofSeconds(60), Integer.MAX_VALUE, Duration.ofMinutes(10));

    private final ReplicatorConfig config;
    private final ReplicatorPorts ports;
    private final String host;
    private final List<CopyJob> jobs = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final Mailbox<Duration> stops;

    /**
     * A replicator that does not run yet.
     *
     * @param host name of this host, for heartbeats
     */
    public Replicator(ReplicatorConfig config, ReplicatorPorts ports, String host) {
        this.config = config;
        this.ports = ports;
        this.host = host;
        this.stops = ports.tasks().mailbox(1);
        config.jobs().forEach(this::add);
        config.heartbeats().ifPresent(this::add);
    }

    private void add(JobConfig job) {
        String candidate = job.mode().election();
        Leadership leadership = candidate.isEmpty()
                ? () -> true
                : election(job.consumer() + "_" + job.stream(), candidate, job.source());
        CopyJob copy = new CopyJob(job, config.name(), ports, leadership);
        jobs.add(copy);
        services.add(copy);
    }

    private void add(Heartbeats heartbeats) {
        Leadership leadership =
                heartbeats.election() ? election("SR_" + config.name() + "_HB", host, heartbeats.to()) : () -> true;
        Duration delay = Duration.ofMillis(2_500 + ports.entropy().below(5_000));
        services.add(new Beater(heartbeats, config.name(), host, ports, leadership, delay));
    }

    private Leadership election(String key, String candidate, Side side) {
        GroupElection election = new GroupElection(key, candidate, side, config.name(), ports);
        services.add(new Service() {
            @Override
            public String name() {
                return "election " + key;
            }

            @Override
            public void run() throws InterruptedException {
                election.run();
            }

            @Override
            public boolean finish() {
                election.finish();
                return true;
            }
        });
        return election;
    }

    /** Where each job stands, in the order of the file. */
    public List<JobState> states() {
        return jobs.stream().map(CopyJob::state).toList();
    }

    /** Copies until it is stopped; what is on its way then is brought to an end within the time that the stop allows. */
    public void run() throws InterruptedException {
        Supervisor supervisor = new Supervisor(ALWAYS, ports.tasks(), ports.time(), ports.entropy(), ports.meter());
        services.forEach(supervisor::start);
        Duration deadline = Duration.ZERO;
        try {
            deadline = stops.take();
        } finally {
            supervisor.stop(deadline);
        }
    }

    /** Asks it to end within that time. Returns at once; asking twice is fine. */
    public void stop(Duration deadline) {
        stops.offer(deadline);
    }
}
