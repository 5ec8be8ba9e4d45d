package io.machineroom.http;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.sim.SimJson;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An encoding for tests: JSON events, batches with a length before each. The wire does not care what is inside. */
record FramedEvents(String family) implements EventFormat {
    @Override
    public String contentType() {
        return "application/cloudevents+" + family;
    }

    @Override
    public String batchContentType() {
        return "application/cloudevents-batch+" + family;
    }

    @Override
    public byte[] encode(Event event) {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("id", Value.text(event.id()));
        out.put("source", Value.text(event.source()));
        out.put("type", Value.text(event.type()));
        out.put("subject", Value.text(event.subject()));
        out.put("time", Value.text(event.time().toString()));
        out.put("data", event.data());
        return new SimJson().write(Value.obj(out));
    }

    @Override
    public Event decode(byte[] encoded) {
        Value.Obj in = (Value.Obj) new SimJson().read(encoded);
        return new Event(
                in.text("id").orElseThrow(),
                in.text("source").orElseThrow(),
                in.text("type").orElseThrow(),
                in.text("subject").orElseThrow(),
                Instant.parse(in.text("time").orElseThrow()),
                in.obj("data").orElseThrow());
    }

    @Override
    public byte[] join(List<ByteBuffer> encoded) {
        ByteBuffer out = ByteBuffer.allocate(
                encoded.stream().mapToInt(b -> 4 + b.remaining()).sum());
        for (ByteBuffer one : encoded) {
            out.putInt(one.remaining()).put(one.duplicate());
        }
        return out.array();
    }

    @Override
    public List<byte[]> split(byte[] batch, int maxEvents) {
        List<byte[]> out = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(batch);
        while (in.hasRemaining()) {
            byte[] one = new byte[in.getInt()];
            in.get(one);
            out.add(one);
        }
        return out;
    }
}
