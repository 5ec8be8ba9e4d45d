package io.machineroom.app.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import io.cloudevents.v1.proto.CloudEvent;
import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.EventFormatContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import org.junit.jupiter.api.Test;

final class CloudEventsProtobufFormatTest extends EventFormatContract {
    @Override
    protected EventFormat format() {
        return new CloudEventsProtobufFormat(new JacksonJson());
    }

    @Test
    void putsJsonIntoTextData() throws InvalidProtocolBufferException {
        CloudEvent message = CloudEvent.parseFrom(format().encode(event("7", Value.obj("a", Value.num(1)))));
        assertEquals("1.0", message.getSpecVersion());
        assertEquals("{\"a\":1}", message.getTextData());
        assertEquals(
                "application/json",
                message.getAttributesOrThrow("datacontenttype").getCeString());
        assertEquals("node1.example", message.getAttributesOrThrow("subject").getCeString());
        assertEquals(
                1606924953L,
                message.getAttributesOrThrow("time").getCeTimestamp().getSeconds());
    }

    @Test
    void readsJsonInBinaryDataToo() {
        byte[] encoded = CloudEvent.newBuilder()
                .setId("1")
                .setSource("s")
                .setSpecVersion("1.0")
                .setType("t")
                .putAttributes("subject", text("n"))
                .putAttributes("datacontenttype", text("application/json"))
                .putAttributes(
                        "time",
                        CloudEvent.CloudEventAttributeValue.newBuilder()
                                .setCeTimestamp(com.google.protobuf.Timestamp.newBuilder()
                                        .setSeconds(5))
                                .build())
                .setBinaryData(com.google.protobuf.ByteString.copyFromUtf8("{\"a\":1}"))
                .build()
                .toByteArray();
        assertEquals(Value.obj("a", Value.num(1)), format().decode(encoded).data());
    }

    private static CloudEvent.CloudEventAttributeValue text(String text) {
        return CloudEvent.CloudEventAttributeValue.newBuilder()
                .setCeString(text)
                .build();
    }

    @Test
    void refusesOtherFieldsInABatch() {
        for (byte[] batch : new byte[][] {{0x12, 1, 'x'}, {0x08, 1}, {0x0A, 0}, {0x0A, (byte) 0xFF}, {0x0A, 5, 1}}) {
            PortException.Refused e = assertThrows(PortException.Refused.class, () -> format().split(batch, 5));
            assertEquals("batch.invalid", e.code());
        }
    }
}
