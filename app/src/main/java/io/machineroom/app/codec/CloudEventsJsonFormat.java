package io.machineroom.app.codec;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CloudEvents in JSON, structured mode: the order of keys that Choria publishes, whole seconds without
 * a fraction. Unknown attributes of foreign events are left out on reading.
 */
public final class CloudEventsJsonFormat implements EventFormat {
    private static final String JSON = "application/json";

    private final JsonFormat json;

    public CloudEventsJsonFormat(JsonFormat json) {
        this.json = json;
    }

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
        Attributes.checkBeforeEncoding(event);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("specversion", Value.text("1.0"));
        fields.put("id", Value.text(event.id()));
        fields.put("source", Value.text(event.source()));
        fields.put("type", Value.text(event.type()));
        fields.put("subject", Value.text(event.subject()));
        fields.put("datacontenttype", Value.text(JSON));
        fields.put("time", Value.text(DateTimeFormatter.ISO_INSTANT.format(event.time())));
        fields.put("data", event.data());
        return json.write(Value.obj(fields));
    }

    @Override
    public Event decode(byte[] encoded) {
        Value document;
        try {
            document = json.read(encoded);
        } catch (PortException.Refused e) {
            throw new PortException.Refused("event.undecodable", "an event that is not JSON", e);
        }
        if (!(document instanceof Value.Obj event)) {
            throw undecodable("an event is an object");
        }
        if (!"1.0".equals(text(event, "specversion"))) {
            throw undecodable("specversion is not 1.0");
        }
        Optional<String> type = event.text("datacontenttype");
        if (type.isPresent() && !type.get().equals(JSON)) {
            throw undecodable("the data of an event are JSON");
        }
        Value.Obj data = event.obj("data").orElseThrow(() -> undecodable("data is not an object"));
        return Attributes.checkAfterDecoding(new Event(
                text(event, "id"),
                text(event, "source"),
                text(event, "type"),
                text(event, "subject"),
                time(text(event, "time")),
                data));
    }

    private static String text(Value.Obj event, String key) {
        return event.text(key).orElseThrow(() -> undecodable(key + " is missing or not a text"));
    }

    private static Instant time(String text) {
        try {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeParseException e) {
            throw undecodable("time is not RFC 3339");
        }
    }

    private static PortException.Refused undecodable(String what) {
        return new PortException.Refused("event.undecodable", what);
    }

    @Override
    public byte[] join(List<ByteBuffer> encoded) {
        int size = encoded.stream().mapToInt(ByteBuffer::remaining).sum() + encoded.size() + 2;
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        out.write('[');
        for (int i = 0; i < encoded.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            ByteBuffer event = encoded.get(i).duplicate();
            byte[] bytes = new byte[event.remaining()];
            event.get(bytes);
            out.writeBytes(bytes);
        }
        out.write(']');
        return out.toByteArray();
    }

    @Override
    public List<byte[]> split(byte[] batch, int maxEvents) {
        return JsonList.split(batch, maxEvents);
    }
}
