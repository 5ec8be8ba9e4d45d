package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimTasks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests that lie, numbers that overflow, bodies that are cut: refused as a whole, with a code. */
final class BatchReaderTest {
    private static final String EPOCH = "a".repeat(32) + ".2." + "b".repeat(32);

    private final SimEvents format = new SimEvents();
    private final BatchReader reader = new BatchReader(List.of(format), new SimTasks(1).time());
    private final Map<String, String> headers = new TreeMap<>(
            Map.of("content-type", "application/cloudevents-batch+json", "mr-epoch", EPOCH, "mr-lane", "normal"));

    private static Value.Obj entry(Object number) {
        Value n = number instanceof Long whole ? Value.num(whole) : Value.text(String.valueOf(number));
        return Value.obj("n", n, "id", Value.text("id-" + number))
                .with("s", Value.text("choria.machine.transition"))
                .with("t", Value.text("2026-01-01T00:00:00Z"));
    }

    private static Value.Obj nothing(long from, long through, String cause) {
        return Value.obj("n", Value.num(from), "through", Value.num(through)).with("void", Value.text(cause));
    }

    private Event event(String id, String type, Value.Obj data) {
        return new Event(id, "io.machineroom.agent", type, "n1", SimTasks.START, data);
    }

    private byte[] body(List<? extends Value> entries, int events) {
        return body(Value.obj("entries", new Value.Arr(new ArrayList<>(entries))), events);
    }

    private byte[] body(Value.Obj manifest, int events) {
        List<ByteBuffer> parts = new ArrayList<>();
        parts.add(ByteBuffer.wrap(format.encode(event("m", "io.machineroom.batch.v1", manifest))));
        for (int i = 0; i < events; i++) {
            parts.add(ByteBuffer.wrap(format.encode(event("e" + i, "test", Value.obj()))));
        }
        return format.join(parts);
    }

    private List<Arrived> read(byte[] body) {
        return reader.read(new Gateway.Request("POST", "/v1/events", "", headers, body, "r"), IngestWorld.NODE);
    }

    private void refused(String code, byte[] body) {
        assertEquals(
                code,
                assertThrows(PortException.Refused.class, () -> read(body)).code());
    }

    private void invalid(byte[] body) {
        refused("batch.invalid", body);
    }

    private void invalid(Value.Obj... entries) {
        int events = (int)
                List.of(entries).stream().filter(e -> e.text("void").isEmpty()).count();
        invalid(body(List.of(entries), events));
    }

    @Test
    void takesEventsAndVoidsInOrder() {
        List<Arrived> read = read(body(List.of(entry(3L), nothing(4, 9, "overflow"), entry(10L)), 2));
        assertEquals(
                List.of("3-3", "4-9", "10-10"),
                read.stream()
                        .map(a -> a.stamp().from() + "-" + a.stamp().through())
                        .toList());
        assertTrue(read.get(1).stamp().isVoid());
    }

    private byte[] carrying(Value.Obj entry, Value.Obj data) {
        Value.Obj manifest = Value.obj("entries", Value.arr(entry));
        return format.join(List.of(
                ByteBuffer.wrap(format.encode(event("m", "io.machineroom.batch.v1", manifest))),
                ByteBuffer.wrap(format.encode(event("r", "io.machineroom.raw.v1", data)))));
    }

    @Test
    void unwrapsARawBodyAndKeepsItsHeaders() {
        Value.Obj entry = entry(1L)
                .with("s", Value.text("choria.submission.in.x"))
                .with("raw", Value.bool(true))
                .with("h", Value.obj("Choria-Sender", Value.text("me"), "Mr-Id", Value.text("forged")));
        Value.Obj data = Value.obj("body", Value.text("/wD+"));
        Arrived read = read(carrying(entry, data)).getFirst();
        assertEquals(Map.of("Choria-Sender", "me"), read.message().headers());
        assertEquals(3, read.message().size());
        assertEquals((byte) 0xff, read.message().bytes()[0]);
        assertEquals(
                "text/plain",
                read(carrying(entry.with("ct", Value.text("text/plain")), data))
                        .getFirst()
                        .message()
                        .contentType());
    }

    @Test
    void refusesRawBodiesThatAreNone() {
        Value.Obj entry = entry(1L).with("raw", Value.bool(true));
        invalid(carrying(entry, Value.obj()));
        invalid(carrying(entry, Value.obj("body", Value.text("not base64!"))));
        Value.Obj fine = Value.obj("body", Value.text("AAAA"));
        invalid(carrying(entry.with("h", Value.obj("A", Value.text("b\r\nNats-Rollup: all"))), fine));
        invalid(carrying(entry.with("h", Value.obj("A", Value.num(1))), fine));
        invalid(carrying(entry.with("h", Value.obj("content-type", Value.text("x"))), fine));
        invalid(carrying(entry.with("h", Value.obj("A", Value.text("x".repeat(9_000)))), fine));
    }

