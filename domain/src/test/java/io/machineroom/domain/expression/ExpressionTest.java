package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpressionTest {
    private final Value.Obj data = (Value.Obj) new SimJson()
            .read("{\"n\":1,\"s\":\"abc\",\"l\":[1,2,3],\"o\":{\"k\":true},\"nil\":null}"
                    .getBytes(StandardCharsets.UTF_8));

    private final Scope scope = Scope.empty()
            .with("data", () -> data)
            .withFunction(
                    "get_fact",
                    arguments -> arguments.getFirst().equals(Value.text("dc")) ? Value.text("lon") : Value.nil());

    private boolean test(String text) {
        return Expression.parse(text, scope).test(scope);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "data.n == 1",
                "data.n == 1.0",
                "not (data.n > 1)",
                "!false and data.n >= 1 && data.s != 'x'",
                "false or data.s == \"abc\"",
                "data.missing == nil",
                "data.config?.enabled == nil",
                "data.config?.a.b == nil",
                "data[\"o\"].k",
                "data.l[0] == 1 and data.l[-1] == 3",
                "2 in data.l and 9 not in data.l",
                "'k' in data.o",
                "data.s in ['abc', 'def']",
                "data.s contains 'b' and data.s startsWith 'a' and data.s endsWith 'c'",
                "data.s matches '^a.c$'",
                "data.s not matches '^x'",
                "data.n + 1 * 2 == 3 and (data.n + 1) * 2 == 4",
                "7 % 4 == 3 and 1 / 4 == 0.25 and -data.n == -1",
                "data.missing ?? 5 == 5",
                "data.n == 1 ? true : false",
                "len(data.l) == 3 and len('äöü') == 3",
                "upper(data.s) == 'ABC' and int('12') == 12 and string(1000000) == '1000000'",
                "get_fact('dc') == 'lon' and get_fact('x') == nil",
                "0x10 == 16 and 1_000 == 1e3 // comment",
                "/* comment */ `raw\\n` == 'raw\\\\n'",
                "true || data.missing.deep"
            })
    void holds(String text) {
        assertTrue(test(text), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data.",
                "unknown == 1",
                "nothing(1)",
                "1",
                "'text'",
                "data.n ==",
                "(data.n == 1",
                "data.n = 1",
                "all(data.l, {# > 0})",
                "let x = 1; x == 1",
                "data.l[0:1] == []",
                "'open",
                "1 | len()",
                "1..2 == 3"
            })
    void isRefusedWhenRead(String text) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> Expression.parse(text, scope), text);
        assertEquals("expression.invalid", refused.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.n",
                "data.missing < 1",
                "data.missing.deep == 1",
                "data.s + 1 == 'abc1'",
                "data.l[9] == 1",
                "1 / 0 == 1",
                "data.n and true",
                "len(1) == 1",
                "data.s matches '('"
            })
    void failsWhenTypesDoNotFit(String text) {
        PortException.Refused refused = assertThrows(PortException.Refused.class, () -> test(text), text);
        assertEquals("expression.failed", refused.code());
    }

    @Test
    void saysWhatItExpected() {
        PortException.Refused refused = assertThrows(PortException.Refused.class, () -> Expression.parse("1", scope));
        assertEquals("expected bool, but got int", refused.getMessage());
    }

    @Test
    void isBoundedInDepth() {
        String deep = "(".repeat(5_000) + "true" + ")".repeat(5_000);
        assertThrows(PortException.Refused.class, () -> Expression.parse(deep, scope));
        assertThrows(PortException.Refused.class, () -> Expression.parse("!".repeat(5_000) + "true", scope));
    }

    @Test
    void readsOnceAndTestsOften() {
        Expression expression = Expression.parse("data.n == 1", scope);
        Scope other = scope.with("data", () -> Value.obj("n", Value.num(2)));
        assertEquals(List.of(true, false), List.of(expression.test(scope), expression.test(other)));
    }
}
