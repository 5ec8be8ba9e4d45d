package io.machineroom.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Function;
import java.util.stream.Stream;

/** Builds a condition from a function that lists what is wrong with one class. */
final class Offence {
    private Offence() {}

    static ArchCondition<JavaClass> condition(String description, Function<JavaClass, Stream<String>> offences) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                offences.apply(javaClass)
                        .forEach(offence -> events.add(SimpleConditionEvent.violated(
                                javaClass,
                                javaClass.getName() + " " + offence + " " + javaClass.getSourceCodeLocation())));
            }
        };
    }
}
