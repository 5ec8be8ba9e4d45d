package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link YamlFormat} promises: the part of YAML that a machine's definition is written in. */
public abstract class YamlFormatContract {
    protected abstract YamlFormat yaml();

    protected final Value.Obj obj(String text) {
        return (Value.Obj) yaml().read(text.getBytes(UTF_8)).root();
    }

    protected final PortException.Refused refused(String text) {
        PortException.Refused e =
                assertThrows(PortException.Refused.class, () -> yaml().read(text.getBytes(UTF_8)), text);
        assertEquals("yaml.invalid", e.code());
        return e;
    }

    private Value scalar(String text) {
        return obj("v: " + text + "\n").get("v").orElseThrow();
    }

    @Test
    void tellsWhereAnotherDocumentBeginsWhichItDoesNotRead() {
        YamlFormat.Document two = yaml().read("---\na: 1\n\n---\na: 2\n".getBytes(UTF_8));
        assertEquals(Value.obj("a", Value.num(1)), two.root());
        assertEquals(4, two.nextLine());
        assertEquals(0, yaml().read("---\na: 1\n# no other\n".getBytes(UTF_8)).nextLine());
        assertEquals(0, yaml().read(new byte[0]).nextLine());
    }

    @Test
    void readsBlocksOfMapsAndLists() {
        Value.Obj machine = obj("""
                # a machine
                name: TEST
                version: "0.0.1"
                transitions:
                  - name: to_1  # go
                    from: [unknown, 'b c']
                    destination: one
                  - name: to_2
                    from:
                    - one
                watchers: []
                empty:
                nested:
                    deeper:
                        key: value with spaces
                """);
        assertEquals("TEST", machine.text("name").orElseThrow());
        List<Value> transitions = machine.list("transitions");
        assertEquals(2, transitions.size());
        assertEquals(List.of("unknown", "b c"), ((Value.Obj) transitions.get(0)).texts("from"));
        assertEquals("one", ((Value.Obj) transitions.get(0)).text("destination").orElseThrow());
        assertEquals(List.of("one"), ((Value.Obj) transitions.get(1)).texts("from"));
        assertEquals(Value.arr(), machine.get("watchers").orElseThrow());
        assertEquals(Value.nil(), machine.get("empty").orElseThrow());
        assertEquals(
                "value with spaces",
                machine.obj("nested")
                        .orElseThrow()
                        .obj("deeper")
                        .orElseThrow()
                        .text("key")
                        .orElseThrow());
    }

    @Test
    void onlyTrueAndFalseAreBooleans() {
        for (String yes : List.of("true", "True", "TRUE")) {
            assertEquals(Value.bool(true), scalar(yes));
        }
        assertEquals(Value.bool(false), scalar("false"));
        for (String text : List.of("yes", "no", "on", "off", "Yes", "y", "n", "tRue")) {
            assertEquals(Value.text(text), scalar(text));
        }
        assertEquals(Value.text("true"), scalar("\"true\""));
    }

    @Test
    void readsNumbersAsChoriaDoes() {
        assertEquals(Value.num(448), scalar("0700"));
        assertEquals(Value.num(448), scalar("0o700"));
        assertEquals(Value.num(-448), scalar("-0700"));
        assertEquals(Value.num(255), scalar("0xFF"));
        assertEquals(Value.num(30), scalar("30"));
        assertEquals(Value.num(1000), scalar("1_000"));
        assertEquals(new Value.Num(new BigDecimal("1.5")), scalar("1.5"));
        assertEquals(Value.num(1), scalar("1.0"));
        assertEquals(new Value.Num(new BigDecimal("18446744073709551615")), scalar("18446744073709551615"));
        for (String text : List.of("0.0.1", "10s", "0800", "_1", "2020-12-02", "1.2.3.4", "0x", "1e999999999")) {
            assertEquals(Value.text(text), scalar(text));
        }
    }

