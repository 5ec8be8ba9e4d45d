package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says what may come in, and what has to go for it. Writer thread only. */
final class Bounds {
    private static final int SLACK = 128;
    private static final int MAX_TEXTS = 96 << 10;

    private final Settings settings;
    private final Map<Lane, LaneWriter> lanes;
    private final LongSupplier free;
    private final LongSupplier clock;

    private record Load(long records, long bytes) {
        static Load of(List<Message> messages) {
            return new Load(
                    messages.size(),
                    messages.stream().mapToLong(m -> Frame.size(m, "")).sum());
        }

        Load plus(Load more) {
            return new Load(records + more.records, bytes + more.bytes);
        }

        Load over(long maxRecords, long maxBytes) {
            return new Load(Math.max(0, records - maxRecords), Math.max(0, bytes - maxBytes));
        }

        Load max(Load other) {
            return new Load(Math.max(records, other.records), Math.max(bytes, other.bytes));
        }

        boolean isNone() {
            return records == 0 && bytes == 0;
        }
    }

    Bounds(Settings settings, Map<Lane, LaneWriter> lanes, LongSupplier free, LongSupplier clock) {
        this.settings = settings;
        this.lanes = lanes;
        this.free = free;
        this.clock = clock;
    }

    /** Refuses a message that can never come in. Any task. */
    void size(Message message) {
        if (message.size() > settings.maxMessageBytes() || Frame.size(message, "") - message.size() > MAX_TEXTS) {
            throw new PortException.Refused(
                    "spool.too-large",
                    "a message of " + Frame.size(message, "") + " bytes; its body may have "
                            + settings.maxMessageBytes() + ", the rest " + MAX_TEXTS);
        }
    }

    /** How many of the messages, from the first on, may come in. */
    int room(LaneWriter lane, List<Message> messages) {
        if (free.getAsLong() - Load.of(messages).bytes < settings.reserveBytes()) {
            throw new PortException.Refused("spool.full", "the disk is at its reserve");
        }
        if (over(lane, messages).isNone()) {
            return messages.size();
        }
        expire(lane);
        Load over = over(lane, messages);
        if (over.isNone()) {
            return messages.size();
        }
        return switch (limits(lane).overflow()) {
            case REFUSE -> throw full(lane, over);
            case DROP_OLDEST -> {
                dropOldest(lane, messages, over);
                yield messages.size();
            }
            case DROP_NEWEST -> {
                int fits = messages.size() - 1;
                while (fits > 0 && !over(lane, messages.subList(0, fits)).isNone()) {
                    fits--;
                }
                yield fits;
            }
        };
    }

    private LaneLimits limits(LaneWriter lane) {
        return settings.bounds().lane(lane.state().lane());
    }

    private Load over(LaneWriter lane, List<Message> messages) {
        Load more = Load.of(messages);
        Load all = more;
        for (LaneWriter each : lanes.values()) {
            all = all.plus(waiting(each));
        }
        LaneLimits limits = limits(lane);
        return all.over(settings.maxRecords(), settings.maxBytes())
                .max(waiting(lane).plus(more).over(limits.maxRecords(), limits.maxBytes()));
    }

    private static Load waiting(LaneWriter lane) {
        Place from = lane.state().waiting();
        return new Load(lane.open().records() - from.records(), lane.open().bytes() - from.bytes());
    }

    private PortException.Refused full(LaneWriter lane, Load over) {
        return new PortException.Refused(
                "spool.full",
                "lane " + lane.state().lane().wireName() + " would be over by " + over.records + " records, "
                        + over.bytes + " bytes");
    }

    private void dropOldest(LaneWriter lane, List<Message> messages, Load over) {
        LaneLimits limits = limits(lane);
        if (!Load.of(messages).over(limits.maxRecords(), limits.maxBytes()).isNone()) {
            throw full(lane, over);
        }
        lane.flush(clock.getAsLong());
        Load has = waiting(lane);
        if (has.records < over.records || has.bytes < over.bytes) {
            throw full(lane, over);
        }
        long records =
                over.records == 0 ? 0 : over.records + Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK;
        long bytes = over.bytes == 0 ? 0 : over.bytes + Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK;
        Place start = lane.state().waiting();
        drop(
                lane,
                (item, at) -> at.records() - start.records() < records || at.bytes() - start.bytes() < bytes
                        ? Optional.of(LaneLimits.OVERFLOW)
                        : Optional.empty());
    }

    /** Takes out what waited too long. */
    void expire(LaneWriter lane) {
        long age = limits(lane).maxAge().toMillis();
        if (age > 0) {
            long before = clock.getAsLong() - age;
            drop(lane, (item, at) -> item.clock() < before ? Optional.of(LaneLimits.EXPIRED) : Optional.empty());
        }
    }

    /** Takes out superseded records up to the first that is not. */
    void supersede(LaneWriter lane) {
        drop(
                lane,
                (item, at) -> item.cause().equals(LaneLimits.SUPERSEDED)
                        ? Optional.of(LaneLimits.SUPERSEDED)
                        : Optional.empty());
        lane.state().newest().forgetBefore(lane.state().waiting());
    }

    /** Why the next record has to go, seen from where the last one ended; empty when it stays. */
    private interface Reason {
        Optional<String> of(Item item, Place at);
    }

    private static void drop(LaneWriter lane, Reason reason) {
        LaneState state = lane.state();
        Place at = state.waiting();
        Cursor cursor = state.cursor(at);
        List<Drops.Drop> runs = new ArrayList<>();
        Optional<Item> item = cursor.next();
        while (item.isPresent()) {
            Optional<String> why = reason.of(item.get(), at);
            if (why.isEmpty()) {
                break;
            }
            String own = item.get().cause();
            runs.add(new Drops.Drop(at, item.get().after(), own.isEmpty() ? why.get() : own));
            at = item.get().after();
            item = cursor.next();
        }
        if (!runs.isEmpty()) {
            state.drops().add(state.lane(), runs, state.slowest());
        }
    }
}
