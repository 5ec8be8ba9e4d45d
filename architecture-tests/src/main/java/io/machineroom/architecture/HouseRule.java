package io.machineroom.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ClassesTransformer;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;

/**
 * A rule and the names it stands on.
 *
 * @param name one sentence
 * @param bare finds offenders, and is silent where there is nobody to find
 * @param names rooms, types and libraries without which {@code bare} would be hollow
 */
public record HouseRule(String name, ArchRule bare, List<Named> names) {
    static HouseRule of(String name, ArchRule bare, Named... names) {
        return new HouseRule(name, bare.allowEmptyShould(true), List.of(names));
    }

    /** The rule as it is run: finds offenders, and is also red when something it names is not there. */
    public ArchRule rule() {
        return CompositeArchRule.of(bare)
                .and(ArchRuleDefinition.all(named()).should(beThere()).allowEmptyShould(true))
                .as(name);
    }

    private record Trace(Named named, boolean found) {}

    private ClassesTransformer<Trace> named() {
        return new AbstractClassesTransformer<>("what the rule names") {
            @Override
            public Iterable<Trace> doTransform(JavaClasses classes) {
                return names.stream().map(named -> trace(named, classes)).toList();
            }
        };
    }

    private static Trace trace(Named named, Iterable<JavaClass> classes) {
        for (JavaClass javaClass : classes) {
            if (named.traces().test(javaClass)) {
                return new Trace(named, true);
            }
        }
        return new Trace(named, false);
    }

    private static ArchCondition<Trace> beThere() {
        return new ArchCondition<>("be there") {
            @Override
            public void check(Trace trace, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        trace, trace.found(), trace.named().label() + " is not there: this rule checks nothing"));
            }
        };
    }
}
