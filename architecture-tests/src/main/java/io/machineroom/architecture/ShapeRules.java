package io.machineroom.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static io.machineroom.architecture.Packages.handwritten;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a class looks, wherever it lives: final, named for its room, honest about errors, silent about secrets. */
public final class ShapeRules {
    private static final Pattern EMPTY_WORDS =
            Pattern.compile(".*(Impl|Utils?|Helper|Manager)|Abstract\\p{Lu}.*|I\\p{Lu}\\p{Ll}.*");

    private static final Pattern EMPTY_ROOMS = Pattern.compile("(^|.*\\.)(common|utils?|misc)(\\..*|$)");

    private static final Set<String> SHAPELESS =
            Set.of("java.lang.RuntimeException", "java.lang.Exception", "java.lang.Error", "java.lang.Throwable");

    private static final Set<String> FAULTS_OF_THE_PROGRAM = Set.of(
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalStateException",
            "java.lang.AssertionError",
            "java.lang.MatchException",
            "java.util.concurrent.RejectedExecutionException");

    @ArchTest
    static final ArchRule finalByDefault = finalByDefault(House.ours()).rule();

    @ArchTest
    static final ArchRule errorsKeepTheirShape =
            errorsKeepTheirShape(House.ours()).rule();

    @ArchTest
    static final ArchRule adaptersThrowPortExceptions =
            adaptersThrowPortExceptions(House.ours()).rule();

    @ArchTest
    static final ArchRule throwableIsCaughtWhereWorkEnds =
            throwableIsCaughtWhereWorkEnds(House.ours()).rule();

    @ArchTest
    static final ArchRule namesTellRooms = namesTellRooms(House.ours()).rule();

    @ArchTest
    static final ArchRule secretsStay = secretsStay(House.ours()).rule();

    private ShapeRules() {}

    static List<HouseRule> all(House house) {
        return List.of(
                finalByDefault(house),
                errorsKeepTheirShape(house),
                adaptersThrowPortExceptions(house),
                throwableIsCaughtWhereWorkEnds(house),
                namesTellRooms(house),
                secretsStay(house));
    }

    private static DescribedPredicate<JavaClass> ours(House house) {
        return in(house.root()).and(handwritten());
    }

    static HouseRule finalByDefault(House house) {
        DescribedPredicate<JavaClass> closed = DescribedPredicate.describe(
                "final, sealed, or a Dagger module without state",
                c -> c.isInterface()
                        || c.isEnum()
                        || c.getModifiers().contains(JavaModifier.FINAL)
                        || c.isAnnotatedWith("dagger.Module")
                        || Bytecode.isSealed(c));
        return HouseRule.of(
                "12. Classes are final or sealed",
                classes()
                        .that(ours(house).and(not(JavaClass.Predicates.ANONYMOUS_CLASSES)))
                        .should(Offence.condition(
                                "be closed", c -> closed.test(c) ? Stream.of() : Stream.of("is open to be extended"))),
                Named.room(house.root()));
    }

    static HouseRule errorsKeepTheirShape(House house) {
        return HouseRule.of(
                "13. Nobody makes a RuntimeException, Exception, Error or Throwable",
                classes()
                        .that(ours(house))
                        .should(Offence.condition(
                                "name their errors",
                                c -> made(c).filter(call -> SHAPELESS.contains(
                                                call.getTargetOwner().getName()))
                                        .map(call -> "makes a shapeless error: " + call.getDescription()))),
                Named.room(house.root()));
    }

    static HouseRule adaptersThrowPortExceptions(House house) {
        String family = house.ports("PortException");
        return HouseRule.of(
                "13. Adapters make no unchecked errors but PortException and faults of the program",
                classes()
                        .that(in(house.adapters()).and(handwritten()))
                        .should(Offence.condition(
                                "speak the errors of ports",
                                c -> made(c).filter(call -> isForeign(call.getTargetOwner(), family))
                                        .map(call -> "makes a foreign error: " + call.getDescription()))),
                Named.type(family),
                Named.room(house.nats()),
                Named.room(house.chronicle()),
                Named.room(house.http()));
    }

    /** A checked error cannot leave through a port: no port declares one. */
    private static boolean isForeign(JavaClass error, String family) {
        return (error.isAssignableTo(RuntimeException.class) || error.isAssignableTo(Error.class))
                && !error.isAssignableTo(family)
                && !FAULTS_OF_THE_PROGRAM.contains(error.getName());
    }

    /** Errors made with {@code new}; not the call of a super constructor. */
    private static Stream<JavaConstructorCall> made(JavaClass javaClass) {
        return javaClass.getConstructorCallsFromSelf().stream()
                .filter(call -> !(call.getOrigin().isConstructor()
                        && javaClass.isAssignableTo(call.getTargetOwner().getName())));
    }

