package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the backplane shows of bodies that are no events. */
final class EventDecoderTest {
    private final EventDecoder decoder = new EventDecoder(List.of(new SimEvents()), new SimJson());

    private Value.Obj submitted(byte[] body) {
        Message message =
                new Message(Subject.of("choria.submission.in.x"), "id", Map.of(), ByteBuffer.wrap(body), Instant.EPOCH);
        assertEquals("submission", decoder.decode(message).type());
        return decoder.decode(message).data();
    }

    @Test
    void showsASubmissionOfAnyKind() {
        assertEquals(Value.obj("a", Value.num(1)), submitted("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Value.obj("text", Value.text("[1]")), submitted("[1]".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Value.obj("text", Value.text("hello")), submitted("hello".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Value.obj("base64", Value.text("/w==")), submitted(new byte[] {(byte) 0xff}));
    }
}
