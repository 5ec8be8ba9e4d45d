package io.machineroom.domain.backplane;

import io.machineroom.domain.event.LifecycleEvent;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import java.time.Duration;

/** Follows the event log from its end and hands lifecycle events to the {@link Tally}. */
final class TallyFeed implements Service {
    private static final String SUBJECTS = "choria.lifecycle.event";
    private static final int BATCH = 500;
    private static final Duration EXPIRE_EVERY = Duration.ofMinutes(1);

    private final EventLog log;
    private final EventDecoder decoder;
    private final TimeSource time;
    private final Meter meter;
    private final Tally tally;

    TallyFeed(EventLog log, EventDecoder decoder, TimeSource time, Meter meter) {
        this.log = log;
        this.decoder = decoder;
        this.time = time;
        this.meter = meter;
        this.tally = new Tally(time, meter);
    }

    @Override
    public String name() {
        return "tally";
    }

    @Override
    public void run() throws InterruptedException {
        long expired = time.ticks();
        try (EventLog.Reader reader = log.reader(log.end())) {
            while (true) {
                reader.read(BATCH, Duration.ofSeconds(1)).forEach(stored -> take(stored.entry()));
                if (time.ticks() - expired >= EXPIRE_EVERY.toNanos()) {
                    tally.expire();
                    expired = time.ticks();
                }
            }
        }
    }

    private void take(EventLog.Entry entry) {
        if (entry.stamp().isVoid() || !entry.message().subject().isUnder(SUBJECTS)) {
            return;
        }
        try {
            tally.take(
                    entry.nodeKey(),
                    LifecycleEvent.parse(decoder.decode(entry.message()).data()));
        } catch (PortException.Refused e) {
            meter.count("mr_backplane_tally_errors_total", "code", e.code(), 1);
        }
    }
}
