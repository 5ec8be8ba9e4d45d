package io.machineroom.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When a room, type or library that a rule names is renamed, the rule would look at nothing and stay green for ever. So
 * each name of each rule is taken away from the real house in turn, and the rule must miss it.
 */
final class RenamedRoomsTest {
    private static final JavaClasses HOUSE = RealHouse.mainAndTests();

    private record Case(HouseRule rule, Named named) {
        @Override
        public String toString() {
            return rule.name() + " without " + named.label();
        }
    }

    private static Stream<HouseRule> rules() {
        return Stream.of(HouseRules.all(House.ours()), KitRules.all(House.ours()))
                .flatMap(List::stream);
    }

    static Stream<Case> cases() {
        return rules().flatMap(rule -> rule.names().stream().map(named -> new Case(rule, named)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isMissed(Case test) {
        JavaClasses without = HOUSE.that(DescribedPredicate.not(test.named().traces()));
        List<String> report =
                test.rule().rule().evaluate(without).getFailureReport().getDetails();
        assertTrue(
                report.stream().anyMatch(line -> line.startsWith(test.named().label())),
                () -> "not missed; the report is " + report);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleNamesSomething(HouseRule rule) {
        assertFalse(rule.names().isEmpty());
    }
}
