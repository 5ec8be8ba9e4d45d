package io.machineroom.domain.replication.copy;

import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** What a job that samples does besides copying: forgets senders, keeps them in a file, advises, gossips. One task. */
final class HouseKeeping {
    private static final long SCRUB_NANOS = Duration.ofSeconds(10).toNanos();

    private final TimeSource time;
    private final JobMeter meter;
    private final Optional<Tracker> tracker;
    private final Optional<TrackerFile> file;
    private final Optional<Advisor> advisor;
    private final Optional<Gossip> gossip;
    private long scrubbedAt;

    HouseKeeping(
            TimeSource time,
            JobMeter meter,
            Optional<Tracker> tracker,
            Optional<TrackerFile> file,
            Optional<Advisor> advisor,
            Optional<Gossip> gossip) {
        this.time = time;
        this.meter = meter;
        this.tracker = tracker;
        this.file = file;
        this.advisor = advisor;
        this.gossip = gossip;
        this.scrubbedAt = time.ticks();
    }

    /** Between two batches. */
    void turn(StreamHost source) throws InterruptedException {
        if (tracker.isPresent() && gossip.isPresent()) {
            gossip.get().take(tracker.get());
        }
        if (time.ticks() - scrubbedAt >= SCRUB_NANOS) {
            scrubbedAt = time.ticks();
            tracker.ifPresent(Tracker::scrub);
            save();
        }
        if (advisor.isPresent()) {
            advisor.get().send(source);
        }
    }

    /** A sender was seen. */
    void saw(StreamHost source, String key) {
        if (tracker.isPresent() && gossip.isPresent()) {
            gossip.get().tell(source, key, tracker.get().item(key));
        }
    }

    /** Begins to hear the others. */
    Optional<io.machineroom.ports.transport.Link.Subscription> listen(StreamHost source) {
        return gossip.map(g -> g.listen(source));
    }

    void save() {
        if (tracker.isPresent()) {
            meter.gauge("tracker_total_items", tracker.get().items().size());
            file.ifPresent(f -> f.save(tracker.get()));
        }
        advisor.ifPresent(Advisor::save);
    }
}
