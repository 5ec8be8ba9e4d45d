package io.machineroom.ports.spool.kit;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Message;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What may come in, and what has to go for it. */
final class Room {
    /** More than needed goes at once, a part of so many, so that not each append has to drop. */
    private static final int SLACK = 128;

    private static final int MAX_TEXTS = 96 << 10;

    private final Settings settings;
    private final Collection<LaneBook> lanes;

    Room(Settings settings, Collection<LaneBook> lanes) {
        this.settings = settings;
        this.lanes = lanes;
    }

    void mustBeSmall(Message message) {
        if (message.size() > settings.maxMessageBytes() || Entry.textBytes(message) > MAX_TEXTS) {
            throw new PortException.Refused(
                    "spool.too-large",
                    "a message of " + message.size() + " bytes; its body may have " + settings.maxMessageBytes()
                            + ", its texts " + MAX_TEXTS);
        }
    }

    private LaneLimits limits(LaneBook lane) {
        return settings.bounds().lane(lane.lane());
    }

    /** What is too much with so much more: above zero, that much has to go. */
    private Load over(LaneBook lane, Load more) {
        Load all = lanes.stream().map(LaneBook::load).reduce(more, Load::plus);
        Load mine = lane.load().plus(more);
        return new Load(
                Math.max(
                        all.records() - settings.maxRecords(),
                        mine.records() - limits(lane).maxRecords()),
                Math.max(
                        all.bytes() - settings.maxBytes(),
                        mine.bytes() - limits(lane).maxBytes()));
    }

    private boolean fits(LaneBook lane, Load more) {
        return over(lane, more).fits(0, 0);
    }

    /** How many of the messages, from the first on, there is room for. */
    private int fitting(LaneBook lane, List<Load> messages) {
        Load sum = Load.NONE;
        for (int i = 0; i < messages.size(); i++) {
            sum = sum.plus(messages.get(i));
            if (!fits(lane, sum)) {
                return i;
            }
        }
        return messages.size();
    }

    /** How many of the messages, from the first on, may come in; drops from the lane as its limits say. */
    int admit(
            LaneBook lane,
            List<Load> messages,
            Function<Entry, String> expired,
            Consumer<Function<Entry, String>> drop) {
        Load all = Load.of(messages);
        if (!fits(lane, all)
                && lane.oldest().filter(e -> !expired.apply(e).isEmpty()).isPresent()) {
            drop.accept(expired);
        }
        if (fits(lane, all)) {
            return messages.size();
        }
        return switch (limits(lane).overflow()) {
            case REFUSE -> throw full(lane);
            case DROP_OLDEST -> {
                drop.accept(victims(lane, all));
                yield messages.size();
            }
            case DROP_NEWEST -> fitting(lane, messages);
        };
    }

    private static PortException.Refused full(LaneBook lane) {
        return new PortException.Refused("spool.full", "lane " + lane.lane().wireName() + " holds " + lane.load());
    }

    /** The oldest messages, so many that these fit, and a little more. */
    private Function<Entry, String> victims(LaneBook lane, Load more) {
        LaneLimits limits = limits(lane);
        Load over = over(lane, more);
        if (!more.fits(limits.maxRecords(), limits.maxBytes())
                || !over.fits(lane.load().records(), lane.load().bytes())) {
            throw full(lane);
        }
        long records = Math.min(limits.maxRecords(), settings.maxRecords()) / SLACK;
        long bytes = Math.min(limits.maxBytes(), settings.maxBytes()) / SLACK;
        Load[] left = {
            new Load(over.records() > 0 ? over.records() + records : 0, over.bytes() > 0 ? over.bytes() + bytes : 0)
        };
        return entry -> {
            boolean enough = left[0].fits(0, 0);
            left[0] = left[0].minus(Load.of(entry));
            return enough ? "" : LaneLimits.OVERFLOW;
        };
    }
}
