package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
    private static Value.Obj json(String text) {
        return (Value.Obj) new SimJson().read(text.getBytes(StandardCharsets.UTF_8));
    }

    private final Value.Obj facts = json("{\"location\":\"lon\",\"big\":1000000,\"half\":1.5,\"yes\":true,\"no\":null,"
            + "\"list\":[1,2],\"map\":{\"k\":1},\"x.y\":\"dot\"}");
    private final Value.Obj data =
            json("{\"l\":[{\"name\":\"a\",\"age\":1},{\"name\":\"b\",\"age\":50}],\"test\":\"test_data\"}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "plain ~ plain",
                "{{lookup \"facts.foo\" \"default\"}} ~ default",
                "{{ lookup `facts.location` \"\" }} ~ lon",
                "{{ lookup \"data.test\" \"default\" | ToUpper }} ~ TEST_DATA",
                "{{ ToUpper (lookup \"data.test\" \"\") }} ~ TEST_DATA",
                "{{ lookup \"facts.big\" 0 }} ~ 1000000",
                "{{ lookup \"facts.half\" 0 }} ~ 1.5",
                "{{ lookup \"facts.yes\" false }} ~ true",
                "{{ lookup \"facts.no\" \"none\" }} ~ none",
                "{{ lookup \"facts.list\" 0 }} ~ [1 2]",
                "{{ lookup \"facts.map\" 0 }} ~ map[k:1]",
                "{{ lookup \"facts.x\\\\.y\" 0 }} ~ dot",
                "{{ lookup \"data.l.1.name\" \"\" }} ~ b",
                "{{ lookup \"data.l.#\" 0 }} ~ 2",
                "{{ lookup \"data.l.#.name\" 0 | StringsJoin }} ~ a, b",
                "{{ lookup \"data.l.#(age>40).name\" 0 }} ~ b",
                "{{ lookup \"data.l.#(name==\\\"a\\\").age\" 0 }} ~ 1",
                "{{ lookup \"data.l.#(age>0)#.name\" 0 | StringsJoin }} ~ a, b",
                "{{ lookup \"data.t*\" 0 }} ~ test_data",
                "{{ lookup \"x\" 1 }} ~ 1",
                "{{ \"the quick\" | Title }} ~ The Quick",
                "{{ Base64Encode \"ab\" }}-{{ Base64Decode \"YWI=\" }} ~ YWI=-ab",
                "a {{- \"b\" -}} c ~ abc",
                "a{{/* a }} comment */}}b ~ ab",
                "{{ \"}}\" }} ~ }}"
            })
    void fillsIn(String template, String expected) {
        assertEquals(expected, Template.parse(template).expand(facts, data));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{{ if true }}a",
                "{{ $x }}",
                "{{ range 1 }}",
                "{{ \"open }}",
                "{{bad}}",
                "{{ \"a\" | \"b\" }}",
                "{{ }}"
            })
    void isRefusedWhenRead(String template) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> Template.parse(template), template);
        assertEquals("template.invalid", refused.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ lookup \"x\" }}",
                "{{ .Field }}",
                "{{ \"a\" \"b\" }}",
                "{{ lookup \"facts.list\" 0 | ToUpper }}",
                "{{ Base64Decode \"%\" }}",
                "{{ StringsJoin \"a\" }}"
            })
    void failsWhenAValueDoesNotFit(String template) {
        PortException.Refused refused = assertThrows(
                PortException.Refused.class, () -> Template.parse(template).expand(facts, data));
        assertEquals("template.failed", refused.code());
    }

    @org.junit.jupiter.api.Test
    void doesNotFillTheMemoryWithZeros() {
        Value.Obj huge = Value.obj("n", new Value.Num(new java.math.BigDecimal("1e999999")));
        assertEquals("1e+999999", Template.parse("{{ lookup \"data.n\" 0 }}").expand(facts, huge));
    }
}
