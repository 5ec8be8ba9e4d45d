package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link JsonFormat} promises. */
public abstract class JsonFormatContract {
    protected abstract JsonFormat json();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Value read(String text) {
        return json().read(utf8(text));
    }

    private String write(Value value) {
        return new String(json().write(value), StandardCharsets.UTF_8);
    }

    private PortException.Refused refused(byte[] document) {
        PortException.Refused e = assertThrows(PortException.Refused.class, () -> json().read(document));
        assertEquals("json.invalid", e.code());
        return e;
    }

    @Test
    void readsEveryKind() {
        Value.Obj obj =
                (Value.Obj) read(" {\"a\":null,\"b\":true,\"c\":-1.50,\"d\":\"x\\u00e9\\n\",\"e\":[1,[]],\"f\":{}} \n");
        assertEquals(
                List.of("a", "b", "c", "d", "e", "f"), List.copyOf(obj.fields().keySet()));
        assertEquals(Value.nil(), obj.get("a").orElseThrow());
        assertEquals(Value.bool(true), obj.get("b").orElseThrow());
        assertEquals(new Value.Num(new BigDecimal("-1.5")), obj.get("c").orElseThrow());
        assertEquals("x\u00e9\n", obj.text("d").orElseThrow());
        assertEquals(Value.arr(Value.num(1), Value.arr()), obj.get("e").orElseThrow());
        assertEquals(Value.obj(), obj.get("f").orElseThrow());
    }

    @Test
    void writesCompactInTheOrderOfTheMap() {
        Value value = Value.obj(
                "z", Value.num(1), "a", Value.arr(Value.text("q\"\\\u0001"), Value.nil()), "m", Value.bool(false));
        assertEquals("{\"z\":1,\"a\":[\"q\\\"\\\\\\u0001\",null],\"m\":false}", write(value));
    }

    @Test
    void prettyIndentsByTwoAndEndsTheLine() {
        Value value = Value.obj("a", Value.arr(Value.num(1), Value.num(2)), "b", Value.obj("c", Value.text("d")));
        String pretty = new String(json().pretty(value), StandardCharsets.UTF_8);
        assertTrue(pretty.startsWith("{\n  \"a\""), pretty);
        assertTrue(pretty.contains("\n    \"c\""), pretty);
        assertTrue(pretty.endsWith("}\n"), pretty);
        assertEquals(value, read(pretty));
    }

    @Test
    void keepsNumbersExactly() {
        for (String number :
                List.of("0", "-7", "9223372036854775807", "18446744073709551616", "0.1", "1.25", "0.000001")) {
            assertEquals(number, write(read(number)));
        }
        assertEquals("1000", write(read("1e3")));
        assertEquals("0", write(read("-0.0")));
        assertEquals(read("1E+300"), read(write(read("1e300"))));
        assertEquals(read("1.5e-300"), read(write(read("1.5e-300"))));
    }

    @Test
    void numbersCannotHurt() {
        refused(utf8("1e999999999"));
        refused(utf8("1e-999999999"));
        refused(utf8("1e99999999999999999999"));
        refused(utf8("1".repeat(100_000)));
        refused(utf8("0." + "1".repeat(100_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "01",
                "+1",
                ".5",
                "5.",
                "1e",
                "NaN",
                "Infinity",
                "\"a",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "tru",
                "nul",
                "true false",
                "[1] x",
                "{\"a\" 1}",
                "{\"a\":}",
                "[1 2]",
                "// c\n1",
                "]",
                "}",
                "{]",
                "[}",
                "-",
                "{\"a\":1 \"b\":2}",
                "\uFEFF{}"
            })
    void refusesWhatIsNotJson(String text) {
        refused(utf8(text));
    }

    @Test
    void refusesAKeyThatIsThereTwiceAndNamesIt() {
        PortException.Refused e = refused(utf8("{\n \"a\":1,\n \"b\":{\"a\":2},\n \"a\":3}"));
        assertTrue(e.getMessage().contains("\"a\""), e.getMessage());
        assertTrue(e.getMessage().contains("line 4"), e.getMessage());
    }

    @Test
    void namesLineAndColumnAndNeverTheContent() {
        PortException.Refused e = refused(utf8("{\n  \"token\": secretsecret\n}"));
        assertTrue(e.getMessage().contains("line 2, column "), e.getMessage());
        StringBuilder all = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            all.append(t);
        }
        assertFalse(all.toString().contains("secret"), all.toString());
    }

    @Test
    void bitesAtDepthAndSize() {
        assertEquals(
                Value.arr().getClass(), read("[".repeat(64) + "]".repeat(64)).getClass());
        refused(utf8("[".repeat(65) + "]".repeat(65)));
        refused(utf8("{\"a\":".repeat(100_000)));
        PortException.Refused e = assertThrows(PortException.Refused.class, () -> json().read(utf8("[1,2,3]"), 6));
        assertEquals("json.too-large", e.code());
        assertEquals(Value.arr(Value.num(1)), json().read(utf8("[1]"), 3));
    }

    @Test
    void isStrictAboutUtf8() {
        refused(new byte[] {'"', (byte) 0xC3, '"'});
        refused(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
        refused(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'});
        refused("[1]".getBytes(StandardCharsets.UTF_16LE));
        refused("[1]".getBytes(StandardCharsets.UTF_16BE));
        assertEquals(Value.text("\uFFFD"), read("\"\\ud800\""));
        assertEquals(Value.text("\uD83D\uDE00"), read("\"\\ud83d\\ude00\""));
        assertEquals("\"\uD83D\uDE00\"", write(Value.text("\uD83D\uDE00")));
        assertEquals("\"\uFFFD\"", write(Value.text("\uD83D")));
    }

    @Test
    void readsLongTextsWithinTheBound() {
        String longText = "x".repeat(1 << 20);
        assertEquals(Value.text(longText), read('"' + longText + '"'));
    }

    @Test
    void readsBackWhatItWroteForManyTrees() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 300; i++) {
            Value tree = tree(random, 4);
            assertEquals(tree, json().read(json().write(tree)));
            assertEquals(tree, json().read(json().pretty(tree)));
        }
    }

    private static Value tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> Value.nil();
            case 1 -> Value.bool(random.nextBoolean());
            case 2 -> Value.num(random.nextLong());
            case 3 -> Value.num(random.nextDouble(-1e6, 1e6));
            case 4 -> Value.text(text(random));
            case 5 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(tree(random, depth - 1));
                }
                yield new Value.Arr(items);
            }
            default -> {
                Value.Obj obj = Value.obj();
                for (int i = random.nextInt(5); i > 0; i--) {
                    obj = obj.with(text(random), tree(random, depth - 1));
                }
                yield obj;
            }
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            out.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0, 32);
                        case 1 -> random.nextInt(0xA0, 0xD000);
                        case 2 -> random.nextInt(0x10000, 0x11000);
                        default -> random.nextInt(32, 127);
                    });
        }
        return out.toString();
    }
}
