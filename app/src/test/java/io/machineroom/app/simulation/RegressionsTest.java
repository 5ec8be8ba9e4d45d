package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Worlds that once broke, each with its story; a fault that a seed no longer draws is played by hand. */
final class RegressionsTest {
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

    private static void holds(long seed) {
        Scenario.Result result = new Scenario(seed, Scenario.Plan.standard()).run();
        assertTrue(result.failure().isEmpty(), result::line);
    }

    @Test
    void aRestoredNodeEmptiesItsSpool() {
        holds(1006);
    }

    @Test
    void aNodeThatWentOnAfterItsCloneAndWasRestoredSendsNothingTwice() {
        holds(199);
    }

    /** By the leader's clock every certificate was due as soon as it came. */
    @Test
    void aLeaderWhoseClockIsYearsAheadDoesNotAskForCertificatesWithoutAPause() {
        Scenario.Result result = new Scenario(14, Scenario.Plan.site(14)).run();
        assertTrue(result.failure().isEmpty(), result::line);
    }

    @Test
    void aNodeRestoredWhileItsEventsWaitedEmptiesItsSpool() {
        Scenario scenario = new Scenario(1, new Scenario.Plan(1, 1, 120, 0));
        SimWorld world = scenario.world();
        scenario.begin();
        NodeBox node = world.nodes().getFirst();
        world.network().cut("n1", Saas.BROKER);
        world.network().cut("n1", Saas.GATE);
        world.live(Duration.ofMinutes(5));
        Box snapshot = new Box(world.sim(), "n1");
        snapshot.disk().becomes(node.box().disk());
        snapshot.storage().becomes(node.box().storage());
        world.live(Duration.ofMinutes(5));
        world.network().heal();
        world.live(Duration.ofMinutes(5));
        node.die(true, Duration.ofSeconds(5));
        world.truth().destroyed("n1");
        node.box().disk().becomes(snapshot.disk());
        node.box().storage().becomes(snapshot.storage());
        world.live(Duration.ofMinutes(10));
        assertEquals("", scenario.checks().unrest().map(Throwable::toString).orElse(""));
    }
}
