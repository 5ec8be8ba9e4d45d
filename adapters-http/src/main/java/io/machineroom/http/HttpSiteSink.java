package io.machineroom.http;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.Stamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sends what a site's nodes said as {@code POST /v1/events} with groups. Several batches are on their way at once, each on a
 * connection of its own; one that goes on where another of the same node and lane ends waits for that one.
 */
final class HttpSiteSink implements SiteSink {
    private static final int DEPTH = 4;
    private static final Fate UNREADABLE =
            new Fate.Refused("arrival.malformed", "the record has no headers that tell its place");

    private final SiteSending.Way way;
    private final Tasks tasks;
    private final List<SiteSending> open = new ArrayList<>();

    HttpSiteSink(GatewaySession session, EventBatch.Framer framer, Receipts receipts, Tasks tasks, TimeSource time) {
        this.way = new SiteSending.Way(session, framer, receipts, time, new BatchSize());
        this.tasks = tasks;
    }

    @Override
    public int depth() {
        return DEPTH;
    }

    @Override
    public Sending begin(List<Forwarded> batch) {
        List<Fate> fates = new ArrayList<>();
        List<SiteBatch.Item> items = new ArrayList<>();
        for (Forwarded one : batch) {
            Optional<SiteBatch.Item> item = item(fates.size(), one);
            fates.add(item.isPresent() ? SiteSending.NOT_SENT : UNREADABLE);
            item.ifPresent(items::add);
        }
        open.removeIf(SiteSending::finished);
        Set<String> lines = items.stream().map(SiteBatch.Item::line).collect(Collectors.toSet());
        List<SiteSending> before = open.stream().filter(s -> s.touches(lines)).toList();
        SiteSending sending = new SiteSending(way, fates, lines, tasks);
        open.add(sending);
        sending.start(items, before);
        return sending;
    }

    private static Optional<SiteBatch.Item> item(int slot, Forwarded one) {
        Message raw = one.message();
        try {
            Stamp stamp = Stamp.ofHeaders(raw.headers());
            String id = raw.headers().getOrDefault("Mr-Id", raw.id());
            String created = raw.headers().get("Mr-Created");
            Message message = new Message(
                    raw.subject(),
                    id,
                    raw.headers(),
                    raw.body(),
                    created == null ? raw.created() : Instant.parse(created));
            Delivery delivery = new Delivery(new Position(0, 0), stamp, message, 1);
            return Optional.of(new SiteBatch.Item(slot, one.nodeKey(), delivery));
        } catch (IllegalArgumentException | DateTimeException e) {
            System.getLogger(HttpSiteSink.class.getName())
                    .log(System.Logger.Level.WARNING, () -> "record of " + one.nodeKey() + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
