package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What {@link EventFormat} promises. */
public abstract class EventFormatContract {
    private static final Instant TIME = Instant.parse("2020-12-02T16:02:33Z");

    protected abstract EventFormat format();

    /** An event as the catalogue makes them. */
    protected static Event event(String id, Value.Obj data) {
        return new Event(id, "io.choria.machine", "io.choria.machine.v1.transition", "node1.example", TIME, data);
    }

    private static void refused(String code, Executable call) {
        assertEquals(code, assertThrows(PortException.Refused.class, call).code());
    }

    private List<ByteBuffer> encoded(int count) {
        List<ByteBuffer> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(ByteBuffer.wrap(
                    format().encode(event("id-" + i, Value.obj("n", Value.num(i), "t", Value.text("\u00e9,]\"[{"))))));
        }
        return out;
    }

    @Test
    void decodesWhatItEncoded() {
        Value.Obj data =
                Value.obj("machine", Value.text("m\u00e9\uD83D\uDE00"), "list", Value.arr(Value.num(1.5), Value.nil()));
        Event event = event("4a2d-1", data);
        assertEquals(event, format().decode(format().encode(event)));
        assertArrayEquals(format().encode(event), format().encode(event));
    }

    @Test
    void keepsFractionsOfSeconds() {
        for (String time : List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456789Z", "1970-01-01T00:00:00Z")) {
            Event event = new Event("1", "s", "t", "n", Instant.parse(time), Value.obj());
            assertEquals(event, format().decode(format().encode(event)));
        }
    }

    @Test
    void refusesWhatCannotBeAnEvent() {
        Value.Obj data = Value.obj();
        for (Event event : List.of(
                new Event("", "s", "t", "n", TIME, data),
                new Event("1", "", "t", "n", TIME, data),
                new Event("1", "no uri", "t", "n", TIME, data),
                new Event("1", "s", "", "n", TIME, data),
                new Event("1", "s", "t", "", TIME, data),
                new Event("1", "s", "t\n", "n", TIME, data),
                new Event("1", "s", "t", "n\uD800", TIME, data),
                new Event("1", "s", "t", "n", Instant.MAX, data))) {
            refused("event.unencodable", () -> format().encode(event));
        }
    }

    @Test
    void refusesToDecodeNoise() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] good = format().encode(event("1", Value.obj("a", Value.text("b"))));
        refused("event.undecodable", () -> format().decode(new byte[0]));
        refused("event.undecodable", () -> format().decode(Arrays.copyOf(good, good.length - 1)));
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(1, 60)];
            random.nextBytes(noise);
            refused("event.undecodable", () -> format().decode(noise));
        }
    }

    @Test
    void namesItsTypes() {
        assertEquals(
                format().contentType().replace("application/cloudevents", "application/cloudevents-batch"),
                format().batchContentType());
    }

    @Test
    void splitsWhatItJoinedByteForByte() {
        for (int count : List.of(0, 1, 2, 50)) {
            List<ByteBuffer> events = encoded(count);
            List<byte[]> back = format().split(format().join(events), 100);
            assertEquals(count, back.size());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(events.get(i).array(), back.get(i));
                assertEquals("id-" + i, format().decode(back.get(i)).id());
            }
        }
    }

    @Test
    void joinLeavesTheBuffersAsTheyWere() {
        byte[] event = format().encode(event("1", Value.obj("a", Value.num(1))));
        byte[] padded = new byte[event.length + 6];
        System.arraycopy(event, 0, padded, 4, event.length);
        ByteBuffer buffer = ByteBuffer.wrap(padded, 4, event.length).asReadOnlyBuffer();
        byte[] batch = format().join(List.of(buffer));
        assertEquals(4, buffer.position());
        assertArrayEquals(event, format().split(batch, 1).getFirst());
    }

    @Test
    void boundsTheNumberOfEvents() {
        byte[] batch = format().join(encoded(3));
        assertEquals(3, format().split(batch, 3).size());
        refused("batch.too-many", () -> format().split(batch, 2));
    }

    @Test
    void refusesDamagedBatches() {
        byte[] batch = format().join(encoded(3));
        refused("batch.invalid", () -> format().split(Arrays.copyOf(batch, batch.length - 1), 10));
        byte[] longer = Arrays.copyOf(batch, batch.length + 1);
        longer[batch.length] = 'x';
        refused("batch.invalid", () -> format().split(longer, 10));
        refused("batch.invalid", () -> format().split("hello".getBytes(UTF_8), 10));
        refused("batch.invalid", () -> format().split(new byte[] {'[', 0, ']', 0}, 10));
    }
}
