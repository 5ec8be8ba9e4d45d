package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.util.Map;

/** Tells the other members of a group whom we saw, and hears whom they saw. One task. */
final class Gossip {
    private static final System.Logger LOG = System.getLogger(Gossip.class.getName());
    private static final int HEARD = 1_000;

    private final String subject;
    private final JsonFormat json;
    private final JobMeter meter;
    private final Mailbox<CopyMessage> heard;

    Gossip(JobConfig job, Tasks tasks, JsonFormat json, JobMeter meter) {
        this.subject = "choria.stream-replicator.sync." + job.stream() + "." + job.name();
        this.json = json;
        this.meter = meter;
        this.heard = tasks.mailbox(HEARD);
    }

    /** Listens from now on. One that may not listen copies all the same, and tries again with the next connection. */
    Link.Subscription listen(StreamHost source) {
        try {
            return source.subscribe(subject, heard);
        } catch (PortException e) {
            LOG.log(Level.WARNING, "no gossip with the other members of the group: {0}", e.getMessage());
            return () -> {};
        }
    }

    void tell(StreamHost source, String key, Tracked item) {
        Value.Obj value = TrackerFile.value(item).with("value", Value.text(key));
        source.publish(new CopyMessage(subject, Map.of(), json.write(value)));
    }

    /** Puts what was heard into the tracker. */
    void take(Tracker into) {
        int count = 0;
        for (CopyMessage message : heard.drain(HEARD)) {
            try {
                if (json.read(message.body()) instanceof Value.Obj o
                        && !o.text("value").orElse("").isEmpty()) {
                    into.learn(o.text("value").orElseThrow(), TrackerFile.item(o));
                    count++;
                }
            } catch (PortException.Refused | DateTimeException e) {
                LOG.log(Level.DEBUG, "gossip that is none", e);
            }
        }
        if (count > 0) {
            meter.count("tracker_seen_by_gossip", count);
        }
    }
}
