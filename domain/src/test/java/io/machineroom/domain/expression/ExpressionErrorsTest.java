package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpressionErrorsTest {
    private final Value.Obj data = (Value.Obj) new SimJson()
            .read(("{\"n\":1,\"s\":\"abc\",\"l\":[1,2,3],\"o\":{\"k\":true},\"nil\":null,"
                            + "\"p\":[{\"name\":\"x\",\"age\":1},{\"name\":\"y\",\"age\":2},{\"name\":\"x\",\"age\":3}]}")
                    .getBytes(StandardCharsets.UTF_8));

    private final Scope scope = Scope.empty()
            .withMap("data", () -> data)
            .withText("identity", () -> "node1")
            .withClock(() -> ZonedDateTime.parse("2024-02-29T12:00:00Z"))
            .withFunction(
                    "get_fact",
                    arguments -> arguments.getFirst().equals(Value.text("dc")) ? Value.text("lon") : Value.nil());

    private boolean test(String text) {
        return Expression.parse(text, scope).test(scope);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            value = {
                "foo == 1 ~ unknown name foo (1:1)",
                "true and foo(1) ~ unknown name foo (1:10)",
                "1 ~ expected bool, but got int",
                "1.5 ~ expected bool, but got float64",
                "'a' ~ expected bool, but got string",
                "nil ~ expected bool, but got nil",
                "[1] ~ expected bool, but got []interface {}",
                "{a: 1} ~ expected bool, but got map[string]interface {}",
                "identity ~ expected bool, but got string",
                "len(data.l) ~ expected bool, but got int",
                "1 == 'a' ~ invalid operation: == (mismatched types int and string) (1:3)",
                "1 + 'a' == 1 ~ invalid operation: + (mismatched types int and string) (1:3)",
                "nil < 1 ~ invalid operation: < (mismatched types nil and int) (1:5)",
                "not 1 ~ invalid operation: ! (mismatched type int) (1:1)",
                "1 and true ~ invalid operation: and (mismatched types int and bool) (1:3)",
                "identity.x == 1 ~ type string has no field x (1:10)",
                "len(1) == 1 ~ invalid argument for len (type int) (1:1)",
                "upper(1) == 'a' ~ cannot use int as argument (type string) to call upper (1:7)",
                "upper() == 'a' ~ not enough arguments to call upper (1:1)",
                "upper('a', 'b') == 'a' ~ too many arguments to call upper (1:1)",
                "all(1, true) ~ builtin all takes only array (got int) (1:5)",
                "all([1], 1) ~ predicate should return boolean (got int) (1:10)",
                "all([1]) ~ not enough arguments to call all (1:1)",
                "# == 1 ~ unexpected token Operator(\"#\") (1:1)",
                "data. ~ unexpected token EOF (1:6)",
                "(true ~ unexpected token EOF (1:6)",
                "true true ~ unexpected token Identifier(\"true\") (1:6)",
                "data.n = 1 ~ unexpected token Operator(\"=\") (1:8)",
                "let len = 1; true ~ cannot redeclare builtin len (1:5)",
                "let x = 1; let x = 2; true ~ cannot redeclare variable x (1:16)",
                "'a' matches '(' ~ error parsing regexp: missing closing ): `(`",
                "'abc ~ literal not terminated (1:1)",
                "true /* ~ unclosed comment (1:6)",
                "1 ? true : false ~ non-bool expression (type int) used as condition (1:3)",
            })
    void saysWhatIsWrong(String text, String message) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> Expression.parse(text.strip(), scope), text);
        assertEquals(message.strip(), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            value = {
                "data.n ~ invalid operation: bool(float64)",
                "data.s ~ invalid operation: bool(string)",
                "data.missing ~ invalid operation: bool(<nil>)",
                "data.missing < 1 ~ invalid operation: <nil> < int (1:14)",
                "data.missing.deep == 1 ~ cannot fetch deep from <nil> (1:14)",
                "data.l[9] == 1 ~ index out of range: 9 (array length is 3) (1:7)",
                "1 in data.s ~ operator \"in\" not defined on string (1:3)",
                "data.n % 0 == 1 ~ integer divide by zero (1:8)",
            })
    void saysWhatFailed(String text, String message) {
        PortException.Refused refused = assertThrows(PortException.Refused.class, () -> test(text.strip()), text);
        assertEquals("expression.failed " + message.strip(), refused.code() + " " + refused.getMessage());
    }
}
