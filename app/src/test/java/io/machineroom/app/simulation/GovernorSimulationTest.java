package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose machines share a governor, under faults: never more at once than it has slots. */
final class GovernorSimulationTest {
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

    private static Scenario begun(long seed, boolean governed) {
        Scenario scenario = new Scenario(seed, new Scenario.Plan(1, 1, 60, 0));
        scenario.begin();
        scenario.world().limit().make();
        for (int i = 1; i <= 5; i++) {
            scenario.world().node("limited" + i, LimitWatch.machine(governed));
        }
        return scenario;
    }

    /** The governor lies at three brokers of a site, and who is limited are its nodes. */
    private static Scenario begunWithStandbys(long seed) {
        Scenario scenario = new Scenario(seed, new Scenario.Plan(0, 1, 60, 0, 0, 3));
        scenario.begin();
        SiteHost site = scenario.world()
                .map()
                .siteWithStandbys(
                        "plant", List.of("lead", "lead-2", "lead-3", "f1", "f2", "f3", "f4"), LimitWatch.machine(true));
        scenario.world().live(Duration.ofMinutes(2));
        scenario.world().limit().make(site);
        return scenario;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void keepsTheLimitUnderFaults(long seed) {
        keepsTheLimit(begun(seed, true));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsTheLimitAtASiteWithStandbys(long seed) {
        keepsTheLimit(begunWithStandbys(seed));
    }

    private static void keepsTheLimit(Scenario scenario) {
        for (int i = 0; i < 12; i++) {
            scenario.world().live(Duration.ofMinutes(5));
            scenario.chaos().strike();
        }
        scenario.chaos().heal();
        scenario.world().live(Duration.ofMinutes(30));
        LimitWatch limit = scenario.world().limit();
        assertEquals(LimitWatch.SLOTS, limit.most(), "all slots were used");
        assertTrue(limit.all() > 20 && limit.ended() > 10, limit.all() + " begun, " + limit.ended() + " done");
    }

    @Test
    void machinesThatAskNobodyAreFound() {
        Scenario scenario = begun(7, false);
        Broken broken = assertThrows(Broken.class, () -> scenario.world().live(Duration.ofHours(1)));
        assertEquals(Invariant.LIMIT_KEPT, broken.invariant());
    }
}
