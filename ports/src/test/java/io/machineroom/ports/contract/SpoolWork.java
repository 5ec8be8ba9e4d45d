package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the contracts of spools do again and again. */
final class SpoolWork {
    static final Duration AT_ONCE = Duration.ZERO;
    static final String STORE = "5".repeat(32);
    private static final int MANY = 10_000;
    private static final long PLENTY = 1L << 30;

    private SpoolWork() {}

    static Message message(String text) {
        return message(text, text.getBytes(StandardCharsets.UTF_8));
    }

    static Message message(String id, byte[] body) {
        return new Message(
                Subject.of("choria.machine.transition"),
                id,
                Map.of(Message.CONTENT_TYPE, "text/plain"),
                ByteBuffer.wrap(body),
                Instant.parse("2026-01-02T03:04:05.678Z"));
    }

    /** Messages {@code name.from} to {@code name.through}, one append. */
    static List<Spool.Appended> append(Spool spool, Lane lane, String name, int from, int through)
            throws InterruptedException {
        List<Message> messages = new ArrayList<>();
        for (int i = from; i <= through; i++) {
            messages.add(message(name + i));
        }
        return spool.append(lane, messages);
    }

    static List<Delivery> readAll(Source source) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        List<Delivery> batch = source.read(MANY, PLENTY, AT_ONCE);
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = source.read(MANY, PLENTY, AT_ONCE);
        }
        return all;
    }

    static List<String> bodies(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(d -> d.stamp().isVoid()
                        ? d.stamp().cause().orElse("") + d.stamp().from() + "-"
                                + d.stamp().through()
                        : text(d))
                .toList();
    }

    static String text(Delivery delivery) {
        return new String(delivery.message().bytes(), StandardCharsets.UTF_8);
    }

    static List<String> names(String name, int from, int through) {
        List<String> all = new ArrayList<>();
        for (int i = from; i <= through; i++) {
            all.add(name + i);
        }
        return all;
    }

    static DoneMark mark(Delivery delivery) {
        Stamp stamp = delivery.stamp();
        return new DoneMark(stamp.epoch(), stamp.lane(), stamp.through(), STORE);
    }

    static void commitAll(Source source, List<Delivery> deliveries) {
        assertTrue(!deliveries.isEmpty(), "nothing to commit");
        Map<String, DoneMark> last = new LinkedHashMap<>();
        deliveries.forEach(d -> last.put(d.stamp().epoch().wire() + d.stamp().lane(), mark(d)));
        last.values().forEach(source::commit);
    }

    static SpoolProvider.Settings bounds(SpoolProvider.Settings from, long maxBytes, long maxRecords) {
        return from.within(SpoolBounds.of(maxBytes, maxRecords));
    }

    static SpoolProvider.Settings lane(SpoolProvider.Settings from, Lane lane, LaneLimits limits) {
        return from.within(from.bounds().with(lane, limits));
    }

    /** One entry a number, whether voids are merged or not; no number is left out. */
    static List<String> perNumber(List<Delivery> deliveries) {
        List<String> all = new ArrayList<>();
        Map<String, Long> last = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            Stamp stamp = delivery.stamp();
            Long before = last.put(stamp.epoch().wire() + stamp.lane(), stamp.through());
            assertTrue(before == null || stamp.from() == before + 1, "a gap before " + stamp);
            assertTrue(stamp.cause().map(Stamp.CAUSES::contains).orElse(true), "a cause that nobody takes: " + stamp);
            for (long n = stamp.from(); n <= stamp.through(); n++) {
                all.add(stamp.cause().map(cause -> "(" + cause + ")").orElseGet(() -> text(delivery)));
            }
        }
        return all;
    }
}
