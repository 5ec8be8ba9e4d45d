package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateActionsTest {
    private static final Value.Obj FACTS = (Value.Obj) LookupTest.json(
            "{'n':5,'f':2.5,'t':'text','no':false,'list':['a','b','c'],'map':{'x':1,'a':{'k':'v'}},'e':[]}");

    private static String fill(String template) {
        return Template.parse(template).expand(FACTS, Value.obj());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{{ if true }}a{{ else }}b{{ end }} ~ a",
                "{{ if lookup \"facts.no\" 0 }}a{{ else if eq 1 1 }}b{{ else }}c{{ end }} ~ b",
                "{{ with lookup \"facts.map\" 0 }}{{ .x }}{{ .a.k }}{{ .missing }}{{ end }} ~ 1v<no value>",
                "{{ with lookup \"facts.e\" 0 }}a{{ else with 1 }}{{ . }}{{ end }} ~ 1",
                "{{ range lookup \"facts.list\" 0 }}<{{ . }}>{{ end }} ~ <a><b><c>",
                "{{ range $i, $x := lookup \"facts.list\" 0 }}{{ $i }}={{ $x }},{{ end }} ~ 0=a,1=b,2=c,",
                "{{ range $k, $v := lookup \"facts.map\" 0 }}{{ $k }}:{{ $v }};{{ end }} ~ a:map[k:v];x:1;",
                "{{ range $x := lookup \"facts.list\" 0 }}{{ $x }}{{ end }} ~ abc",
                "{{ range 3 }}{{ . }}{{ end }} ~ 012",
                "{{ range lookup \"facts.e\" 0 }}a{{ else }}none{{ end }} ~ none",
                "{{ range lookup \"facts.list\" 0 }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }} ~ ac",
                "{{ range lookup \"facts.list\" 0 }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }} ~ a",
                "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ $y }}{{ end }}{{ $x }} ~ 32",
                "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }} ~ 1",
                "{{ define \"T\" }}[{{ . }}{{ $ }}]{{ end }}{{ template \"T\" 1 }}{{ template \"T\" \"a\" }} ~ [11][aa]",
                "{{ block \"B\" 7 }}({{ . }}){{ end }}{{ template \"B\" }} ~ (7)(<no value>)",
                "{{ $m := lookup \"facts.map\" 0 }}{{ $m.a.k }}{{ (lookup \"facts.map\" 0).x }} ~ v1",
                "{{/* c */}}a{{- /* c */ -}} b ~ ab",
                "a {{- 1 -}} b ~ a1b",
                "{{ 3 -}} x {{- -3 }} ~ 3x-3",
                "{{ . }} ~ <no value>",
                "{{ print nil }} ~ <nil>",
            })
    void acts(String template, String expected) {
        assertEquals(expected, fill(template));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{{ and 1 0 2 }}{{ and 1 2 }}{{ or 0 \"\" 3 }}{{ or 0 false }} ~ 023false",
                "{{ or 1 (index \"\" 9) }}{{ not 0 }} ~ 1true",
                "{{ 0 | and 1 }} ~ 0",
                "{{ len \"äb\" }}{{ len (lookup \"facts.list\" 0) }}{{ len (lookup \"facts.map\" 0) }} ~ 332",
                "{{ index (lookup \"facts.list\" 0) 1 }}{{ index (lookup \"facts.map\" 0) \"a\" \"k\" }} ~ bv",
                "{{ slice \"abcde\" 1 3 }}{{ slice (lookup \"facts.list\" 0) 1 }} ~ bc[b c]",
                "{{ print 1 2 \"a\" 3 \"b\" \"c\" true false }} ~ 1 2a3bctrue false",
                "{{ printf \"%s|%d|%v|%q|%t\" \"a\" 5 \"v\" \"q\" true }} ~ a|5|v|\"q\"|true",
                "{{ printf \"%5d|%-5d|%05d|%+d|%x|%X|%#x|%o|%b\" 42 42 42 42 255 255 255 8 5 }} ~"
                        + "    42|42   |00042|+42|ff|FF|0xff|10|101",
                "{{ printf \"%.2f|%8.3f|%e|%g\" 3.14159 2.5 123456.789 0.5 }} ~ 3.14|   2.500|1.234568e+05|0.5",
                "{{ printf \"%5s|%-5s|%.2s|%c|%U\" \"ab\" \"ab\" \"abc\" 65 9731 }} ~    ab|ab   |ab|A|U+2603",
                "{{ printf \"%d%%\" (lookup \"facts.n\" 0) }} ~ 5%",
                "{{ printf \"%d\" \"x\" }} ~ %!d(string=x)",
                "{{ printf \"%d %d\" 1 }} ~ 1 %!d(MISSING)",
                "{{ printf \"a\" 1 \"b\" }} ~ a%!(EXTRA int=1, string=b)",
                "{{ printf \"%z %\" 1 }} ~ %!z(int=1) %!(NOVERB)",
                "{{ printf \"%*d|%v\" 5 42 (lookup \"facts.list\" 0) }} ~    42|[a b c]",
                "{{ printf \"%T %T %T\" 1 \"a\" 1.5 }} ~ int string float64",
                "{{ html \"<a&'\\\">\" }} ~ &lt;a&amp;&#39;&#34;&gt;",
                "{{ js \"it's <b>\" }} ~ it\\'s \\u003Cb\\u003E",
                "{{ urlquery \"a b&c*\" }} ~ a+b%26c%2A",
                "{{ eq 1 2 1 }}{{ ne 1 2 }}{{ lt 1 2 }}{{ le 2 2 }}{{ gt \"b\" \"a\" }}{{ ge 1 2 }} ~"
                        + " truetruetruetruetruefalse",
                "{{ eq (lookup \"facts.n\" 0) 5 }}{{ eq nil nil }} ~ truetrue",
                "{{ 0x1F }} {{ 0o17 }} {{ 017 }} {{ 0b11 }} {{ 1_000 }} {{ 1.50 }} {{ 1e3 }} {{ 'a' }} {{ '\\n' }} ~"
                        + " 31 15 15 3 1000 1.5 1000 97 10",
                "{{ \"a\\tb\\x41\\u00e4\" }}{{ `a\\t` }} ~ a\tbAäa\\t",
                "{{ 123456789 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1234567.5 }} ~ 123456789 0.0001 1e-05 1234567.5",
                "{{ \"straße x-ray o'neil a_b foo.bar\" | Title }} ~ Straße X-Ray O'neil A_b Foo.bar",
                "{{ \"straße\" | ToUpper }} ~ STRAßE",
            })
    void calls(String template, String expected) {
        // the table has no white space at its ends
        assertEquals(expected, fill(template).strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "a {{ bad }} ~ template:1:6: function \"bad\" not defined",
                "{{ $x }} ~ template:1:4: undefined variable \"$x\"",
                "{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }} ~ template:1:39: undefined variable \"$x\"",
                "{{ if true }} ~ template:1:14: unexpected EOF",
                "{{ end }} ~ template:1:1: unexpected {{end}}",
                "{{ else }} ~ template:1:1: unexpected {{else}}",
                "{{ if }}{{ end }} ~ template:1:7: missing value for if",
                "{{ }} ~ template:1:4: missing value for command",
                "{{ 1 ~ template:1:1: unclosed action",
                "{{/* a }} ~ template:1:3: unclosed comment",
                "{{/* a */ b }} ~ template:1:3: comment ends before closing delimiter",
                "{{ \"a }} ~ template:1:4: unterminated quoted string",
                "{{ break }} ~ template:1:4: {{break}} outside {{range}}",
                "{{ nil }} ~ template:1:4: nil is not a command",
                "{{ 1 | 2 }} ~ template:1:8: non executable command in pipeline stage 2",
                "{{ \"a\".b }} ~ template:1:7: unexpected . after term \"\"a\"\"",
                "{{ (1 }} ~ template:1:7: unclosed left paren",
                "{{ 1a }} ~ template:1:4: bad number syntax: \"1a\"",
                "{{ $a, $b := 1 }} ~ template:1:4: too many declarations in command",
                "{{ if true }}{{ define \"x\" }}{{ end }}{{ end }} ~ template:1:17: unexpected {{define}}",
            })
    void saysWhereItCannotBeRead(String template, String message) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> Template.parse(template), template);
        assertEquals(
                "template.invalid " + message.replace("\"\"a\"\"", "\"\\\"a\\\"\""),
                refused.code() + " " + refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "{{ lookup \"x\" }} ~ template:1:4: wrong number of args for lookup: want 2 got 1",
                "{{ .x }} ~ template:1:4: nil data; no entry for key \"x\"",
                "{{ with 1 }}{{ .x }}{{ end }} ~ template:1:16: can't evaluate field x in type int",
                "{{ Base64Decode \"%\" }} ~ template:1:4: error calling Base64Decode: illegal base64 data at input byte 0",
                "{{ template \"x\" }} ~ template:1:4: template \"x\" not defined",
                "{{ eq 1 \"a\" }} ~ template:1:4: error calling eq: incompatible types for comparison",
                "{{ index \"a\" 9 }} ~ template:1:4: error calling index: index out of range: 9",
                "{{ len 1 }} ~ template:1:4: error calling len: len of type int",
                "{{ range \"a\" }}{{ end }} ~ template:1:10: range can't iterate over a",
                "{{ \"a\" \"b\" }} ~ template:1:4: can't give argument to non-function \"a\"",
                "{{ call 1 }} ~ template:1:4: error calling call: non-function of type int",
            })
    void saysWhereItCannotBeFilledIn(String template, String message) {
        PortException.Refused refused = assertThrows(PortException.Refused.class, () -> fill(template), template);
        assertEquals("template.failed " + message, refused.code() + " " + refused.getMessage());
    }

    @Test
    void aBranchThatIsNotTakenNeedNotWork() {
        assertEquals("", fill("{{ if false }}{{ lookup \"x\" }}{{ end }}"));
    }

    @Test
    void takesTheFunctionsOfItsCaller() {
        Value.Obj overrides = Value.obj("warn", Value.text("a&b"));
        TemplateFunctions functions = TemplateFunctions.engine()
                .with(
                        "o",
                        2,
                        given -> given.getFirst() instanceof Value.Text t
                                ? overrides.get(t.value()).orElse(given.get(1))
                                : given.get(1));
        Template template = Template.parse("-w {{ o \"warn\" 1 }} -c {{ o `crit` 2 }}", functions);
        assertEquals("-w a&b -c 2", template.expand(Value.obj()));
        assertThrows(PortException.Refused.class, () -> Template.parse("{{ lookup \"x\" 1 }}", functions));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ range 1000000000000 }}{{ end }}",
                "{{ range 100000 }}{{ range 100000 }}a{{ end }}{{ end }}",
                "{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
                "{{ $x := \"aaaaaaaaaa\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
                "{{ printf \"%999999999d%999999999d\" 1 2 | printf \"%9999s%s%[1]s\" }}{{ template \"none\" }}",
            })
    void isBounded(String template) {
        assertEquals(
                "template.failed",
                assertThrows(PortException.Refused.class, () -> fill(template)).code());
    }

    @Test
    void isBoundedInDepth() {
        assertThrows(PortException.Refused.class, () -> Template.parse("{{ if 1 }}".repeat(10_000)));
        assertThrows(PortException.Refused.class, () -> Template.parse("{{ " + "(".repeat(10_000)));
        assertThrows(
                PortException.Refused.class,
                () -> Template.parse("{{ if 1 }}" + "{{ else if 1 }}".repeat(10_000) + "{{ end }}"));
    }
}
