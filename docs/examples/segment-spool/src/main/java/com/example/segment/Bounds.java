package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/** What may come in, and what has to go for it. */
final class Bounds {
    /** More than needed goes at once, a part of so many, so that not each append has to drop. */
    private static final int SLACK = 128;

    private static final int MAX_TEXTS = 96 << 10;

    private final Settings settings;
    private final Collection<LaneLog> lanes;
    private final LongSupplier free;

    Bounds(Settings settings, Collection<LaneLog> lanes, LongSupplier free) {
        this.settings = settings;
        this.lanes = lanes;
        this.free = free;
    }

    /** How many of the messages, from the first on, may come in; makes room as the lane's policy says. */
    int room(LaneLog log, List<byte[]> messages, long now) {
        mustLeaveReserve(messages);
        if (!fit(log, messages)) {
            expire(log, now);
        }
        if (fit(log, messages)) {
            return messages.size();
        }
        return switch (limits(log).overflow()) {
            case REFUSE -> throw full(log, messages);
            case DROP_OLDEST -> {
                drop(log, victims(log, messages), LaneLimits.OVERFLOW);
                yield messages.size();
            }
            case DROP_NEWEST -> fitting(log, messages);
        };
    }

    /** Makes voids of messages that are too old; now is the spool's own clock, in milliseconds. */
    void expire(LaneLog log, long now) {
        long age = limits(log).maxAge().toMillis();
        if (age > 0) {
            List<Entry> old = log.waiting().values().stream()
                    .takeWhile(e -> e.clock() < now - age)
                    .toList();
            drop(log, old, LaneLimits.EXPIRED);
        }
    }

    private static void drop(LaneLog log, List<Entry> victims, String cause) {
        log.layVoids(victims.stream().map(e -> e.voided(cause)).toList());
    }

    private LaneLimits limits(LaneLog log) {
        return settings.bounds().lane(log.lane());
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

    private void mustLeaveReserve(List<byte[]> messages) {
        if (free.getAsLong() - size(messages) < settings.reserveBytes()) {
            throw new PortException.Refused("spool.full", "the disk is at its reserve");
        }
    }

    private long overRecords(LaneLog log, List<byte[]> messages) {
        long all = lanes.stream().mapToLong(l -> l.waiting().size()).sum() - settings.maxRecords();
        return messages.size()
                + Math.max(all, log.waiting().size() - limits(log).maxRecords());
    }

    private long overBytes(LaneLog log, List<byte[]> messages) {
        long all = lanes.stream().mapToLong(LaneLog::waitingBytes).sum() - settings.maxBytes();
        return size(messages) + Math.max(all, log.waitingBytes() - limits(log).maxBytes());
    }

    private boolean fit(LaneLog log, List<byte[]> messages) {
        return overRecords(log, messages) <= 0 && overBytes(log, messages) <= 0;
    }

    /** How many of them fit, from the first on. */
    private int fitting(LaneLog log, List<byte[]> messages) {
        int fits = messages.size();
        while (fits > 0 && !fit(log, messages.subList(0, fits))) {
            fits--;
        }
        return fits;
    }

    private PortException.Refused full(LaneLog log, List<byte[]> messages) {
        return new PortException.Refused(
                "spool.full",
                "lane " + log.lane().wireName() + " would be over by " + overRecords(log, messages) + " records, "
                        + overBytes(log, messages) + " bytes");
    }

    /** The oldest messages of the lane, so many that these fit, and a little more. */
    private List<Entry> victims(LaneLog log, List<byte[]> messages) {
        LaneLimits limits = limits(log);
        long records = overRecords(log, messages);
        long bytes = overBytes(log, messages);
        boolean never = messages.size() > limits.maxRecords() || size(messages) > limits.maxBytes();
        if (never || log.waiting().size() < records || log.waitingBytes() < bytes) {
            throw full(log, messages);
        }
        records += records > 0 ? Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK : 0;
        bytes += bytes > 0 ? Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK : 0;
        List<Entry> victims = new ArrayList<>();
        for (Entry entry : log.waiting().values()) {
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
