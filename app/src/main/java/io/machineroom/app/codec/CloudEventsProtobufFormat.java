package io.machineroom.app.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.core.format.EventSerializationException;
import io.cloudevents.protobuf.ProtobufFormat;
import io.cloudevents.rw.CloudEventRWException;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CloudEvents in protobuf, by the CloudEvents SDK; the data are JSON in {@code text_data}. */
public final class CloudEventsProtobufFormat implements EventFormat {
    private static final String JSON = "application/json";
    /** Field 1, length-delimited: {@code CloudEventBatch.events}. */
    private static final int EVENTS = 1 << 3 | 2;

    private final ProtobufFormat format = new ProtobufFormat();
    private final JsonFormat json;

    public CloudEventsProtobufFormat(JsonFormat json) {
        this.json = json;
    }

    @Override
    public String contentType() {
        return "application/cloudevents+protobuf";
    }

    @Override
    public String batchContentType() {
        return "application/cloudevents-batch+protobuf";
    }

    @Override
    public byte[] encode(Event event) {
        Attributes.checkBeforeEncoding(event);
        CloudEvent cloudEvent = CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(URI.create(event.source()))
                .withType(event.type())
                .withSubject(event.subject())
                .withTime(OffsetDateTime.ofInstant(event.time(), ZoneOffset.UTC))
                .withData(JSON, json.write(event.data()))
                .build();
        try {
            return format.serialize(cloudEvent);
        } catch (EventSerializationException | CloudEventRWException e) {
            throw new PortException.Refused("event.unencodable", "the event has no protobuf form", e);
        }
    }

    @Override
    public Event decode(byte[] encoded) {
        try {
            return event(format.deserialize(encoded));
        } catch (EventDeserializationException
                | CloudEventRWException
                | IllegalStateException
                | IllegalArgumentException
                | DateTimeException e) {
            // Not the cause: its message may quote the event.
            throw undecodable("no CloudEvent in protobuf (" + e.getClass().getSimpleName() + ")");
        }
    }

    private Event event(CloudEvent from) {
        CloudEventData data = from.getData();
        OffsetDateTime time = from.getTime();
        String type = from.getDataContentType();
        if (from.getSpecVersion() != SpecVersion.V1 || data == null || time == null) {
            throw undecodable("an event has specversion 1.0, a time and data");
        }
        if (type != null && !type.equals(JSON)) {
            throw undecodable("the data of an event are JSON");
        }
        Value content;
        try {
            content = json.read(data.toBytes());
        } catch (PortException.Refused e) {
            throw new PortException.Refused("event.undecodable", "the data of an event are JSON", e);
        }
        if (!(content instanceof Value.Obj fields)) {
            throw undecodable("data is not an object");
        }
        return Attributes.checkAfterDecoding(new Event(
                text(from.getId()),
                from.getSource().toString(),
                text(from.getType()),
                text(from.getSubject()),
                time.toInstant(),
                fields));
    }

    private static String text(@Nullable String attribute) {
        return attribute == null ? "" : attribute;
    }

    private static PortException.Refused undecodable(String what) {
        return new PortException.Refused("event.undecodable", what);
    }

    @Override
    public byte[] join(List<ByteBuffer> encoded) {
        int size = encoded.stream().mapToInt(e -> e.remaining() + 6).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (ByteBuffer event : encoded) {
                out.writeUInt32NoTag(EVENTS);
                out.writeUInt32NoTag(event.remaining());
                out.writeRawBytes(copy(event));
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The library would write all of a buffer, not what remains of it. */
    private static byte[] copy(ByteBuffer event) {
        byte[] bytes = new byte[event.remaining()];
        event.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public List<byte[]> split(byte[] batch, int maxEvents) {
        CodedInputStream in = CodedInputStream.newInstance(batch);
        List<byte[]> out = new ArrayList<>();
        try {
            while (!in.isAtEnd()) {
                if (in.readTag() != EVENTS) {
                    throw invalid();
                }
                if (out.size() == maxEvents) {
                    throw new PortException.Refused(
                            "batch.too-many", "the batch holds more than " + maxEvents + " events");
                }
                byte[] event = in.readByteArray();
                if (event.length == 0) {
                    throw invalid();
                }
                out.add(event);
            }
            return out;
        } catch (IOException e) {
            throw invalid();
        }
    }

    private static PortException.Refused invalid() {
        return new PortException.Refused("batch.invalid", "the batch is not a protobuf CloudEventBatch");
    }
}