    static HouseRule throwableIsCaughtWhereWorkEnds(House house) {
        List<String> lastResorts = List.of(
                house.domain("supervision.Supervisor"),
                house.app("host.VirtualThreadTasks"),
                house.chronicle() + ".SpoolWriter");
        return HouseRule.of(
                "13. Throwable is caught where work ends: Supervisor, VirtualThreadTasks, SpoolWriter",
                classes()
                        .that(ours(house))
                        .should(Offence.condition(
                                "not catch Throwable",
                                c -> !lastResorts.contains(c.getName().replaceFirst("\\$.*", ""))
                                                && Bytecode.catchesThrowable(c)
                                        ? Stream.of("catches Throwable")
                                        : Stream.of())),
                lastResorts.stream().map(Named::type).toArray(Named[]::new));
    }

    static HouseRule namesTellRooms(House house) {
        return HouseRule.of(
                "14. Names tell rooms",
                classes()
                        .that(ours(house))
                        .should(Offence.condition("be named for what they are", c -> misnomers(house, c))),
                Named.room(house.domain("watcher")),
                Named.room(house.app("cli")),
                Named.room(house.app("backplane")));
    }

    private static Stream<String> misnomers(House house, JavaClass c) {
        String name = c.getSimpleName();
        boolean top = c.isTopLevelClass();
        return Stream.of(
                        offence(
                                EMPTY_WORDS.matcher(name).matches() && !isManagerOfTheJdk(c),
                                "has a name that says nothing"),
                        offence(EMPTY_ROOMS.matcher(below(house, c)).matches(), "lives in a package that says nothing"),
                        offence(
                                top
                                        && name.endsWith("Watcher")
                                        && !in(house.domain("watcher"), house.ports("watcher"))
                                                .test(c),
                                "is a watcher outside the watchers' room"),
                        offence(
                                top
                                        && name.endsWith("Command")
                                        && !in(house.app("cli"), house.app("backplane"))
                                                .test(c),
                                "is a command outside the commands' rooms"),
                        offence(
                                top && name.endsWith("Module") && !c.isAnnotatedWith("dagger.Module"),
                                "is called a module and is none of Dagger's"),
                        offence(top && name.endsWith("Contract"), "is called a contract and is not in the kit"))
                .flatMap(offences -> offences);
    }

    /** A TrustManager, a LogManager: the JDK's words for it, and nobody else's. */
    private static boolean isManagerOfTheJdk(JavaClass c) {
        return c.getAllClassesSelfIsAssignableTo().stream()
                .anyMatch(type -> type.getName().matches("javax?\\..*Manager"));
    }

    private static String below(House house, JavaClass c) {
        return c.getPackageName()
                .substring(Math.min(c.getPackageName().length(), house.root().length()));
    }

    private static Stream<String> offence(boolean found, String text) {
        return found ? Stream.of(text) : Stream.of();
    }

    static HouseRule secretsStay(House house) {
        String secret = house.ports("data.Secret");
        String keyring = house.ports("security.Keyring");
        return HouseRule.of(
                "15. Secrets stay: not in what is sent or printed, and no toString opens one",
                classes()
                        .that(ours(house))
                        .should(Offence.condition(
                                "keep secrets",
                                c -> Stream.of(
                                                shownFields(house, c, secret, keyring),
                                                openedInToString(c, secret, keyring))
                                        .flatMap(offences -> offences))),
                Named.type(secret),
                Named.type(keyring),
                Named.type(house.ports("data.Value")),
                Named.room(house.ports("event")),
                Named.room(house.domain("event")));
    }

    private static Stream<String> shownFields(House house, JavaClass c, String secret, String keyring) {
        boolean shown = in(house.ports("event"), house.domain("event")).test(c)
                || c.getName().startsWith(house.ports("data.Value"))
                || c.getSimpleName().matches(".*(Facts|Status|Inventory).*");
        return c.getFields().stream()
                .filter(field -> shown
                        && Set.of(secret, keyring).contains(field.getRawType().getName()))
                .map(field -> "would show the secret in its field " + field.getName());
    }

    /** A Secret prints as stars and a Keyring as nothing, so that a record may hold one: here is why that stays so. */
    private static Stream<String> openedInToString(JavaClass c, String secret, String keyring) {
        Stream<String> opened = c.getMethodCallsFromSelf().stream()
                .filter(call -> call.getOrigin().getName().equals("toString"))
                .filter(call -> call.getTargetOwner().getName().equals(secret)
                        && call.getName().startsWith("use"))
                .map(call -> "opens a secret to print it: " + call.getDescription());
        boolean naked = (c.getName().equals(secret) || c.isAssignableTo(keyring)) && Bytecode.hasGeneratedToString(c);
        return Stream.concat(opened, naked ? Stream.of("prints itself") : Stream.of());
    }
}
