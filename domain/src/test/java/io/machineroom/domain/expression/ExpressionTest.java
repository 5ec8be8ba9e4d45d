package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpressionTest {
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
                "'open",
                "1 | len()",
                "1..2 == 3",
                "len(1) == 1",
                "data.s matches '('"
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
                "len(data.n) == 1",
                "data.s matches (data.s + '(')"
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
        Scope other = scope.withMap("data", () -> Value.obj("n", Value.num(2)));
        assertEquals(List.of(true, false), List.of(expression.test(scope), expression.test(other)));
    }

    private Value value(String text) {
        return Expression.parseAny(text, scope).value(scope);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            value = {
                "1 + 2 * 3 ** 2 ~ 19",
                "-2 ** 2 ~ -4",
                "2 ^ 3 ^ 0 ~ 2",
                "0x1f + 0o17 + 0b11 + 1_000 ~ 1049",
                ".5 + 1.5e1 ~ 15.5",
                "7 % -4 ~ 3",
                "'a' + \"b\\n\" + `c\\n` ~ 'ab\\nc\\\\n'",
                "[1, 'a', nil, true,] ~ [1,'a',null,true]",
                "{a: 1, 'b c': [2], (data.s): 3, 5: 4} ~ {'a':1,'b c':[2],'abc':3,'5':4}",
                "1..3 ~ [1,2,3]",
                "3..1 ~ []",
                "data.l[1:] ~ [2,3]",
                "data.l[:-1] ~ [1,2]",
                "data.l[0:1] ~ [1]",
                "data.l[:] ~ [1,2,3]",
                "data.s[1:2] ~ 'b'",
                "data.l[data.n == 1 ? 0 : 1] ~ 1",
                "data?.x?.y.z ~ null",
                "data.x?.y ?? 'd' ~ 'd'",
                "data?.['s'] ~ 'abc'",
                "let x = 2; let y = x * 2; x + y ~ 6",
                "if data.n > 1 { 'big' } else if data.n == 1 { 'one' } else { 'small' } ~ 'one'",
                "data.n > 1 ? 'a' : data.n > 0 ? 'b' : 'c' ~ 'b'",
                "0 < data.n < 2 ~ true",
                "0 < data.n < 1 ~ false",
                "data.l | filter(# > 1) | map(# * 2) | sum() ~ 10",
                "'  A ' | trim() | lower() ~ 'a'",
                "all(data.l, {# > 0}) ~ true",
                "any(data.l, # > 2) ~ true",
                "one(data.l, # == 2) ~ true",
                "none(data.l, # == 2) ~ false",
                "count(data.l, # > 1) ~ 2",
                "count([true, false]) ~ 1",
                "map(data.p, .name) ~ ['x','y','x']",
                "map(data.p, {.age + 1}) ~ [2,3,4]",
                "map(data.l, #index) ~ [0,1,2]",
                "filter(data.p, .name == 'x') | map(.age) ~ [1,3]",
                "filter(data.p, any(data.l, # == 2)) | len() ~ 3",
                "find(data.l, # > 1) ~ 2",
                "findLast(data.l, # > 1) ~ 3",
                "findIndex(data.l, # > 1) ~ 1",
                "findLastIndex(data.l, # > 1) ~ 2",
                "find(data.l, # > 9) ~ null",
                "groupBy(data.p, .name).x[1].age ~ 3",
                "groupBy(data.l, # % 2)[1] ~ [1,3]",
                "sortBy(data.p, .age, 'desc')[0].age ~ 3",
                "sortBy(data.p, .name) | map(.age) ~ [1,3,2]",
                "sum(data.p, .age) ~ 6",
                "reduce(data.l, #acc + #) ~ 6",
                "reduce(data.l, #acc + # * #index, 10) ~ 18",
                "concat([1], [2, 3], []) ~ [1,2,3]",
                "flatten([1, [2, [3]]]) ~ [1,2,3]",
                "uniq([1, 1.0, 2, 'a', 'a']) ~ [1,2,'a']",
                "join(['a', 'b'], '-') + join(['c', 'd']) ~ 'a-bcd'",
                "mean(1, 2, 3) + mean([4, 5]) ~ 6.5",
                "median([3, 1, 2]) + median(1, 2) ~ 3.5",
                "[first(data.l), last(data.l), first([])] ~ [1,3,null]",
                "take(data.l, 2) ~ [1,2]",
                "reverse(data.l) ~ [3,2,1]",
                "sort([2, 1, 3]) ~ [1,2,3]",
                "sort(['b', 'a'], 'desc') ~ ['b','a']",
                "keys(data.o) ~ ['k']",
                "values(data.o) ~ [true]",
                "toPairs(data.o) ~ [['k',true]]",
                "fromPairs([['a', 1]]) ~ {'a':1}",
                "[get(data, 's'), get(data.l, 9), get(data.l, -1), get(1, 'x')] ~ ['abc',null,3,null]",
                "[type(1), type(1.5), type('a'), type(nil), type([]), type({}), type(true)] ~"
                        + " ['int','float','string','nil','array','map','bool']",
                "[int('12'), int(1.9), float('1.5'), string(12), string([1, 'a']), string(true)] ~"
                        + " [12,1,1.5,'12','[1 a]','true']",
                "toJSON({b: [1], a: '<'}) ~ '{\\n  \\'a\\': \\'\\\\u003c\\',\\n  \\'b\\': [\\n    1\\n  ]\\n}'",
                "fromJSON('{`a`: 1}'| replace('`', '\"')).a ~ 1",
                "toBase64('ab') + fromBase64('YWI=') ~ 'YWI=ab'",
                "[trim('xxaxx', 'x'), trimPrefix('foobar', 'foo'), trimSuffix('foobar', 'bar')] ~ ['a','bar','foo']",
                "[upper('aß'), lower('Ä')] ~ ['Aß','ä']",
                "[split('a,b,c', ','), split('a,b,c', ',', 2), split('ab', ''), splitAfter('a,b', ',')] ~"
                        + " [['a','b','c'],['a','b,c'],['a','b'],['a,','b']]",
                "[replace('aaa', 'a', 'b'), replace('aaa', 'a', 'b', 2), replace('ab', '', '-')] ~"
                        + " ['bbb','bba','-a-b-']",
                "repeat('ab', 3) ~ 'ababab'",
                "[indexOf('äb', 'b'), lastIndexOf('abab', 'b'), indexOf('a', 'x')] ~ [2,3,-1]",
                "[max(1, 3, 2), min([4, 2]), abs(-1), ceil(1.2), floor(-1.2), round(2.5)] ~ [3,2,1,2,-2,3]",
                "[bitand(6, 3), bitor(6, 3), bitxor(6, 3), bitnand(6, 3), bitnot(0), bitshl(1, 4), bitshr(-8, 1)] ~"
                        + " [2,7,5,4,-1,16,-4]",
                "bitushr(-1, 60) ~ 15",
                "duration('1h') + duration('30m') ~ '1h30m0s'",
                "duration('90s').Minutes() ~ 1.5",
                "date('2024-02-28') + duration('24h') ~ '2024-02-29T00:00:00Z'",
                "date('2024-01-02 03:04:05', '2006-01-02 15:04:05', 'Europe/Berlin').Unix() ~ 1704161045",
                "(date('2024-01-02') - date('2024-01-01')).Hours() ~ 24",
                "date('2024-01-01T10:00:00+01:00').In(timezone('UTC')).Hour() ~ 9",
                "date('02.01.2024', '02.01.2006').Format('Jan 2, 2006') ~ 'Jan 2, 2024'",
                "date('2024-01-02') > date('2024-01-01') and duration('1s') < duration('1m') ~ true",
                "now().Year() ~ 2024",
                "now() - duration('24h') ~ '2024-02-28T12:00:00Z'",
            })
    void evaluates(String text, String expected) {
        assertEquals(LookupTest.json(expected.strip()), value(text.strip()), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "len(1..1000000000) == 1",
                "all(1..900000, all(1..900000, true))",
                "len(repeat(repeat('aaaaaaaaaa', 100000), 100000)) == 1",
                "2 ** 100000 == 1",
                "reduce(1..10000, #acc * 1000000, 1) == 1",
                "reduce(1..100, [#acc, #acc], 1) == 1",
                "reduce(1..100, #acc + #acc, 'aaaaaaaaaa') == 'b'",
                "reduce(1..100, ({a: #acc, b: #acc}), 1) == 1",
            })
    void isBounded(String text) {
        assertEquals(
                "expression.failed",
                assertThrows(PortException.Refused.class, () -> test(text), text)
                        .code());
    }

    @Test
    void aLongChainIsBounded() {
        assertEquals(true, test("data.n == 1" + " and data.n == 1".repeat(300)));
        assertEquals(true, test("true" + " and true".repeat(1_499)));
        assertThrows(PortException.Refused.class, () -> test("true" + " and true".repeat(3_000)));
        assertThrows(PortException.Refused.class, () -> test("data" + ".a".repeat(3_000)));
        assertThrows(PortException.Refused.class, () -> test("[".repeat(3_000)));
    }
}
