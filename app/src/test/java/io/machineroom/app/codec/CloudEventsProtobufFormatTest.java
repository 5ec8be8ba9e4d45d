package io.machineroom.app.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.cloudevents.v1.proto.CloudEvent;
import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.EventFormatContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CloudEventsProtobufFormatTest extends EventFormatContract {
    private static final Set<String> CODES = Set.of("event.undecodable", "batch.invalid", "batch.too-many");

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

    @Test
    void refusesATimeThatIsNone() {
        for (long seconds : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 60}) {
            byte[] encoded = CloudEvent.newBuilder()
                    .setId("1")
                    .setSource("s")
                    .setSpecVersion("1.0")
                    .setType("t")
                    .putAttributes(
                            "time",
                            CloudEvent.CloudEventAttributeValue.newBuilder()
                                    .setCeTimestamp(com.google.protobuf.Timestamp.newBuilder()
                                            .setSeconds(seconds))
                                    .build())
                    .setTextData("{}")
                    .build()
                    .toByteArray();
            PortException.Refused e = assertThrows(PortException.Refused.class, () -> format().decode(encoded));
            assertEquals("event.undecodable", e.code());
        }
    }

    @Test
    void refusesAllThatIsCutOrTurnedByAKnownCode() {
        byte[] good = format().encode(event("7", Value.obj("a", Value.num(1))));
        byte[] batch = format().join(List.of(ByteBuffer.wrap(good), ByteBuffer.wrap(good)));
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] hostile = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            byte[] many = Arrays.copyOf(batch, random.nextInt(4) == 0 ? random.nextInt(batch.length) : batch.length);
            for (int turn = random.nextInt(4); turn > 0; turn--) {
                turn(hostile, random);
                turn(many, random);
            }
            try {
                format().decode(hostile);
                format().split(many, 5).forEach(format()::decode);
            } catch (PortException.Refused e) {
                assertTrue(CODES.contains(e.code()), e.code());
            }
        }
    }

    private static void turn(byte[] bytes, Random random) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
    }

    @Test
    void refusesLengthsThatReachBehindTheEnd() {
        byte[][] batches = {
            {0x0A},
            {0x0A, (byte) 0x80},
            {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F},
            {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07},
            {0x0A, 2, 1},
            {(byte) 0x8A},
            {0x0A, 1, 1, 0x0A}
        };
        for (byte[] batch : batches) {
            PortException.Refused e = assertThrows(PortException.Refused.class, () -> format().split(batch, 5));
            assertEquals("batch.invalid", e.code());
        }
    }
}
