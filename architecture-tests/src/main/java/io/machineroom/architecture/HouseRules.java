package io.machineroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInAnyPackage;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All rules of the house about main code. Another build runs them with
 * {@code @ArchTest ArchTests rules = ArchTests.in(HouseRules.class)}; see {@code docs/architects.md}.
 */
public final class HouseRules {
    private static final String DRAWN_FOR = "io.machineroom";

    private static final Pattern COMPONENT = Pattern.compile("(?m)^\\[.*] <<(.*)\\.\\.>>$");

    @ArchTest
    static final ArchRule thePictureHolds = thePictureHolds(House.ours()).rule();

    @ArchTest
    static final ArchTests ports = ArchTests.in(PortRules.class);

    @ArchTest
    static final ArchTests domain = ArchTests.in(DomainRules.class);

    @ArchTest
    static final ArchTests adapters = ArchTests.in(AdapterRules.class);

    @ArchTest
    static final ArchTests app = ArchTests.in(AppRules.class);

    @ArchTest
    static final ArchTests shape = ArchTests.in(ShapeRules.class);

    private HouseRules() {}

    /** Every rule for one house, for builds that do not use JUnit. */
    public static List<HouseRule> all(House house) {
        return Stream.of(
                        List.of(thePictureHolds(house)),
                        PortRules.all(house),
                        DomainRules.all(house),
                        AdapterRules.all(house),
                        AppRules.all(house),
                        ShapeRules.all(house))
                .flatMap(List::stream)
                .toList();
    }

    static HouseRule thePictureHolds(House house) {
        String picture = picture().replace("<<" + DRAWN_FOR, "<<" + house.root());
        String[] rooms = COMPONENT
                .matcher(picture)
                .results()
                .map(MatchResult::group)
                .map(line -> line.replaceAll(".*<<|\\.\\.>>", ""))
                .toArray(String[]::new);
        return HouseRule.of(
                "1. The picture holds: dependencies between modules are the arrows of modules.puml",
                classes()
                        .that(in(rooms))
                        .should(adhereToPlantUmlDiagram(
                                file(picture), consideringOnlyDependenciesInAnyPackage(house.root() + ".."))),
                Stream.of(rooms)
                        .filter(room -> !room.equals(house.root() + ".examples")) // drawn, but in no released jar
                        .map(Named::room)
                        .toArray(Named[]::new));
    }

    private static String picture() {
        try (InputStream in = Objects.requireNonNull(HouseRules.class.getResourceAsStream("modules.puml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ArchUnit reads a diagram from a place, not from text. */
    private static Path file(String picture) {
        try {
            Path file = Files.createTempFile("modules", ".puml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
