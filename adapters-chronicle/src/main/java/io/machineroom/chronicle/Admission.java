package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Says whether messages may come in: their size, the bounds of what is undelivered, and the room on the disk; and lets
 * older ones go where the lane says so.
 */
final class Admission {
    /** Instead of a number of messages: what would make room is being written in this very group. */
    static final int LATER = -1;

    private static final int SLACK = 128;

    private final Settings settings;
    private final Disk disk;
    private final SpoolClock clock;
    private final Map<Lane, SpoolLane> lanes;
    /** Free bytes when this group began, less what it laid; asked of the disk once a group, a call of the kernel each. */
    private long free;
    /** Where what waits begins in each lane, or did a moment ago: it only moves on. */
    private final Map<Lane, Place> oldest = new EnumMap<>(Lane.class);

    Admission(Settings settings, Disk disk, SpoolClock clock, Map<Lane, SpoolLane> lanes) {
        this.settings = settings;
        this.disk = disk;
        this.clock = clock;
        this.lanes = lanes;
    }

    /** Encodes messages; refuses one that no spool of these settings can ever take. Any task. */
    List<MessageCodec.Prepared> prepare(List<Message> messages) {
        List<MessageCodec.Prepared> prepared = new ArrayList<>(messages.size());
        for (Message message : messages) {
            MessageCodec.Prepared each = MessageCodec.Prepared.of(message);
            size(each);
            prepared.add(each);
        }
        return prepared;
    }

    private void size(MessageCodec.Prepared message) {
        int body = message.body().remaining();
        if (body > settings.maxMessageBytes() || message.bytes() - body > JournalSettings.OVERHEAD_BYTES / 2) {
            throw new PortException.Refused(
                    "spool.too-large",
                    "a message of " + message.bytes() + " bytes; the body may have " + settings.maxMessageBytes()
                            + ", the rest " + JournalSettings.OVERHEAD_BYTES / 2);
        }
    }

    /**
     * How many of the messages, from the first on, may be laid, with what this group already laid; or {@link #LATER}.
     * Writer thread.
     */
    int room(Lane lane, List<MessageCodec.Prepared> messages) {
        Load more = load(messages);
        if (free - more.bytes() < settings.reserveBytes()) {
            group(); // an earlier append of this group may have dropped something
        }
        if (free - more.bytes() < settings.reserveBytes()) {
            throw new PortException.Refused(
                    "spool.full", "the disk has " + free + " bytes; " + settings.reserveBytes() + " must stay free");
        }
        int fits = fitting(lane, messages, more);
        free -= fits == LATER ? 0 : more.bytes();
        return fits;
    }

    private int fitting(Lane lane, List<MessageCodec.Prepared> messages, Load more) {
        Load over = over(lane, more);
        if (over.isNone()) {
            return messages.size();
        }
        expire(lane);
        findOldest();
        over = over(lane, more);
        return over.isNone() ? messages.size() : atTheBound(lane, messages, over);
    }

    /** A group begins. Writer thread. */
    void group() {
        free = disk.free().getAsLong();
        findOldest();
    }

    private void findOldest() {
        lanes.forEach((lane, of) -> oldest.put(lane, of.pruner().oldest()));
    }

    private int atTheBound(Lane lane, List<MessageCodec.Prepared> messages, Load over) {
        return switch (settings.bounds().lane(lane).overflow()) {
            case REFUSE -> throw full(lane, over);
            case DROP_OLDEST -> dropOldest(lane, messages, over);
            case DROP_NEWEST -> {
                int fits = messages.size() - 1;
                while (fits > 0 && !over(lane, load(messages.subList(0, fits))).isNone()) {
                    fits--;
                }
                yield fits;
            }
        };
    }

    private int dropOldest(Lane lane, List<MessageCodec.Prepared> messages, Load over) {
        LaneLimits limits = settings.bounds().lane(lane);
        boolean possible =
                load(messages).over(limits.maxRecords(), limits.maxBytes()).isNone();
        Load slack = new Load(
                Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK,
                Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK);
        SpoolLane of = lane(lane);
        if (possible && of.pruner().free(over, slack)) {
            return messages.size();
        }
        if (possible && of.writer().open().records() > of.writer().tail().records()) {
            return LATER;
        }
        throw full(lane, over);
    }

    private static Load load(List<MessageCodec.Prepared> messages) {
        long bytes = 0;
        for (MessageCodec.Prepared message : messages) {
            bytes += JournalWriter.cost(message.bytes());
        }
        return new Load(messages.size(), bytes);
    }

    /** How much would be over the bounds of the lane, or of the whole. */
    private Load over(Lane lane, Load more) {
        Load all = more;
        for (Lane each : Lane.values()) {
            all = all.plus(waiting(each));
        }
        LaneLimits limits = settings.bounds().lane(lane);
        return all.over(settings.maxRecords(), settings.maxBytes())
                .max(waiting(lane).plus(more).over(limits.maxRecords(), limits.maxBytes()));
    }

    private Load waiting(Lane lane) {
        LaneTail open = lane(lane).writer().open();
        Place from = Objects.requireNonNull(oldest.get(lane));
        return new Load(open.records() - from.records(), open.bytes() - from.bytes());
    }

    /** Takes out what waited longer than the lane allows. Writer thread. */
    void expire(Lane lane) {
        long maxMillis = settings.bounds().lane(lane).maxAge().toMillis();
        if (maxMillis > 0) {
            lane(lane).pruner().expire(clock.millis() - maxMillis);
        }
    }

    private SpoolLane lane(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    private PortException.Refused full(Lane lane, Load over) {
        LaneLimits limits = settings.bounds().lane(lane);
        return new PortException.Refused(
                "spool.full",
                "lane " + lane.wireName() + " would hold " + over.records() + " records or " + over.bytes()
                        + " bytes more than allowed; bounds of the spool " + settings.maxRecords() + " and "
                        + settings.maxBytes() + bound(", of the lane ", limits.maxRecords())
                        + bound(", bytes of the lane ", limits.maxBytes()));
    }

    private static String bound(String name, long value) {
        return value == Long.MAX_VALUE ? "" : name + value;
    }
}
