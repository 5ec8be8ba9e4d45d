package io.machineroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tests must hold. Rule 11; run it on test classes too, or it is red. */
public final class KitRules {
    @ArchTest
    static final ArchRule everyPortHasAContractAndTwoLives =
            everyPortHasAContractAndTwoLives(House.ours()).rule();

    private KitRules() {}

    static List<HouseRule> all(House house) {
        return List.of(everyPortHasAContractAndTwoLives(house));
    }

    static HouseRule everyPortHasAContractAndTwoLives(House house) {
        return HouseRule.of(
                "11. Every port has a contract and two lives",
                classes()
                        .that(in(house.ports()))
                        .should(Offence.condition("have a contract, and pass it twice", c -> lives(house, c))),
                Named.type(house.ports("Port")),
                Named.room(house.ports("contract")),
                Named.room(house.ports("sim")));
    }

    private static Stream<String> lives(House house, JavaClass port) {
        if (!port.isAnnotatedWith(house.ports("Port"))) {
            return Stream.of();
        }
        String name = house.ports("contract") + "." + port.getSimpleName() + "Contract";
        return withNested(port)
                .flatMap(type -> type.getDirectDependenciesToSelf().stream())
                .map(dependency -> dependency.getOriginClass())
                .filter(origin -> origin.getName().equals(name))
                .findFirst()
                .map(KitRules::livesOf)
                .orElseGet(() -> Stream.of("has no contract " + name));
    }

    /** A port's own types are part of it: a contract may speak of them alone. */
    private static Stream<JavaClass> withNested(JavaClass port) {
        String nested = port.getName() + "$";
        return Stream.concat(
                Stream.of(port),
                port.getPackage().getClasses().stream().filter(c -> c.getName().startsWith(nested)));
    }

    private static Stream<String> livesOf(JavaClass contract) {
        Set<Boolean> lives = contract.getAllSubclasses().stream()
                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(KitRules::isSimulation)
                .collect(Collectors.toSet());
        return Stream.of(true, false)
                .filter(kind -> !lives.contains(kind))
                .map(kind -> "has no " + (kind ? "simulation" : "real adapter") + " that passes "
                        + contract.getSimpleName());
    }

    private static boolean isSimulation(JavaClass test) {
        return test.getSimpleName().startsWith("Sim") || test.getPackageName().endsWith(".sim");
    }
}
