package io.machineroom.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;

/** Predicates over packages and over what a code generator wrote. */
final class Packages {
    private Packages() {}

    /** In one of these packages or below. */
    static DescribedPredicate<JavaClass> in(String... names) {
        return DescribedPredicate.describe(
                "in " + String.join(", ", names),
                javaClass -> Arrays.stream(names).anyMatch(name -> isIn(javaClass, name)));
    }

    private static boolean isIn(JavaClass javaClass, String name) {
        String itsPackage = javaClass.getBaseComponentType().getPackageName();
        return itsPackage.equals(name) || itsPackage.startsWith(name + ".");
    }

    /** Written by people: Dagger puts its factories beside the classes they make. */
    static DescribedPredicate<JavaClass> handwritten() {
        return DescribedPredicate.describe("handwritten", Packages::isHandwritten);
    }

    private static boolean isHandwritten(JavaClass javaClass) {
        return !javaClass.isAnnotatedWith("dagger.internal.DaggerGenerated")
                && javaClass.getEnclosingClass().map(Packages::isHandwritten).orElse(true);
    }

    /** A room of java.base, the one module of the JDK that ports may stand on. */
    static boolean isJavaBase(JavaClass javaClass) {
        String name = javaClass.getBaseComponentType().getPackageName();
        return javaClass.getBaseComponentType().isPrimitive()
                || Object.class.getModule().getPackages().contains(name);
    }
}
