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

    /** What is too much: above zero, that much has to go. */
    private record Over(long records, long bytes) {
        boolean isNone() {
            return records <= 0 && bytes <= 0;
        }
    }

    private Over over(LaneLog log, List<byte[]> messages) {
        LaneLimits limits = settings.bounds().lane(log.lane());
        long records = lanes.stream().mapToLong(l -> l.waiting().size()).sum() - settings.maxRecords();
        long bytes = lanes.stream().mapToLong(LaneLog::waitingBytes).sum() - settings.maxBytes();
        return new Over(
                messages.size() + Math.max(records, log.waiting().size() - limits.maxRecords()),
                size(messages) + Math.max(bytes, log.waitingBytes() - limits.maxBytes()));
    }

    private static long size(List<byte[]> messages) {
        return messages.stream().mapToLong(m -> m.length).sum();
    }

    /** How many of the messages, from the first on, may come in; makes room as the lane's policy says. */
    int room(LaneLog log, List<byte[]> messages, long now) {
        if (free.getAsLong() - size(messages) < settings.reserveBytes()) {
            throw new PortException.Refused("spool.full", "the disk is at its reserve");
        }
        if (!over(log, messages).isNone()) {
            expire(log, now);
        }
        int fits = messages.size();
        Over over = over(log, messages);
        if (!over.isNone()) {
            switch (settings.bounds().lane(log.lane()).overflow()) {
                case REFUSE -> throw full(log, over);
                case DROP_OLDEST -> drop(log, victims(log, messages, over), LaneLimits.OVERFLOW);
                case DROP_NEWEST -> {
                    while (fits > 0 && !over(log, messages.subList(0, fits)).isNone()) {
                        fits--;
                    }
                }
            }
        }
        return fits;
    }

    private static PortException.Refused full(LaneLog log, Over over) {
        return new PortException.Refused(
                "spool.full", "lane " + log.lane().wireName() + " would have too much: " + over);
    }

    /** The oldest messages of the lane, so many that these fit, and a little more. */
    private List<Entry> victims(LaneLog log, List<byte[]> messages, Over over) {
        LaneLimits limits = settings.bounds().lane(log.lane());
        boolean never = messages.size() > limits.maxRecords() || size(messages) > limits.maxBytes();
        if (never || log.waiting().size() < over.records || log.waitingBytes() < over.bytes) {
            throw full(log, over);
        }
        long records = over.records + Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK;
        long bytes = over.bytes + Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK;
        List<Entry> victims = new ArrayList<>();
        for (Entry entry : log.waiting().values()) {
            if ((over.records <= 0 || records <= 0) && (over.bytes <= 0 || bytes <= 0)) {
                break;
            }
            victims.add(entry);
            records--;
            bytes -= entry.spot().length();
        }
        return victims;
    }

    /** Makes voids of messages that are too old; now is the spool's own clock, in milliseconds. */
    void expire(LaneLog log, long now) {
        long age = settings.bounds().lane(log.lane()).maxAge().toMillis();
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

    /** The bytes of a message; refuses one that can never come in. */
    byte[] encode(Message message) {
        try {
            byte[] bytes = Block.encode(message);
            if (message.size() <= settings.maxMessageBytes() && bytes.length - message.size() <= MAX_TEXTS) {
                return bytes;
            }
        } catch (IOException e) {
            System.getLogger(Bounds.class.getName()).log(System.Logger.Level.DEBUG, "a text is too long", e);
        }
        throw new PortException.Refused(
                "spool.too-large",
                "a message of " + message.size() + " bytes; its body may have " + settings.maxMessageBytes()
                        + ", its texts " + MAX_TEXTS + ", one of them 65535");
    }
}
