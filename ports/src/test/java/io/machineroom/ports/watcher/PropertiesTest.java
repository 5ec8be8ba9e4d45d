package io.machineroom.ports.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How loosely properties are read (spec 1.8). */
final class PropertiesTest {
    private static Properties of(Value value) {
        return new Properties(Value.obj("labels", value), "watchers[0].properties", path -> 0);
    }

    private static List<String> faults(Properties properties) {
        return properties.faults().stream().map(Problem::message).toList();
    }

    @Test
    void aListOfMapsIsOneMap() {
        Value.Obj one = Value.obj("a", Value.text("1"), "b", Value.num(2));
        Value.Obj two = Value.obj("b", Value.bool(true), "c", Value.nil());
        Properties list = of(Value.arr(one, two, Value.nil()));
        assertEquals(Map.of("a", "1", "b", "1", "c", ""), list.textMap("labels"));
        assertEquals(List.of(), faults(list));
        assertEquals(Map.of(), of(Value.arr()).textMap("labels"));
        assertEquals(Map.of(), of(Value.nil()).textMap("labels"));
    }

    @Test
    void otherKindsAreNoMapAndTheFaultSaysWhere() {
        Properties text = of(Value.text("x"));
        text.textMap("labels");
        assertEquals(List.of("'Labels' expected a map, got 'string'"), faults(text));
        Properties item = of(Value.arr(Value.obj(), Value.num(5)));
        item.textMap("labels");
        assertEquals(List.of("'Labels[1]' expected a map, got 'uint64'"), faults(item));
        Properties deep = of(Value.obj("a", Value.obj("b", Value.num(1))));
        deep.textMap("labels");
        assertEquals(
                List.of("'Labels[a]' expected type 'string', got unconvertible type 'map[string]interface {}',"
                        + " value: 'map[b:1]'"),
                faults(deep));
    }

    private static String whole(String text) {
        Properties given = of(Value.text(text));
        long number = given.whole("labels", -1, Long.MIN_VALUE, Long.MAX_VALUE);
        return given.faults().isEmpty() ? Long.toString(number) : faults(given).getFirst();
    }

    @Test
    void aNumberInATextMayNameItsBase() {
        Map<String, String> known = Map.ofEntries(
                Map.entry("", "0"),
                Map.entry("0", "0"),
                Map.entry("+7", "7"),
                Map.entry("0x1F", "31"),
                Map.entry("-0b101", "-5"),
                Map.entry("0o17", "15"),
                Map.entry("017", "15"),
                Map.entry("1_000", "1000"),
                Map.entry("0x_ff", "255"),
                Map.entry("9223372036854775807", "9223372036854775807"),
                Map.entry("-9223372036854775808", "-9223372036854775808"));
        known.forEach((text, number) -> assertEquals(number, whole(text), text));
        for (String none : List.of("08", "1_", "_1", "1__0", "0x", "1f", "1.5", " 1", "--1", "0b2")) {
            assertEquals(
                    "cannot parse 'Labels' as int: strconv.ParseInt: parsing \"" + none + "\": invalid syntax",
                    whole(none));
        }
    }
}
