package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One request of a leader: records of several nodes, in groups of one node, epoch and lane ({@code docs/protocol.md}
 * section 8).
 *
 * @param groups in the order of their first records
 * @param contentType of the batch
 * @param body unpacked
 */
record SiteBatch(List<Group> groups, String contentType, byte[] body) {
    SiteBatch {
        groups = List.copyOf(groups);
    }

    /** How many records it holds. */
    int size() {
        return groups.stream().mapToInt(group -> group.records().size()).sum();
    }

    /**
     * A record on its way.
     *
     * @param slot its place in the batch of the caller
     * @param nodeKey the node
     * @param delivery the record itself
     */
    record Item(int slot, String nodeKey, Delivery delivery) {
        Stamp stamp() {
            return delivery.stamp();
        }

        /** What one group has in common. */
        private List<String> heading() {
            Stamp.EpochEnd previous = stamp().previous();
            return List.of(
                    nodeKey,
                    stamp().epoch().wire(),
                    previous == null ? "" : previous.wire(),
                    stamp().lane().wireName());
        }

        /** Where its order matters. */
        String line() {
            return nodeKey + " " + stamp().lane().wireName();
        }
    }

    /** Records of one node, epoch and lane, in ascending order of their numbers. */
    record Group(List<Item> records) {}

    /**
     * Frames items.
     *
     * @param alone whether each record becomes a group of its own, so that each is judged by itself
     */
    static SiteBatch of(List<Item> items, EventFormat format, String subject, Instant now, boolean alone) {
        List<Group> groups = groups(items, alone);
        List<Value> manifest = new ArrayList<>();
        List<ByteBuffer> events = new ArrayList<>();
        for (Group group : groups) {
            manifest.add(manifest(group, format));
            group.records().stream()
                    .filter(item -> !item.stamp().isVoid())
                    .forEach(
                            item -> events.add(EventBatch.framed(item.delivery().message(), format)));
        }
        Value.Obj data = Value.obj("groups", new Value.Arr(manifest));
        Stamp first = items.getFirst().stamp();
        String id = first.epoch().nonce() + "." + first.lane().wireName() + "." + first.from();
        Event head = new Event(id, EventBatch.SOURCE, EventBatch.TYPE, subject, now, data);
        events.addFirst(ByteBuffer.wrap(format.encode(head)));
        return new SiteBatch(groups, format.batchContentType(), format.join(events));
    }

    private static List<Group> groups(List<Item> items, boolean alone) {
        List<List<Item>> all = new ArrayList<>();
        Map<List<String>, List<Item>> open = new LinkedHashMap<>();
        for (Item item : items) {
            List<Item> group = open.get(item.heading());
            // numbers that go back are sent once more: a group of their own
            if (group == null
                    || alone
                    || group.getLast().stamp().through() >= item.stamp().from()) {
                group = new ArrayList<>();
                open.put(item.heading(), group);
                all.add(group);
            }
            group.add(item);
        }
        return all.stream().map(Group::new).toList();
    }

    private static Value manifest(Group group, EventFormat format) {
        Item first = group.records().getFirst();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("node", Value.text(first.nodeKey()));
        out.put("epoch", Value.text(first.stamp().epoch().wire()));
        Stamp.EpochEnd previous = first.stamp().previous();
        if (previous != null) {
            out.put("previous", Value.text(previous.wire()));
        }
        out.put("lane", Value.text(first.stamp().lane().wireName()));
        List<Value> entries = new ArrayList<>();
        group.records().forEach(item -> entries.add(EventBatch.entry(item.delivery(), format)));
        out.put("entries", new Value.Arr(entries));
        return Value.obj(out);
    }

    /**
     * Cuts the items of one request off the front, as many as the bounds allow: of one encoding, and none whose body alone
     * is too large.
     *
     * @throws PortException.Refused for the first item: {@code sink.content-type}, {@code sink.too-large}
     */
    static Cut cut(List<Item> items, EventBatch.Framer framer, int maxEntries, int maxBytes) {
        List<Item> out = new ArrayList<>();
        EventFormat format = null;
        long bytes = 512;
        for (Item item : items) {
            // a group's heading is counted with each of its records: the estimate only has to be large enough
            long size = EventBatch.Framer.estimate(item.delivery()) + 320L;
            if (out.isEmpty() && size > EventBatch.MAX_BYTES) {
                throw new PortException.Refused("sink.too-large", "an event of " + size + " bytes fits no batch");
            }
            if (!out.isEmpty() && (out.size() >= maxEntries || bytes + size > maxBytes)) {
                break;
            }
            if (!EventBatch.Framer.fitsAny(item.delivery())) {
                EventFormat own = framer.formatOf(item.delivery(), out.isEmpty());
                if (own == null || (format != null && !own.equals(format))) {
                    break;
                }
                format = own;
            }
            bytes += size;
            out.add(item);
        }
        return new Cut(out, format == null ? framer.formats().getFirst() : format);
    }

    /** Items for one request, and their encoding. */
    record Cut(List<Item> items, EventFormat format) {}
}
