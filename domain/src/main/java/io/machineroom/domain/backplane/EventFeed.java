package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Shows what is stored, decoded and in the order of the log. Safe from any task. */
final class EventFeed {
    private static final int BATCH = 500;

    private final EventLog log;
    private final EventDecoder decoder;

    EventFeed(EventLog log, EventDecoder decoder) {
        this.log = log;
        this.decoder = decoder;
    }

    /**
     * What to show.
     *
     * @param customer only this one; empty for all
     * @param node only this identity or node key; empty for all
     * @param since index of the first entry
     * @param follow whether to wait for more until the task is cancelled
     */
    record Wish(String customer, String node, long since, boolean follow) {
        boolean fits(EventLog.Entry entry) {
            return (customer.isEmpty() || customer.equals(entry.customer()))
                    && (node.isEmpty() || node.equals(entry.identity()) || node.equals(entry.nodeKey()));
        }
    }

    /** Hands over each entry as an object; after each batch one with {@code progress} and {@code end}. */
    void show(Wish wish, Consumer<Value.Obj> to) throws InterruptedException {
        long end = log.end();
        long next = Math.max(wish.since(), log.start());
        try (EventLog.Reader reader = log.reader(next)) {
            while (wish.follow() || next < end) {
                List<EventLog.Stored> read = reader.read(BATCH, Duration.ofSeconds(1));
                for (EventLog.Stored stored : read) {
                    if ((wish.follow() || stored.index() < end) && wish.fits(stored.entry())) {
                        to.accept(Value.obj("event", document(stored)));
                    }
                }
                if (read.isEmpty() && !wish.follow()) {
                    return;
                }
                next = read.isEmpty() ? next : read.getLast().index() + 1;
                to.accept(Value.obj("progress", Value.num(next), "end", Value.num(log.end())));
            }
        }
    }

    /** One entry for people and tools. */
    Value.Obj document(EventLog.Stored stored) {
        EventLog.Entry entry = stored.entry();
        Stamp stamp = entry.stamp();
        Value.Obj head = Value.obj("index", Value.num(stored.index()), "customer", Value.text(entry.customer()))
                .with("site", Value.text(entry.site()))
                .with("identity", Value.text(entry.identity()))
                .with("node", Value.text(entry.nodeKey()))
                .with("epoch", Value.text(stamp.epoch().wire()))
                .with("lane", Value.text(stamp.lane().wireName()));
        if (stamp.isVoid()) {
            return head.with("void", Value.text(stamp.cause().orElse("")))
                    .with("from", Value.num(stamp.from()))
                    .with("through", Value.num(stamp.through()));
        }
        Value.Obj known = head.with("number", Value.num(stamp.from()))
                .with("id", Value.text(entry.message().id()))
                .with("subject", Value.text(entry.message().subject().text()));
        if (entry.message().isRaw()) {
            Map<String, Value> headers = new LinkedHashMap<>();
            entry.message().headers().forEach((name, value) -> headers.put(name, Value.text(value)));
            known = known.with("headers", Value.obj(headers));
        }
        try {
            Event event = decoder.decode(entry.message());
            return known.with("type", Value.text(event.type()))
                    .with("time", Value.text(event.time().toString()))
                    .with("data", event.data());
        } catch (PortException.Refused e) {
            return known.with("type", Value.text("undecodable"))
                    .with("time", Value.text(entry.message().created().toString()))
                    .with("data", Value.obj("code", Value.text(e.code())));
        }
    }
}
