package io.machineroom.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.function.Predicate;

/**
 * Something that a rule calls by its name: a room, a type or a library. A rule that names what is not there checks
 * nothing, so the traces of each name must be found.
 *
 * @param label what to say when it is missing
 * @param traces matches the classes that show it is there
 */
record Named(String label, DescribedPredicate<JavaClass> traces) {

    /** A package of the house, with those below it. */
    static Named room(String name) {
        return named("room " + name, Packages.in(name));
    }

    /** A top-level type of the house, by its full name. */
    static Named type(String name) {
        return named("type " + name, javaClass -> javaClass.getName().equals(name));
    }

    /** A foreign package, shown by whoever uses it. */
    static Named library(String name) {
        return named(
                "use of library " + name,
                javaClass -> javaClass.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency -> Packages.in(name).test(dependency.getTargetClass())));
    }

    private static Named named(String label, Predicate<JavaClass> traces) {
        return new Named(label, DescribedPredicate.describe(label, traces));
    }
}
