package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.fuzz.Fuzz;
import io.machineroom.ports.watcher.Durations;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LanguagesFuzzTest {
    /** Kept, since nobody else holds it. */
    private static final Logger LOG = Logger.getLogger(MachineFunctions.class.getName());

    private static final Value.Obj DATA = (Value.Obj) LookupTest.json(
            "{'n':5,'f':2.5,'s':'text','no':false,'nil':null,'l':['a','b',3,[1,[2]]],'o':{'x':1,'a':{'k':'v'}},'e':[],"
                    + "'p':[{'name':'x','age':1},{'name':'y','age':2}],'big':1e300,'':0,'@x':1}");

    private static final Scope SCOPE = Scope.empty()
            .withMap("data", () -> DATA)
            .withMap("facts", () -> DATA)
            .withText("identity", () -> "node1.example.net")
            .withQuery("get_fact", query -> Lookup.find(DATA, query).orElse(Value.nil()))
            .withCondition("has_file", path -> path.isEmpty())
            .withClock(() -> ZonedDateTime.parse("2024-02-29T12:00:00Z"));

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    static Stream<Fuzz> languages() {
        return Stream.of(template(), expr(), path(), regex(), cron(), duration(), json());
    }

    @ParameterizedTest
    @MethodSource("languages")
    void survivesRandomTexts(Fuzz language) throws IOException {
        language.run();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void survivesWhatWasKept(Fuzz language) throws IOException {
        language.replay();
    }

    private static Fuzz template() {
        return new Fuzz("template", Set.of("template.invalid", "template.failed", "lookup.invalid"), text -> {
            Template template = Template.parse(text);
            template.expand(DATA, DATA);
        });
    }

    private static Fuzz expr() {
        return new Fuzz("expr", Set.of("expression.invalid", "expression.failed", "lookup.invalid"), text -> {
            Expression expression = Expression.parseAny(text, SCOPE);
            expression.value(SCOPE);
            Expression.parse(text, SCOPE).test(SCOPE);
        });
    }

    private static Fuzz path() {
        return new Fuzz(
                "path", Set.of("lookup.invalid"), text -> Lookup.parse(text).in(DATA));
    }

    private static Fuzz regex() {
        return new Fuzz(
                "regex",
                Set.of("expression.invalid", "expression.failed"),
                text -> Regex.parse(text).find("aaaabababab ZZ 123 \u00e4\ud83d\ude00\n".repeat(20)));
    }

    private static Fuzz cron() {
        ZonedDateTime from = ZonedDateTime.parse("2024-03-30T23:59:00+01:00[Europe/Berlin]");
        return new Fuzz("cron", Set.of("cron.invalid"), text -> {
            CronExpression cron = CronExpression.parse(text);
            cron.next(from).ifPresent(next -> {
                if (!next.isAfter(from)) {
                    throw new IllegalStateException("not later: " + next);
                }
                cron.next(next);
            });
        });
    }

    private static Fuzz duration() {
        return new Fuzz("duration", Set.of("test.refused"), text -> {
            try {
                String printed = Durations.print(Durations.parse(text));
                if (!Durations.parse(printed).equals(Durations.parse(text))) {
                    throw new IllegalStateException(printed);
                }
                Durations.parseInterval(text);
            } catch (IllegalArgumentException e) {
                throw new PortException.Refused("test.refused", "no duration", e);
            }
        });
    }

    private static Fuzz json() {
        return new Fuzz("json", Set.of("test.refused", "test.budget"), text -> {
            try {
                Value value = JsonText.read(text);
                if (!JsonText.read(JsonText.write(value, new Budget("test.budget")))
                        .equals(value)) {
                    throw new IllegalStateException("another value");
                }
            } catch (JsonText.Malformed e) {
                throw new PortException.Refused("test.refused", "no JSON", e);
            }
        });
    }
}
