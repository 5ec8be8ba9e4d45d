package io.machineroom.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static io.machineroom.architecture.Packages.in;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the domain is made of: decisions, on ports and pure values. Rules 3, 4, 9 and 12. */
public final class DomainRules {
    /**
     * Lowest first. Upper may use lower, never back; rooms on one floor do not see each other. A room that is not here is on no
     * floor.
     */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("supervision", "flow", "expression", "event", "tokens"),
            Set.of("orchestration"),
            Set.of("deployment", "spooling"),
            Set.of("watcher"),
            Set.of("provisioning", "replication", "machine"),
            Set.of("agent", "backplane", "authoring"));

    /** What the rest of the house can see and what changes: each is owned by a task, its Javadoc says what others may call. */
    private static final List<String> ACTORS = List.of(
            "flow.Pump",
            "flow.LinkKeeper",
            "flow.UplinkEar",
            "flow.LinePace",
            "flow.RateBudget",
            "supervision.BrokerKeeper",
            "replication.Site",
            "orchestration.Election",
            "orchestration.GovernorMender",
            "spooling.Outbox",
            "spooling.SharedSpool",
            "spooling.Forwarder",
            "spooling.submission.Submissions",
            "agent.RegisteredFile",
            "watcher.WatcherRunner",
            "watcher.PluginsWatcher",
            "machine.Machine",
            "machine.MachineHost",
            "provisioning.EnrolmentLoop",
            "provisioning.RenewalLoop",
            "provisioning.RenewalRequest",
            "replication.relay.SiteGatewayService",
            "agent.AgentLifecycle",
            "backplane.CharterBook",
            "backplane.SiteBook",
            "backplane.BackplaneService");

    private static final String[] PURE_PACKAGES = {
        "java.lang",
        "java.lang.annotation",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.math",
        "java.nio",
        "java.nio.charset",
        "java.text",
        "java.time",
        "java.time.chrono",
        "java.time.format",
        "java.time.temporal",
        "java.time.zone",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "java.util.zip",
        "org.jspecify.annotations",
    };

    private static final Set<String> PURE_TYPES =
            Set.of("java.nio.file.Path", "java.net.URI", "java.net.URISyntaxException");

    private static final Set<String> HANDS = Set.of(
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.ThreadLocal",
            "java.time.Clock",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer");

    /** Calls with a hidden world behind them, on types that are pure otherwise. */
    private static final Map<String, Set<String>> REACHES = Map.of(
            "java.lang.Object", Set.of("wait", "notify", "notifyAll"),
            "java.lang.Math", Set.of("random"),
            "java.lang.StrictMath", Set.of("random"),
            "java.lang.Throwable", Set.of("printStackTrace"),
            "java.nio.file.Path", Set.of("toRealPath", "toAbsolutePath", "toFile", "register"),
            "java.time.ZoneId", Set.of("systemDefault"),
            "java.util.Collections", Set.of("shuffle"),
            "java.util.Locale", Set.of("getDefault"),
            "java.util.TimeZone", Set.of("getDefault"),
            "java.util.UUID", Set.of("randomUUID"));

    private static final Set<String> HARMLESS_ON_SYSTEM =
            Set.of("getLogger", "arraycopy", "identityHashCode", "lineSeparator");

    @ArchTest
    static final ArchRule standsOnPorts = standsOnPorts(House.ours()).rule();

    @ArchTest
    static final ArchRule hasNoHands = hasNoHands(House.ours()).rule();

    @ArchTest
    static final ArchRule keepsItsFloors = keepsItsFloors(House.ours()).rule();

    @ArchTest
    static final ArchRule keepsStateInActors = keepsStateInActors(House.ours()).rule();

    private DomainRules() {}

    static List<HouseRule> all(House house) {
        return List.of(standsOnPorts(house), hasNoHands(house), keepsItsFloors(house), keepsStateInActors(house));
    }

    static HouseRule standsOnPorts(House house) {
        DescribedPredicate<JavaClass> allowed = DescribedPredicate.describe(
                "domain, ports or pure JDK",
                target -> in(house.domain(), house.ports()).test(target)
                        || target.getBaseComponentType().isPrimitive()
                        || List.of(PURE_PACKAGES)
                                .contains(target.getBaseComponentType().getPackageName())
                        || PURE_TYPES.contains(target.getBaseComponentType().getName()));
        return HouseRule.of(
                "3. The domain stands on ports",
                classes().that(in(house.domain())).should().onlyDependOnClassesThat(allowed),
                Named.room(house.domain()),
                Named.room(house.ports()));
    }

    static HouseRule hasNoHands(House house) {
        return HouseRule.of(
                "4. The domain has no hands: no clock, thread, lock, chance, file, process or environment",
                classes().that(in(house.domain())).should(Offence.condition("have no hands", DomainRules::reaches)),
                Named.room(house.domain()));
    }

    private static Stream<String> reaches(JavaClass javaClass) {
        Stream<String> calls = javaClass.getAccessesFromSelf().stream()
                .filter(DomainRules::reachesOut)
                .map(access -> "reaches out: " + access.getDescription());
        Stream<String> locks = Stream.concat(
                javaClass.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                        .map(method -> "synchronizes " + method.getName()),
                Bytecode.entersMonitor(javaClass) ? Stream.of("has a synchronized block") : Stream.of());
        return Stream.concat(calls, locks);
    }

    private static boolean reachesOut(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return HANDS.contains(owner)
                || REACHES.getOrDefault(owner, Set.of()).contains(name)
                || owner.equals("java.lang.System") && !HARMLESS_ON_SYSTEM.contains(name)
                || owner.startsWith("java.time.") && name.equals("now")
                || owner.startsWith("java.util.") && name.startsWith("parallel")
                || in("java.util.concurrent", "java.util.random", "java.nio.channels")
                        .test(access.getTargetOwner())
                || Set.of("java.io.File", "java.nio.file.Files", "java.security.SecureRandom")
                        .contains(owner);
    }

    static HouseRule keepsItsFloors(House house) {
        return HouseRule.of(
                "9. The domain keeps its floors",
                classes()
                        .that(in(house.domain()))
                        .should(Offence.condition("only use rooms on lower floors", c -> climbs(house, c))),
                FLOORS.stream()
                        .flatMap(Set::stream)
                        .sorted()
                        .map(room -> Named.room(house.domain(room)))
                        .toArray(Named[]::new));
    }

    private static Stream<String> climbs(House house, JavaClass javaClass) {
        String from = room(house, javaClass);
        if (from.isEmpty()) {
            return javaClass.getSimpleName().equals("package-info") ? Stream.of() : Stream.of("is in no room");
        }
        if (floor(from) < 0) {
            return Stream.of("is in the room " + from + ", which is on no floor");
        }
        return javaClass.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> in(house.domain()).test(dependency.getTargetClass()))
                .filter(dependency -> {
                    String to = room(house, dependency.getTargetClass());
                    return !to.equals(from) && floor(to) >= floor(from);
                })
                .map(dependency -> "climbs: " + dependency.getDescription());
    }

    private static String room(House house, JavaClass javaClass) {
        String name = javaClass.getBaseComponentType().getPackageName();
        String below = name.length() > house.domain().length()
                ? name.substring(house.domain().length() + 1)
                : "";
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static int floor(String room) {
        return IntStream.range(0, FLOORS.size())
                .filter(i -> FLOORS.get(i).contains(room))
                .findFirst()
                .orElse(-1);
    }

    static HouseRule keepsStateInActors(House house) {
        List<String> actors = ACTORS.stream().map(house::domain).toList();
        return HouseRule.of(
                "12. Fields are private, and in public classes final, except actors; there are no setters",
                classes()
                        .that(in(house.domain()))
                        .should(Offence.condition(
                                "keep state in actors",
                                c -> Stream.concat(
                                        c.getFields().stream()
                                                .filter(field ->
                                                        isOpen(field) || isMutable(field) && !isActorOrPart(c, actors))
                                                .map(field -> "has the open or mutable field " + field.getName()),
                                        c.getMethods().stream()
                                                .filter(method ->
                                                        method.getName().matches("set\\p{Lu}.*"))
                                                .map(method -> "has the setter " + method.getName())))),
                actors.stream().map(Named::type).toArray(Named[]::new));
    }

    /** What only its package can see is a part of an actor, or lives as long as one call. */
    private static boolean isActorOrPart(JavaClass c, List<String> actors) {
        return actors.contains(c.getName()) || !c.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isOpen(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.PRIVATE)
                && !field.getModifiers().contains(JavaModifier.STATIC)
                && !field.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    private static boolean isMutable(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.FINAL);
    }
}
