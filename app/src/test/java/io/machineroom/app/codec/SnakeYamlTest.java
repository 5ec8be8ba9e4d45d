package io.machineroom.app.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.YamlFormatContract;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SnakeYamlTest extends YamlFormatContract {
    private final YamlFormat yaml = new SnakeYaml();

    @Override
    protected YamlFormat yaml() {
        return yaml;
    }

    @Test
    void followsAnchorsAndMerges() {
        Value.Obj read = obj("base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\nlist: [*b, *b]\nt: &t text\nu: *t\n");
        assertEquals(
                Value.obj("y", Value.num(3), "x", Value.num(1)).fields(),
                read.obj("own").orElseThrow().fields());
        assertEquals(2, read.list("list").size());
        assertEquals("text", read.text("u").orElseThrow());
        Value.Obj several = obj("a: &a {x: 1}\nb: &b {x: 2, z: 5}\nc:\n  <<: [*a, *b]\n")
                .obj("c")
                .orElseThrow();
        assertEquals(1, several.whole("x").orElseThrow());
        assertEquals(5, several.whole("z").orElseThrow());
    }

    @Test
    void underscoresMayStandBetweenDigits() {
        assertEquals(
                Value.arr(Value.num(1000), Value.num(685_230), Value.num(7 * 64), Value.num(-10), Value.num(1000.5)),
                obj("a: [1_000, 0x_0A_74_AE, 0_700, -1_0, 1_000.5]").get("a").orElseThrow());
        assertEquals(
                Value.texts(List.of("_1", "1_a", "_", "0x_", "1_000")),
                obj("a: [_1, 1_a, _, 0x_, '1_000']").get("a").orElseThrow());
        Value.Obj text = Value.obj("a", Value.text("1_000"));
        assertEquals(text, yaml.read(yaml.write(text)).root());
    }

    @Test
    void readsTheFirstOfSeveralDocuments() {
        assertEquals(Value.obj("a", Value.num(1)), obj("---\na: 1\n---\nb: [broken\n"));
    }

    @Test
    void aliasesCannotHurt() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        refused(bomb.toString());
        refused("a: &a [*a]\n");
        refused("a: &a\n  b: *a\n");
    }

    @Test
    void depthCannotHurt() {
        refused("[".repeat(300_000));
        refused("[".repeat(65) + "]".repeat(65));
        refused("- ".repeat(100_000) + "x");
        assertEquals(
                Value.arr().getClass(),
                yaml.read(("[".repeat(64) + "]".repeat(64)).getBytes(UTF_8))
                        .root()
                        .getClass());
    }

    @Test
    void makesNoObjects() {
        for (String text : List.of(
                "a: !!javax.script.ScriptEngineManager []",
                "a: !local x",
                "a: !!binary aGk=",
                "a: !!set {x}",
                "a: !!int text",
                "? [a]\n: b")) {
            refused(text);
        }
        assertEquals(Value.text("12"), obj("a: !!str 12").get("a").orElseThrow());
    }

    @Test
    void namesThePlaceOfAFault() {
        String message = refused("a: 1\nb: [x\nc: d\n").getMessage();
        assertTrue(message.startsWith("line 3, column "), message);
    }
}
