package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CloudEvents in JSON, without a library. */
public final class SimEvents implements EventFormat {
    private final SimJson json = new SimJson();

    @Override
    public String contentType() {
        return "application/cloudevents+json";
    }

    @Override
    public String batchContentType() {
        return "application/cloudevents-batch+json";
    }

    @Override
    public byte[] encode(Event event) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("specversion", Value.text("1.0"));
        fields.put("id", attribute(event.id()));
        fields.put("source", attribute(event.source()));
        fields.put("type", attribute(event.type()));
        fields.put("subject", attribute(event.subject()));
        fields.put("datacontenttype", Value.text("application/json"));
        fields.put("time", attribute(event.time().toString()));
        fields.put("data", event.data());
        try {
            new URI(event.source());
        } catch (URISyntaxException e) {
            throw new PortException.Refused("event.unencodable", "the source is no URI", e);
        }
        if (event.time().toString().length() > 30) {
            throw new PortException.Refused("event.unencodable", "the year has four digits");
        }
        return json.write(Value.obj(fields));
    }

    private static Value attribute(String text) {
        boolean strange = text.codePoints().anyMatch(c -> c < 32 || c >= 0xD800 && c <= 0xDFFF);
        if (text.isEmpty() || strange) {
            throw new PortException.Refused("event.unencodable", "an attribute is empty or holds control characters");
        }
        return Value.text(text);
    }

    @Override
    public Event decode(byte[] encoded) {
        try {
            if (!(json.read(encoded) instanceof Value.Obj event)
                    || !event.text("specversion").equals(java.util.Optional.of("1.0"))) {
                throw new PortException.Refused("event.undecodable", "no CloudEvent 1.0");
            }
            return new Event(
                    event.text("id").orElseThrow(),
                    event.text("source").orElseThrow(),
                    event.text("type").orElseThrow(),
                    event.text("subject").orElseThrow(),
                    Instant.parse(event.text("time").orElseThrow()),
                    event.obj("data").orElseThrow());
        } catch (PortException.Refused | java.util.NoSuchElementException | DateTimeParseException e) {
            throw new PortException.Refused("event.undecodable", "no CloudEvent", e);
        }
    }

    @Override
    public byte[] join(List<ByteBuffer> encoded) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('[');
        for (int i = 0; i < encoded.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            byte[] bytes = new byte[encoded.get(i).remaining()];
            encoded.get(i).duplicate().get(bytes);
            out.writeBytes(bytes);
        }
        out.write(']');
        return out.toByteArray();
    }

    @Override
    public List<byte[]> split(byte[] batch, int maxEvents) {
        try {
            if (!(json.read(batch) instanceof Value.Arr)) {
                throw new PortException.Refused("batch.invalid", "a batch is a list");
            }
        } catch (PortException.Refused e) {
            throw new PortException.Refused("batch.invalid", "the batch is not JSON", e);
        }
        List<byte[]> out = new ArrayList<>();
        int depth = 0;
        boolean text = false;
        int start = 1;
        for (int i = 0; i < batch.length; i++) {
            byte b = batch[i];
            if (text) {
                i += b == '\\' ? 1 : 0;
                text = b != '"';
                continue;
            }
            text = b == '"';
            depth += b == '[' || b == '{' ? 1 : b == ']' || b == '}' ? -1 : 0;
            boolean end = depth == 0 && b == ']';
            if (depth == 1 && b == ',' || end && i > start) {
                out.add(Arrays.copyOfRange(batch, start, i));
                start = i + 1;
            }
            if (end) {
                break;
            }
        }
        if (out.size() > maxEvents) {
            throw new PortException.Refused("batch.too-many", out.size() + " events, allowed are " + maxEvents);
        }
        return out;
    }
}
