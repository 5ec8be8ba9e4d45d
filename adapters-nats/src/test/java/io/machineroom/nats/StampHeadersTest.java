package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StampHeadersTest {
    private final StampHeaders headers = new StampHeaders("MR_INTAKE");

    /** What the lines say; the library itself writes and reads no space behind the colon. */
    private static Map<String, String> read(Headers written) {
        byte[] out = new byte[written.serializedLength() + 2];
        assertEquals(written.serializedLength(), written.serializeToArray(1, out));
        String text = new String(out, 1, out.length - 2, StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("NATS/1.0\r\n") && text.endsWith("\r\n\r\n"), text);
        Map<String, String> lines = new LinkedHashMap<>();
        text.substring(10, text.length() - 4).lines().forEach(line -> {
            int colon = line.indexOf(':');
            assertEquals(null, lines.put(line.substring(0, colon), line.substring(colon + 1)), line);
        });
        return lines;
    }

    private static Delivery with(Delivery delivery, String name, String value) {
        return new Delivery(
                delivery.position(), delivery.stamp(), delivery.message().withHeader(name, value), delivery.attempt());
    }

    /** An urgent one does not name its stream: at a site it has one of its own. */
    @ParameterizedTest
    @EnumSource(
            value = Lane.class,
            names = {"URGENT", "NORMAL"})
    void saysEverythingOfAMessageItsStampAndItsResend(Lane lane) {
        Deliveries make = new Deliveries("lines", lane);
        make.message();
        Delivery one = with(make.message(), "Vendor", "a: b");
        Map<String, String> expected = new LinkedHashMap<>(one.stamp().headers());
        expected.put("Content-Type", Deliveries.CONTENT_TYPE);
        expected.put("Vendor", "a: b");
        expected.put("Mr-Id", one.message().id());
        expected.put("Mr-Created", one.message().created().toString());
        if (lane == Lane.NORMAL) {
            expected.put("Nats-Expected-Stream", "MR_INTAKE");
        }
        expected.put(
                "Nats-Msg-Id",
                make.epoch().nonce() + "." + lane.wireName() + ".2.3."
                        + one.message().id());
        assertEquals(expected, read(headers.of(one, 3)));
    }

    @Test
    void saysAVoidAndTheNextEpochAnew() {
        Delivery first = new Deliveries("first", Lane.NORMAL).message();
        read(headers.of(first, 0));
        Delivery gap = new Deliveries("second", Lane.NORMAL).voided(4, "overflow");
        assertEquals(gap.stamp(), Stamp.ofHeaders(read(headers.of(gap, 0))));
        Delivery bulk = new Deliveries("second", Lane.BULK).message();
        assertEquals(bulk.stamp(), Stamp.ofHeaders(read(headers.of(bulk, 0))));
        assertEquals(first.stamp(), Stamp.ofHeaders(read(headers.of(first, 1))));
    }

    @Test
    void leavesOutHeadersOfAMessageThatWouldActOnTheWay() {
        Delivery one = new Deliveries("reserved", Lane.NORMAL).message();
        Map<String, String> plain = read(headers.of(one, 0));
        Delivery more = with(with(one, "Nats-Rollup", "all"), "Mr-Void", "expired");
        assertEquals(plain, read(headers.of(more, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"line\nbreak", "carriage\rreturn", "r\u00e4ume"})
    void refusesWhatAHeaderCannotCarry(String odd) {
        Delivery one = new Deliveries("odd", Lane.NORMAL).message();
        assertThrows(IllegalArgumentException.class, () -> headers.of(with(one, "Vendor", odd), 0));
        assertThrows(IllegalArgumentException.class, () -> headers.of(with(one, odd, "x"), 0));
        Message m = one.message();
        Message named = new Message(m.subject(), odd, m.headers(), m.body(), m.created());
        Delivery id = new Delivery(one.position(), one.stamp(), named, 1);
        assertThrows(IllegalArgumentException.class, () -> headers.of(id, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "with:colon"})
    void refusesANameThatIsNone(String name) {
        Delivery one = new Deliveries("name", Lane.NORMAL).message();
        assertThrows(IllegalArgumentException.class, () -> headers.of(with(one, name, "x"), 0));
    }
}
