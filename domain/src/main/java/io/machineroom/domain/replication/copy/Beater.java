package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.replication.config.Heartbeats;
import io.machineroom.domain.replication.config.Heartbeats.Beat;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends the heartbeats. {@link #run} is one task; {@link #finish} is safe from any. */
final class Beater implements Service {
    private static final System.Logger LOG = System.getLogger(Beater.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Heartbeats heartbeats;
    private final String replicator;
    private final String originator;
    private final ReplicatorPorts ports;
    private final Leadership leadership;
    private final Duration startDelay;
    private final Backoff backoff = Backoff.twentySeconds();
    private final List<Long> due = new ArrayList<>();
    private volatile boolean finishing;

    /**
     * Heartbeats of this process.
     *
     * @param originator name of this host
     * @param startDelay before the first interval
     */
    Beater(
            Heartbeats heartbeats,
            String replicator,
            String originator,
            ReplicatorPorts ports,
            Leadership leadership,
            Duration startDelay) {
        this.heartbeats = heartbeats;
        this.replicator = replicator;
        this.originator = originator;
        this.ports = ports;
        this.leadership = leadership;
        this.startDelay = startDelay;
    }

    @Override
    public String name() {
        return "heartbeats";
    }

    @Override
    public boolean finish() {
        finishing = true;
        return true;
    }

    @Override
    public void run() throws InterruptedException {
        long start = ports.time().ticks() + startDelay.toNanos();
        due.clear();
        heartbeats.beats().forEach(b -> due.add(start + b.interval().toNanos()));
        ports.meter()
                .gauge(
                        JobMeter.PREFIX + "heartbeat_subjects_count",
                        Map.of("replicator", replicator),
                        heartbeats.beats().size());
        int tries = 0;
        while (!finishing) {
            try (StreamHost host = ports.hosts()
                    .connect(new Places(ports.files())
                            .of(heartbeats.to(), "Choria Stream Replicator Heartbeat: " + originator))) {
                tries = 0;
                beat(host);
            } catch (PortException e) {
                LOG.log(Level.WARNING, "no heartbeats: {0} [{1}]", e.getMessage(), e.code());
                ports.tasks().sleep(backoff.delay(tries++, ports.entropy()));
            }
        }
    }

    private void beat(StreamHost host) throws InterruptedException {
        while (!finishing && host.connected()) {
            boolean leads = leadership.leading();
            ports.meter()
                    .gauge(
                            JobMeter.PREFIX + "heartbeat_paused",
                            Map.of("replicator", replicator, "hostname", originator),
                            leads ? 0 : 1);
            for (int i = 0; i < due.size(); i++) {
                long now = ports.time().ticks();
                if (now - due.get(i) >= 0) {
                    Beat beat = heartbeats.beats().get(i);
                    due.set(i, now + beat.interval().toNanos());
                    if (leads) {
                        send(host, beat);
                    }
                }
            }
            ports.tasks().sleep(LOOK);
        }
    }

    private void send(StreamHost host, Beat beat) throws InterruptedException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Choria-SR-Originator", List.of(originator));
        headers.put("Choria-SR-Subject", List.of(beat.subject()));
        beat.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        String seconds = Long.toString(ports.time().wall().getEpochSecond());
        CopyMessage message = new CopyMessage(beat.subject(), headers, seconds.getBytes(StandardCharsets.UTF_8));
        PortException fault = host.write(List.of(message), "").fault();
        Map<String, String> labels = Map.of("replicator", replicator, "subject", beat.subject());
        ports.meter().count(JobMeter.PREFIX + "heartbeat_published_count", labels, 1);
        if (fault != null) {
            ports.meter().count(JobMeter.PREFIX + "heartbeat_published_error_count", labels, 1);
            LOG.log(Level.WARNING, "the heartbeat {0} was not taken: {1}", beat.subject(), fault.getMessage());
        }
    }
}
