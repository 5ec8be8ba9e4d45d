package io.machineroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/** What may live in {@code ports}: the contract that integrators compile against. Rules 2 and 10. */
public final class PortRules {
    /** In java.base, and yet a way to do things rather than to say them. */
    private static final DescribedPredicate<JavaClass> HANDS = in(
                    "java.util.concurrent", "java.util.logging", "java.nio.channels", "java.lang.foreign")
            .or(DescribedPredicate.describe(
                    "files",
                    c -> c.getName().equals("java.io.File") || c.getName().equals("java.nio.file.Files")));

    @ArchTest
    static final ArchRule standOnTheJdk = standOnTheJdk(House.ours()).rule();

    @ArchTest
    static final ArchRule areContracts = areContracts(House.ours()).rule();

    @ArchTest
    static final ArchRule holdNoPorts = holdNoPorts(House.ours()).rule();

    private PortRules() {}

    static List<HouseRule> all(House house) {
        return List.of(standOnTheJdk(house), areContracts(house), holdNoPorts(house));
    }

    static HouseRule standOnTheJdk(House house) {
        DescribedPredicate<JavaClass> allowed = DescribedPredicate.describe(
                "ports, java.base without hands, or JSpecify",
                target -> in(house.ports(), "org.jspecify.annotations").test(target)
                        || (Packages.isJavaBase(target) && !HANDS.test(target)));
        return HouseRule.of(
                "2. Ports stand on the JDK",
                classes().that(in(house.ports())).should().onlyDependOnClassesThat(allowed),
                Named.room(house.ports()));
    }

    static HouseRule areContracts(House house) {
        String[] pure = {
            house.ports("data.Value"),
            house.ports("data.Secret"),
            house.ports("watcher.Durations"),
            house.ports("watcher.GoValue"),
            house.ports("watcher.Properties"),
            house.ports("stream.Subject"),
            house.ports("spool.kit.Ledger"),
            house.ports("spool.kit.Books"),
            house.ports("spool.kit.LaneBook"),
            house.ports("spool.kit.Room"),
            house.ports("spool.kit.StoredSpool"),
            house.ports("spool.kit.StoredSource"),
        };
        DescribedPredicate<JavaClass> words = DescribedPredicate.describe(
                "interface, record, enum, sealed type or exception",
                c -> c.isInterface()
                        || c.isRecord()
                        || c.isEnum()
                        || c.isAssignableTo(Throwable.class)
                        || Bytecode.isSealed(c)
                        || List.of(pure).contains(c.getName()));
        return HouseRule.of(
                "10. Ports are contracts: no classes, no mutable statics",
                classes()
                        .that(in(house.ports()))
                        .and(not(JavaClass.Predicates.ANONYMOUS_CLASSES))
                        .should(Offence.condition(
                                "be words without state",
                                c -> Stream.concat(
                                        words.test(c) ? Stream.of() : Stream.of("is a class that does things"),
                                        c.getFields().stream()
                                                .filter(PortRules::isMutableStatic)
                                                .map(field -> "has the mutable static field " + field.getName())))),
                Stream.of(pure).map(Named::type).toArray(Named[]::new));
    }

    private static boolean isMutableStatic(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (!field.getModifiers().contains(JavaModifier.FINAL)
                        || field.getRawType().isArray() && !field.getName().equals("$VALUES"));
    }

    static HouseRule holdNoPorts(House house) {
        return HouseRule.of(
                "10. No type in ports holds another port in a field",
                classes()
                        .that(in(house.ports()))
                        .should(Offence.condition(
                                "hold no port",
                                c -> c.getFields().stream()
                                        .filter(field -> field.getRawType().isAnnotatedWith(house.ports("Port")))
                                        .map(field -> "holds a port in its field " + field.getName()))),
                Named.type(house.ports("Port")),
                Named.room(house.ports()));
    }
}
