package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Lane;
import java.util.List;
import java.util.Map;

/** Says whether messages may come in: their size, the bounds of what is undelivered, and the room on the disk. */
final class Admission {
    private final Settings settings;
    private final Disk disk;
    private final Map<Lane, SpoolLane> lanes;
    private final Readers readers;
    private final Map<Lane, Place> oldest;

    Admission(Settings settings, Disk disk, Map<Lane, SpoolLane> lanes, Readers readers, Map<Lane, Place> oldest) {
        this.settings = settings;
        this.disk = disk;
        this.lanes = lanes;
        this.readers = readers;
        this.oldest = oldest;
    }

    /** Refuses a message that no spool of these settings can ever take. */
    void size(MessageCodec.Prepared message) {
        int body = message.body().remaining();
        if (body > settings.maxMessageBytes() || message.bytes() - body > JournalSettings.OVERHEAD_BYTES / 2) {
            throw new PortException.Refused(
                    "spool.too-large",
                    "a message of " + message.bytes() + " bytes; the body may have " + settings.maxMessageBytes()
                            + ", the rest " + JournalSettings.OVERHEAD_BYTES / 2);
        }
    }

    /** Refuses what would pass a bound, with what this group already laid. Writer thread. */
    void room(List<MessageCodec.Prepared> messages) {
        long cost =
                messages.stream().mapToLong(m -> JournalWriter.cost(m.bytes())).sum();
        long records = messages.size();
        long bytes = cost;
        for (Map.Entry<Lane, SpoolLane> lane : lanes.entrySet()) {
            LaneTail open = lane.getValue().writer().open();
            Place slowest = slowest(lane.getKey());
            records += open.records() - slowest.records();
            bytes += open.bytes() - slowest.bytes();
        }
        if (records > settings.maxRecords() || bytes > settings.maxBytes()) {
            throw new PortException.Refused(
                    "spool.full",
                    "would hold " + records + " records of " + bytes + " bytes; bounds " + settings.maxRecords()
                            + " and " + settings.maxBytes());
        }
        long free = disk.free().getAsLong();
        if (free - cost < settings.reserveBytes()) {
            throw new PortException.Refused(
                    "spool.full", "the disk has " + free + " bytes; " + settings.reserveBytes() + " must stay free");
        }
    }

    /** Where the slowest reader of a lane stands; without readers, the oldest record. */
    Place slowest(Lane lane) {
        return readers.slowest(lane).orElseGet(() -> java.util.Objects.requireNonNull(oldest.get(lane)));
    }
}
