package io.machineroom.architecture;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that cannot go red protects nothing: each is run on a small house with somebody in it who breaks it. */
final class EveryRuleCatchesItsOffenderTest {
    private static final House OURS = new House("io.machineroom");

    /**
     * One rule on one small house.
     *
     * @param house package below {@code offenders}
     * @param accused what the report must name
     * @param innocent what it must not
     */
    private record Case(String house, Function<House, HouseRule> rule, List<String> accused, List<String> innocent) {
        Case(String house, Function<House, HouseRule> rule, String... accused) {
            this(house, rule, List.of(accused), List.of());
        }

        Case sparing(String... others) {
            return new Case(house, rule, accused, List.of(others));
        }

        @Override
        public String toString() {
            return rule.apply(OURS).name() + " <- " + house;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(rooms(), shapes()).flatMap(List::stream);
    }

    private static List<Case> rooms() {
        return List.of(
                new Case("picture", HouseRules::thePictureHolds, "CallsApp", "NamesChronicle"),
                new Case("portsonjdk", PortRules::standOnTheJdk, "ReadsFiles", "HasQueue", "NamesLibrary", "LooksUp"),
                new Case("contracts", PortRules::areContracts, "Worker", "Tally", "Table"),
                new Case("holders", PortRules::holdNoPorts, "Holder"),
                new Case("domainonports", DomainRules::standsOnPorts, "Logs", "ParsesJson", "Queues"),
                new Case("hands", DomainRules::hasNoHands, hands()),
                new Case("floors", DomainRules::keepsItsFloors, "Climbs", "SeesNeighbour", "Ghost", "Squatter")
                        .sparing("Lodger is"),
                new Case("state", DomainRules::keepsStateInActors, "HasMutableField", "HasOpenField", "HasSetter")
                        .sparing("Pump", "HiddenCursor"),
                new Case("open", ShapeRules::finalByDefault, "CanBeExtended", "AbstractWithoutReason"),
                new Case("adapters", AdapterRules::knowPortsOnly, "SeesDomain", "SeesApp", "SeesNeighbour"),
                new Case(
                        "doors", AdapterRules::haveOneDoor, "NatsWindow", "HttpModule, ", "chronicle has the doors []"),
                new Case("libraries", AdapterRules::keepLibrariesInTheirRoom, libraries()),
                new Case("machinery", AppRules::machineryKnowsPortsOnly, machinery()),
                new Case("commands", AppRules::commandsDoNotTouchTheMachinery, "TouchesHost", "TouchesAdapter"),
                new Case("wiring", AppRules::wiringIsSeenByTheDoors, "SeesWiring"),
                new Case("jars", AppRules::theAgentDoesNotKnowTheBackplane, "NamesBackplane"));
    }

    private static List<Case> shapes() {
        return List.of(
                new Case("errors", ShapeRules::errorsKeepTheirShape, "ThrowsAnything", "ThrowsError")
                        .sparing("NamedFault"),
                new Case("porterrors", ShapeRules::adaptersThrowPortExceptions, "ThrowsItsOwn").sparing("Refuses"),
                new Case("throwables", ShapeRules::throwableIsCaughtWhereWorkEnds, "CatchesAll")
                        .sparing("CompilerCatches"),
                new Case("names", ShapeRules::namesTellRooms, misnomers()),
                new Case(
                                "secrets",
                                ShapeRules::secretsStay,
                                "SentSecret",
                                "NodeFacts",
                                "PrintedKeyring",
                                "OpensSecret",
                                "Secret prints itself")
                        .sparing("KeepsSecret"),
                new Case(
                        "kit",
                        KitRules::everyPortHasAContractAndTwoLives,
                        "Bucket has no contract",
                        "Slots has no real adapter"));
    }

    private static String[] hands() {
        return new String[] {
            "ReadsClock", "RefersToClock", "CountsNanos", "MakesThread", "TossesCoin", "MakesId", "ReadsEnvironment",
            "Prints", "OpensFile", "StartsProcess", "LocksBlock", "LocksMethod", "Forks", "HoldsLock",
        };
    }

    private static String[] libraries() {
        return Library.of(OURS).stream()
                .flatMap(library -> Stream.of(library.packages()))
                .toArray(String[]::new);
    }

    private static String[] machinery() {
        return new String[] {"host.SeesDomain", "codec.SeesDomain", "crypto.SeesDomain", "SeesConfig"};
    }

    private static String[] misnomers() {
        return new String[] {
            "SpoolImpl",
            "SpoolUtils",
            "SpoolHelper",
            "SpoolManager",
            "AbstractSpool",
            "ISpool",
            "LostWatcher",
            "LostCommand",
            "LostModule",
            "LostContract",
            "Anything",
            "Everything",
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void catchesItsOffender(Case test) {
        House house = new House("io.machineroom.architecture.offenders." + test.house());
        JavaClasses classes = new ClassFileImporter().importPackages(house.root());
        List<String> report = test.rule()
                .apply(house)
                .bare()
                .evaluate(classes)
                .getFailureReport()
                .getDetails();
        assertAll(Stream.concat(
                test.accused().stream()
                        .map(name -> () -> assertTrue(
                                report.stream().anyMatch(line -> line.contains(name)),
                                () -> name + " got away; the report is " + report)),
                test.innocent().stream()
                        .map(name -> () -> assertFalse(
                                report.stream().anyMatch(line -> line.contains(name)),
                                () -> name + " is innocent; the report is " + report))));
    }

    @Test
    void everyRuleHasAnOffender() {
        Set<String> tried = cases().map(test -> test.rule().apply(OURS).name()).collect(Collectors.toSet());
        Set<String> rules = Stream.concat(HouseRules.all(OURS).stream(), KitRules.all(OURS).stream())
                .map(HouseRule::name)
                .collect(Collectors.toSet());
        assertEquals(rules, tried);
    }
}
