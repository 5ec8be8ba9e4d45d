package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What may come in, and what has to go for it. Under the spool's lock. */
final class Bounds {
    private static final int SLACK = 128;
    private static final int MAX_TEXTS = 96 << 10;

    private final Settings settings;
    private final Map<Lane, LaneLog> lanes;
    private final LongSupplier free;

    Bounds(Settings settings, Map<Lane, LaneLog> lanes, LongSupplier free) {
        this.settings = settings;
        this.lanes = lanes;
        this.free = free;
    }

    LaneLimits limits(Lane lane) {
        return settings.bounds().lane(lane);
    }

    long segmentBytes() {
        return Math.clamp(settings.maxBytes() / 16, 1 << 20, 4 << 20);
    }

    /** The bytes of a message; refuses one that can never come in. */
    byte[] encode(Message message) {
        try {
            byte[] bytes = Block.encode(message);
            if (message.size() <= settings.maxMessageBytes() && bytes.length - message.size() <= MAX_TEXTS) {
                return bytes;
            }
            throw tooLarge(message);
        } catch (IOException e) {
            throw tooLarge(message);
        }
    }

    private PortException.Refused tooLarge(Message message) {
        return new PortException.Refused(
                "spool.too-large",
                "a message of " + message.size() + " bytes; its body may have " + settings.maxMessageBytes()
                        + ", its texts " + MAX_TEXTS + ", one of them 65535");
    }

    private static long size(List<byte[]> messages) {
        return messages.stream().mapToLong(m -> m.length).sum();
    }

    private static PortException.Refused full(String what) {
        return new PortException.Refused("spool.full", what);
    }

    void mustLeaveReserve(List<byte[]> messages) {
        if (free.getAsLong() - size(messages) < settings.reserveBytes()) {
            throw full("the disk is at its reserve");
        }
    }

    private long overRecords(Lane lane, List<byte[]> messages) {
        long all = lanes.values().stream().mapToLong(LaneLog::records).sum() - settings.maxRecords();
        return messages.size()
                + Math.max(all, lanes.get(lane).records() - limits(lane).maxRecords());
    }

    private long overBytes(Lane lane, List<byte[]> messages) {
        long all = lanes.values().stream().mapToLong(LaneLog::bytes).sum() - settings.maxBytes();
        return size(messages)
                + Math.max(all, lanes.get(lane).bytes() - limits(lane).maxBytes());
    }

    boolean fit(Lane lane, List<byte[]> messages) {
        return overRecords(lane, messages) <= 0 && overBytes(lane, messages) <= 0;
    }

    /** How many of them fit, from the first on. */
    int fitting(Lane lane, List<byte[]> messages) {
        int fits = messages.size();
        while (fits > 0 && !fit(lane, messages.subList(0, fits))) {
            fits--;
        }
        return fits;
    }

    PortException.Refused full(Lane lane, List<byte[]> messages) {
        return full("lane " + lane.wireName() + " would be over by " + overRecords(lane, messages) + " records, "
                + overBytes(lane, messages) + " bytes");
    }

    /** The oldest messages of the lane, so many that these fit, and a little more. */
    List<Entry> victims(Lane lane, List<byte[]> messages) {
        LaneLimits limits = limits(lane);
        long records = overRecords(lane, messages);
        long bytes = overBytes(lane, messages);
        LaneLog log = lanes.get(lane);
        boolean never = messages.size() > limits.maxRecords() || size(messages) > limits.maxBytes();
        if (never || log.index().waiting().size() < records || log.index().waitingBytes() < bytes) {
            throw full(lane, messages);
        }
        records += records > 0 ? Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK : 0;
        bytes += bytes > 0 ? Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK : 0;
        List<Entry> victims = new ArrayList<>();
        for (Entry entry : log.index().waiting().values()) {
            if (records <= 0 && bytes <= 0) {
                break;
            }
            victims.add(entry);
            records--;
            bytes -= entry.spot().length();
        }
        return victims;
    }
}