    @Test
    void readsQuotedAndNullScalars() {
        assertEquals(Value.text("0700"), scalar("'0700'"));
        assertEquals(Value.text("it's"), scalar("'it''s'"));
        assertEquals(Value.text("a\tb\"\u00e9\n"), scalar("\"a\\tb\\\"\\u00e9\\n\""));
        assertEquals(Value.text("# no comment"), scalar("'# no comment'"));
        assertEquals(Value.text("http://host:80/a#b"), scalar("http://host:80/a#b"));
        for (String nothing : List.of("", "~", "null", "NULL")) {
            assertEquals(Value.nil(), scalar(nothing));
        }
    }

    @Test
    void readsLiteralBlocks() {
        assertEquals(
                "line 1\n  line 2\n",
                obj("v: |\n  line 1\n    line 2\nw: 1\n").text("v").orElseThrow());
        assertEquals("end", obj("v: |-\n  end\n").text("v").orElseThrow());
    }

    @Test
    void remembersLines() {
        YamlFormat.Document document = yaml().read("a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n".getBytes(UTF_8));
        assertEquals(1, document.lineOf(""));
        assertEquals(1, document.lineOf("a"));
        assertEquals(2, document.lineOf("b"));
        assertEquals(3, document.lineOf("b[0]"));
        assertEquals(4, document.lineOf("b[1].c"));
        assertEquals(5, document.lineOf("b[1].d"));
        assertEquals(5, document.lineOf("b[1].d.unknown"));
    }

    @Test
    void refusesDuplicateKeysWithTheirLine() {
        PortException.Refused e = refused("a: 1\nb: 2\na: 3\n");
        assertTrue(e.getMessage().contains("line 3"), e.getMessage());
        assertTrue(e.getMessage().contains("\"a\""), e.getMessage());
    }

    @Test
    void refusesWhatIsNotYaml() {
        refused("a: [1, 2\n");
        refused("a: \"open\n");
        refused("a: 1\n  b: 2\n");
        refused("\ta: 1\n");
    }

    @Test
    void emptyDocumentsAreNil() {
        for (String text : List.of("", "\n", "# only a comment\n", "---\n")) {
            assertEquals(Value.nil(), yaml().read(text.getBytes(UTF_8)).root());
        }
    }

    @Test
    void bitesAtSize() {
        PortException.Refused e = assertThrows(
                PortException.Refused.class, () -> yaml().read(("a: " + "x".repeat(1 << 20)).getBytes(UTF_8)));
        assertEquals("yaml.too-large", e.code());
    }

    @Test
    void readsBackTrickyTexts() {
        Value.Obj tricky = Value.obj();
        for (String text : List.of(
                "yes|0700|true|1.0||~|a: b|# x|- x|'|\"|multi\nline\n| lead|trail |{x}|[x]|*a|&a|!t|%d|@x|`x|a #b|\u00e9"
                        .split("\\|"))) {
            tricky = tricky.with("k" + tricky.fields().size(), Value.text(text)).with(text, Value.num(1));
        }
        for (String text :
                List.of("null", "0x1F", "\t", "<<", "key: |", "2020-12-02", "?", ":", "-", "1e3", "\uD83D\uDE00")) {
            tricky = tricky.with("k" + tricky.fields().size(), Value.text(text)).with(text, Value.nil());
        }
        assertReadBack(tricky);
    }

    @Test
    void readsBackNestedValues() {
        Value.Obj deep = Value.obj("a", Value.obj("b", Value.arr(Value.obj("c", Value.text("d"), "e", Value.arr()))));
        assertReadBack(Value.arr(Value.num(-3), Value.num(1.25), Value.bool(true), Value.nil(), Value.arr()));
        assertReadBack(
                Value.obj("list", Value.arr(Value.obj(), Value.arr(Value.arr(Value.text("x"))), deep), "x", deep));
        assertReadBack(Value.text("alone"));
        assertReadBack(Value.obj());
    }

    private void assertReadBack(Value value) {
        byte[] written = yaml().write(value);
        assertEquals(value, yaml().read(written).root(), new String(written, UTF_8));
    }
}
