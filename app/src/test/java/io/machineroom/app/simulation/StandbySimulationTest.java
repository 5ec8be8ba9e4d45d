package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A site with three places under faults, and that it goes on when any one of them does not. */
final class StandbySimulationTest {
    private static final long FIRST = 1;
    private static final long LAST = 4;
    /** An election among brokers, one among places, and a follower's turn to another one. */
    private static final Duration TAKEN_OVER = Duration.ofMinutes(2);

    private static final Duration LONG = Duration.ofHours(3);
    private static final Logger ROOT = Logger.getLogger("");
    private static final Level BEFORE = ROOT.getLevel();

    @BeforeAll
    static void quiet() {
        ROOT.setLevel(Level.OFF);
    }

    @AfterAll
    static void asBefore() {
        ROOT.setLevel(BEFORE);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyInvariantHoldsAndEveryFaultOfPlacesHappensAndIsRecoveredFrom() throws InterruptedException {
        Tally tally = new Tally();
        AtomicLong next = new AtomicLong(FIRST);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement(); seed <= LAST; seed = next.getAndIncrement()) {
                    tally.add(new Scenario(seed, Scenario.Plan.standbys()).run());
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertTrue(tally.failures().isEmpty(), tally::text);
        List<Fault> places = Stream.of(Fault.values()).filter(Fault::ofStandbys).toList();
        assertEquals(List.of(), tally.never(places), tally::text);
        for (String plight : List.of(
                "site carried by a standby",
                "site without a majority",
                "site without its leader",
                "site without its line",
                "site keeps events",
                "plugin_deployed")) {
            assertTrue(tally.seen(plight) > 0, () -> plight + " never happened: " + tally.text());
        }
    }

    // --- one of the three -------------------------------------------------------------------------

    private final Scenario scenario = new Scenario(5, new Scenario.Plan(5, 1, 60, 0, 1, 3));
    private final SimWorld world = scenario.world();

    private SiteHost site() {
        return world.sites().getFirst();
    }

    /** Followers of which something did not reach the SaaS within two minutes, in the next ten. */
    private List<String> silent() {
        List<String> silent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Map<String, Long> before = new TreeMap<>();
            site().followers()
                    .forEach(node -> before.put(
                            node.box().name(),
                            world.truth().acceptedOf(node.box().name())));
            world.live(Duration.ofMinutes(2));
            before.forEach((name, accepted) -> {
                if (world.truth().storedOf(name) < accepted) {
                    silent.add(name + " at " + world.now() / 1_000_000_000L + " s");
                }
            });
        }
        return silent;
    }

    /** What one of three may suffer for long without harm to its site. */
    enum Plight {
        POWER_GONE,
        AGENT_KILLED,
        BROKER_LOST,
        CUT_FROM_PLACES,
        CUT_FROM_SAAS,
        CUT_FROM_ALL
    }

    private void suffer(Plight plight, NodeBox node) {
        String name = node.box().name();
        List<String> others = world.nodes().stream()
                .map(other -> other.box().name())
                .filter(other -> !other.equals(name))
                .toList();
        switch (plight) {
            case POWER_GONE -> node.die(true, LONG);
            case AGENT_KILLED -> node.die(false, LONG);
            case BROKER_LOST -> {
                node.die(true, LONG);
                node.doors().loseStore();
            }
            case CUT_FROM_PLACES ->
                others.stream()
                        .filter(other -> other.startsWith("lead"))
                        .forEach(other -> world.network().cut(name, other));
            case CUT_FROM_SAAS -> cutFromSaas(name);
            case CUT_FROM_ALL -> {
                cutFromSaas(name);
                others.forEach(other -> {
                    world.network().cut(name, other);
                    world.network().cut(name + SimulatedWeb.DOOR, other);
                });
            }
        }
    }

    private void cutFromSaas(String name) {
        world.network().cut(name, Saas.GATE);
        world.network().cut(name, Saas.BROKER);
    }

    @ParameterizedTest
    @EnumSource(Plight.class)
    void aSiteGoesOnWithoutTheOneThatCarriedIt(Plight plight) {
        scenario.begin();
        NodeBox carrier = site().leader();
        suffer(plight, carrier);
        world.live(TAKEN_OVER);
        assertEquals(List.of(), silent());
        assertNotEquals(carrier, site().leader(), "another one carries");
    }

    @ParameterizedTest
    @EnumSource(Plight.class)
    void aSiteGoesOnWithoutAStandby(Plight plight) {
        scenario.begin();
        NodeBox carrier = site().leader();
        suffer(plight, site().leadersFirst().getLast());
        world.live(TAKEN_OVER);
        assertEquals(List.of(), silent());
        assertEquals(carrier, site().leader(), "it carries on");
    }

    @Test
    void standbysThatDoNotTakeOverAreFound() {
        scenario.begin();
        // their brokers run on and agree; nobody is there to do the work
        site().leadersFirst().stream()
                .skip(1)
                .forEach(standby -> standby.box().process().pause());
        site().leader().die(true, LONG);
        world.live(TAKEN_OVER);
        assertFalse(silent().isEmpty());
    }

    /** The brokers take nothing; the gateway of the place that is left passes events on to the SaaS. */
    @Test
    void withoutAMajorityNodesSendOverTheGatewayThatIsLeft() {
        scenario.begin();
        NodeBox left = withoutAMajority(Duration.ofMinutes(20));
        world.live(TAKEN_OVER);
        assertEquals(List.of(), silent());
        for (NodeBox follower : site().followers()) {
            String way = follower.status()
                    .obj("machine_room")
                    .flatMap(room -> room.obj("link"))
                    .flatMap(link -> link.text("way"))
                    .orElse("");
            assertEquals("https", way, follower.identity());
        }
        assertTrue(SiteHost.leads(left).text("reason").orElse("").startsWith("site.quorum: "));
        comesBack();
    }

    @Test
    void withoutAMajorityAndAGatewayNodesKeepWhatTheyHaveAndSendItLater() {
        scenario.begin();
        NodeBox left = withoutAMajority(Duration.ofMinutes(20));
        site().followers()
                .forEach(node ->
                        world.network().cut(node.box().name(), left.box().name() + SimulatedWeb.DOOR));
        world.live(TAKEN_OVER);
        assertFalse(silent().isEmpty(), "somebody took it");
        world.network().heal();
        comesBack();
    }

    /** The one that carries stays. */
    private NodeBox withoutAMajority(Duration time) {
        List<NodeBox> places = site().leadersFirst();
        places.stream().skip(1).forEach(standby -> standby.die(true, time));
        return places.getFirst();
    }

    private void comesBack() {
        world.live(Duration.ofMinutes(20));
        // machines go on: an event of this moment may be on its way
        for (int second = 0; second < 60 && scenario.checks().unrest().isPresent(); second++) {
            world.live(Duration.ofSeconds(1));
        }
        assertEquals("", scenario.checks().unrest().map(Throwable::toString).orElse(""));
    }
}
