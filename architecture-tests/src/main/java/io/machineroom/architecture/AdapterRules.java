package io.machineroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.machineroom.architecture.Packages.handwritten;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What an adapter may know: ports and its own library. Rules 5, 6 and 7. */
public final class AdapterRules {
    @ArchTest
    static final ArchRule knowPortsOnly = knowPortsOnly(House.ours()).rule();

    @ArchTest
    static final ArchRule haveOneDoor = haveOneDoor(House.ours()).rule();

    @ArchTest
    static final ArchRule keepLibrariesInTheirRoom =
            keepLibrariesInTheirRoom(House.ours()).rule();

    private AdapterRules() {}

    static List<HouseRule> all(House house) {
        return List.of(knowPortsOnly(house), haveOneDoor(house), keepLibrariesInTheirRoom(house));
    }

    /** The same for one adapter that lives elsewhere: an integrator's spool in {@code itsPackage}. */
    public static ArchRule adapter(House house, String itsPackage) {
        return CompositeArchRule.of(onlyPorts(house, itsPackage)).and(oneDoor(itsPackage));
    }

    static HouseRule knowPortsOnly(House house) {
        List<ArchRule> each = Stream.of(house.adapters())
                .map(adapter -> onlyPorts(house, adapter))
                .toList();
        List<Named> names =
                new ArrayList<>(Stream.of(house.adapters()).map(Named::room).toList());
        names.add(Named.room(house.ports()));
        return HouseRule.of(
                "5. Adapters know ports only: not the domain, not app, not each other",
                CompositeArchRule.of(each),
                names.toArray(Named[]::new));
    }

    private static ArchRule onlyPorts(House house, String adapter) {
        return noClasses()
                .that(in(adapter))
                .should()
                .dependOnClassesThat(in(house.root()).and(not(in(adapter, house.ports()))))
                .allowEmptyShould(true);
    }

    static HouseRule haveOneDoor(House house) {
        return HouseRule.of(
                "6. One public door per adapter, a *Module or *Provider",
                CompositeArchRule.of(
                        Stream.of(house.adapters()).map(AdapterRules::oneDoor).toList()),
                Stream.of(house.adapters()).map(Named::room).toArray(Named[]::new));
    }

    private record Doors(String adapter, List<String> names) {}

    private static ArchRule oneDoor(String adapter) {
        return ArchRuleDefinition.all(new AbstractClassesTransformer<Doors>("doors of " + adapter) {
                    @Override
                    public Iterable<Doors> doTransform(JavaClasses classes) {
                        List<String> doors = StreamSupport.stream(classes.spliterator(), false)
                                .filter(in(adapter).and(handwritten()))
                                .filter(c -> c.isTopLevelClass() && isPublic(c))
                                .map(JavaClass::getName)
                                .toList();
                        boolean built = classes.stream().anyMatch(in(adapter));
                        return built ? List.of(new Doors(adapter, doors)) : List.of();
                    }
                })
                .should(new ArchCondition<>("be one, a *Module or *Provider") {
                    @Override
                    public void check(Doors doors, ConditionEvents events) {
                        boolean one = doors.names().size() == 1
                                && doors.names().getFirst().matches(".*(Module|Provider)");
                        events.add(new SimpleConditionEvent(
                                doors, one, doors.adapter() + " has the doors " + doors.names()));
                    }
                })
                .allowEmptyShould(true);
    }

    private static boolean isPublic(JavaClass javaClass) {
        return javaClass.getModifiers().contains(JavaModifier.PUBLIC);
    }

    static HouseRule keepLibrariesInTheirRoom(House house) {
        List<Library> libraries = Library.of(house);
        return HouseRule.of(
                "7. Each library has one room",
                CompositeArchRule.of(libraries.stream()
                        .<ArchRule>map(library -> noClasses()
                                .that(in(house.root()).and(handwritten()).and(not(library.home())))
                                .should()
                                .dependOnClassesThat(in(library.packages()))
                                .as("only " + library.home().getDescription() + " uses "
                                        + String.join(", ", library.packages()))
                                .allowEmptyShould(true))
                        .toList()),
                libraries.stream()
                        .flatMap(library -> Stream.of(library.packages()))
                        .map(Named::library)
                        .toArray(Named[]::new));
    }
}
