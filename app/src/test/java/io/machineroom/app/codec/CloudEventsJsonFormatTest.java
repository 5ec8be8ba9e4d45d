package io.machineroom.app.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.EventFormatContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CloudEventsJsonFormatTest extends EventFormatContract {
    @Override
    protected EventFormat format() {
        return new CloudEventsJsonFormat(new JacksonJson());
    }

    @Test
    void writesTheKeysInTheOrderThatChoriaPublishes() {
        assertEquals(
                "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"io.choria.machine\","
                        + "\"type\":\"io.choria.machine.v1.transition\",\"subject\":\"node1.example\","
                        + "\"datacontenttype\":\"application/json\",\"time\":\"2020-12-02T16:02:33Z\","
                        + "\"data\":{\"a\":1}}",
                new String(format().encode(event("7", Value.obj("a", Value.num(1)))), UTF_8));
    }

    @Test
    void refusesEventsThatMissSomething() {
        for (String text : List.of(
                "{}",
                "[]",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\",\"time\":\"2020-12-02T16:02:33Z\",\"data\":{}}",
                "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\",\"time\":\"2020-12-02T16:02:33Z\",\"data\":{}}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\",\"time\":\"yesterday\",\"data\":{}}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\",\"time\":\"2020-12-02T16:02:33Z\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\",\"time\":\"2020-12-02T16:02:33Z\",\"data\":[]}")) {
            PortException.Refused e =
                    assertThrows(PortException.Refused.class, () -> format().decode(text.getBytes(UTF_8)), text);
            assertEquals("event.undecodable", e.code());
        }
    }

    @Test
    void splitsForeignBatchesOfAnyShape() {
        List<byte[]> events = format().split(" [ {\"a\":[1,{\"]\":\"}\"}]} ,\n{}\n] ".getBytes(UTF_8), 5);
        assertEquals(2, events.size());
        assertEquals("{\"a\":[1,{\"]\":\"}\"}]}", new String(events.get(0), UTF_8).strip());
        assertEquals("{}", new String(events.get(1), UTF_8).strip());
        for (String bad :
                List.of("", "{}", "[1]", "[{},]", "[{}", "[{}] x", "[[]]", "[{}{}]", "[{\"a\":}]", "[null]")) {
            PortException.Refused e =
                    assertThrows(PortException.Refused.class, () -> format().split(bad.getBytes(UTF_8), 5), bad);
            assertEquals("batch.invalid", e.code());
        }
    }

    @Test
    void keepsWhiteSpaceThatBelongsToADocument() {
        byte[] document = "{\"a\":1}\n".getBytes(UTF_8);
        byte[] batch = format().join(List.of(java.nio.ByteBuffer.wrap(document), java.nio.ByteBuffer.wrap(document)));
        assertEquals("{\"a\":1}\n", new String(format().split(batch, 2).get(1), UTF_8));
    }
}
