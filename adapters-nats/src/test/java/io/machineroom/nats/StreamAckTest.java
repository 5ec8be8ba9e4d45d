package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamAckTest {
    private final StreamAck ack = new StreamAck("MR_INTAKE");

    private static Message answer(String json) {
        return new NatsMessage("reply", null, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void knowsWhatAServerNearlyAlwaysSays() {
        assertTrue(ack.isPlain(answer("{\"stream\":\"MR_INTAKE\", \"seq\":12345678901}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"stream\":\"MR_INTAKE\", \"seq\":}",
                "{\"stream\":\"MR_INTAKE\", \"seq\":1",
                "{\"stream\":\"MR_INTAKE\", \"seq\":1,\"duplicate\": true}",
                "{\"stream\":\"MR_INTAKE\", \"seq\":-1}",
                "{\"stream\":\"MR_INTAKE_TWO\", \"seq\":1}",
                "{\"stream\":\"OTHER\", \"seq\":1}",
                "{\"error\":{\"code\":503,\"err_code\":10077},\"stream\":\"MR_INTAKE\",\"seq\":0}"
            })
    void leavesAllElseToTheLibrary(String json) {
        assertFalse(ack.isPlain(answer(json)));
    }

    @Test
    void readsADuplicateAndAnError() throws Exception {
        assertTrue(StreamAck.read(answer("{\"stream\":\"S\", \"seq\":1,\"duplicate\": true}"))
                .isDuplicate());
        JetStreamApiException full = assertThrows(
                JetStreamApiException.class,
                () -> StreamAck.read(answer("{\"error\":{\"code\":400,\"err_code\":10077,\"description\":\"full\"}}")));
        assertEquals(10077, full.getApiErrorCode());
    }
}