    @Test
    void refusesManifestsThatLieAboutTheirCount() {
        invalid(body(List.of(entry(1L), entry(2L)), 1));
        invalid(body(List.of(entry(1L)), 2));
        invalid(body(List.of(nothing(1, 2, "overflow")), 1));
        invalid(body(List.of(), 0));
        invalid(body(List.of(), 1));
    }

    @Test
    void refusesNumbersThatRepeatOrGoBack() {
        invalid(entry(1L), entry(1L));
        invalid(entry(2L), entry(1L));
        invalid(nothing(1, 5, "overflow"), entry(5L));
        invalid(nothing(1, 5, "overflow"), nothing(3, 9, "overflow"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1})
    void refusesNumbersOutOfRange(long number) {
        invalid(entry(number));
        invalid(nothing(number, number, "overflow"));
        invalid(nothing(1, number, "overflow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e400", "-1e400", "1e-5", "1e2000000000", "true", "null", "\"7\"", "[1]", "{}"})
    void refusesNumbersThatAreNone(String number) {
        String plain = new String(body(List.of(entry(1L)), 1), StandardCharsets.UTF_8);
        String hostile = plain.replace("\"n\":1,", "\"n\":" + number + ",");
        assertTrue(!hostile.equals(plain), plain);
        refusedSomehow(hostile.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON itself may refuse the number: then the batch cannot be split. */
    private void refusedSomehow(byte[] body) {
        String code =
                assertThrows(PortException.Refused.class, () -> read(body)).code();
        assertTrue(List.of("batch.invalid", "event.undecodable").contains(code), code);
    }

    @Test
    void refusesRangesForEventsAndUnknownCauses() {
        invalid(entry(1L).with("through", Value.num(2)));
        invalid(nothing(5, 4, "overflow"));
        invalid(nothing(1, 2, "bored"));
        invalid(nothing(1, 2, ""));
        invalid(nothing(1, 2, "over\r\nflow"));
    }

    @Test
    void refusesMoreEntriesThanABatchMayHaveHoweverSmallTheyAre() {
        List<Value.Obj> entries = new ArrayList<>();
        for (long n = 1; n <= 1001; n++) {
            entries.add(nothing(n, n, "overflow"));
        }
        refused("batch.too-many", body(entries, 0));
        assertEquals(1000, read(body(entries.subList(0, 1000), 0)).size());
    }

    @Test
    void refusesWhatCannotTravelOn() {
        invalid(entry(1L).with("s", Value.text("$JS.API.STREAM.DELETE.X")));
        invalid(entry(1L).with("s", Value.text("a..b")));
        invalid(entry(1L).with("s", Value.text("a.>")));
        invalid(entry(1L).with("s", Value.text("a".repeat(1025))));
        invalid(entry(1L).with("id", Value.text("x".repeat(129))));
        invalid(entry(1L).with("id", Value.text("a\r\nb")));
        invalid(entry(1L).with("ct", Value.text("a\r\nNats-Rollup: all")));
        invalid(entry(1L).with("ct", Value.text("a\u0000")));
        invalid(entry(1L).with("ct", Value.text("x".repeat(129))));
        invalid(entry(1L).with("t", Value.text("yesterday")));
        invalid(entry(1L).without("s"));
        invalid(entry(1L).without("id"));
        invalid(entry(1L).without("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.2.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.99999999999999999999.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            })
    void refusesHeadersThatAreNone(String epoch) {
        byte[] good = body(List.of(entry(1L)), 1);
        headers.put("mr-epoch", epoch);
        invalid(good);
        headers.put("mr-epoch", EPOCH);
        headers.put("mr-previous", epoch + "/3");
        invalid(good);
        headers.put("mr-previous", EPOCH + "/3");
        invalid(good);
        headers.remove("mr-previous");
        headers.put("mr-lane", "fast");
        invalid(good);
        headers.remove("mr-lane");
        invalid(good);
    }

    @Test
    void refusesBodiesThatAreCutAnywhere() {
        byte[] good = body(List.of(entry(1L), entry(2L)), 2);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(good, length);
            assertThrows(PortException.Refused.class, () -> read(cut), "cut at " + length);
        }
    }

    @Test
    void refusesAnotherFirstEventAndAnotherType() {
        invalid(format.join(List.of(ByteBuffer.wrap(format.encode(event("e", "test", Value.obj()))))));
        invalid(body(Value.obj("entries", Value.text("none")), 0));
        invalid(body(Value.obj("entries", Value.arr(Value.text("none"))), 0));
        headers.put("content-type", "text/plain");
        refused("request.type", body(List.of(entry(1L)), 1));
    }
}
