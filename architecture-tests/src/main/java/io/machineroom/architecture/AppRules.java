package io.machineroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.machineroom.architecture.Packages.handwritten;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

/** The rooms inside {@code app}, where everything meets. Rule 8. */
public final class AppRules {
    @ArchTest
    static final ArchRule machineryKnowsPortsOnly =
            machineryKnowsPortsOnly(House.ours()).rule();

    @ArchTest
    static final ArchRule commandsDoNotTouchTheMachinery =
            commandsDoNotTouchTheMachinery(House.ours()).rule();

    @ArchTest
    static final ArchRule wiringIsSeenByTheDoors =
            wiringIsSeenByTheDoors(House.ours()).rule();

    @ArchTest
    static final ArchRule theAgentDoesNotKnowTheBackplane =
            theAgentDoesNotKnowTheBackplane(House.ours()).rule();

    private AppRules() {}

    static List<HouseRule> all(House house) {
        return List.of(
                machineryKnowsPortsOnly(house),
                commandsDoNotTouchTheMachinery(house),
                wiringIsSeenByTheDoors(house),
                theAgentDoesNotKnowTheBackplane(house));
    }

    private static String[] machinery(House house) {
        return new String[] {house.app("host"), house.app("codec"), house.app("crypto")};
    }

    static HouseRule machineryKnowsPortsOnly(House house) {
        List<ArchRule> each = List.of(machinery(house)).stream()
                .<ArchRule>map(room -> noClasses()
                        .that(in(room).and(handwritten()))
                        .should()
                        .dependOnClassesThat(in(house.root()).and(not(in(room, house.ports()))))
                        .allowEmptyShould(true))
                .toList();
        return HouseRule.of(
                "8. host, codec and crypto see ports only",
                CompositeArchRule.of(each),
                Named.room(house.app("host")),
                Named.room(house.app("codec")),
                Named.room(house.app("crypto")),
                Named.room(house.ports()));
    }

    static HouseRule commandsDoNotTouchTheMachinery(House house) {
        return HouseRule.of(
                "8. Commands see use cases and configuration, no host, codec, crypto or adapter",
                noClasses()
                        .that(in(house.app("cli")))
                        .should()
                        .dependOnClassesThat(in(machinery(house)).or(in(house.adapters()))),
                Named.room(house.app("cli")),
                Named.room(house.app("host")),
                Named.room(house.app("codec")),
                Named.room(house.app("crypto")),
                Named.room(house.nats()),
                Named.room(house.http()));
    }

    static HouseRule wiringIsSeenByTheDoors(House house) {
        DescribedPredicate<JavaClass> doors = DescribedPredicate.describe(
                "MachineRoom or the backplane's doors",
                c -> c.getName().startsWith(house.app("MachineRoom"))
                        || in(house.app("backplane")).test(c));
        return HouseRule.of(
                "8. Wiring sees all and is seen by the doors only",
                noClasses()
                        .that(in(house.root()).and(not(in(house.app("wiring")))).and(not(doors)))
                        .should()
                        .dependOnClassesThat(in(house.app("wiring"))),
                Named.room(house.app("wiring")),
                Named.type(house.app("MachineRoom")));
    }

    static HouseRule theAgentDoesNotKnowTheBackplane(House house) {
        return HouseRule.of(
                "8. The agent's jar holds nothing that names the backplane's commands",
                classes()
                        .that(in(house.root()).and(not(in(house.app("backplane")))))
                        .should()
                        .onlyDependOnClassesThat(not(in(house.app("backplane")))),
                Named.room(house.app("backplane")));
    }
}
