package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.store.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is looked at for sites finds the bug that is planted for it. */
final class SiteOffendersTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Scenario scenario = new Scenario(7, new Scenario.Plan(3, 1, 60, 0, 1));
    private final SimWorld world = scenario.world();

    private void finds(Invariant invariant, Runnable life) {
        assertEquals(invariant, assertThrows(Broken.class, life::run).invariant());
    }

    @Test
    void aFollowerThatLetsGoOfWhatTheSaasDidNotStoreIsFound() {
        world.logForgets(
                entry -> entry.identity().equals("f1-1") && entry.stamp().from() == 5);
        Broken found = assertThrows(Broken.class, () -> {
            scenario.begin();
            world.live(HOUR);
        });
        assertEquals(Invariant.MARK_BEHIND_STORE, found.invariant());
        assertTrue(String.valueOf(found.getMessage()).contains("f1-1"), found.toString());
    }

    @Test
    void aSiteThatLosesWhatItTookIsFound() {
        scenario.begin();
        world.network().cut("lead1", Saas.GATE);
        world.network().cut("lead1", Saas.BROKER);
        world.live(Duration.ofMinutes(10));
        NodeBox follower = world.sites().getFirst().followers().getFirst();
        // as if the site's word had been enough for the follower
        follower.die(false, Duration.ofSeconds(1));
        follower.box().storage().delete(follower.spoolDirectory());
        world.sites().getFirst().leader().doors().loseStore();
        world.network().heal();
        world.live(HOUR);
        assertEquals(
                Invariant.NOTHING_LOST, scenario.checks().unrest().orElseThrow().invariant());
    }

    @Test
    void anEventThatIsStoredAsOfAnotherSiteIsFound() {
        List<EventLog.Entry> seen = new ArrayList<>();
        world.onStored(seen::add);
        scenario.begin();
        EventLog.Entry entry = seen.stream()
                .filter(e -> e.identity().equals("f1-1"))
                .findFirst()
                .orElseThrow();
        world.stored(new EventLog.Entry(
                entry.customer(),
                Saas.PLANT,
                entry.identity(),
                entry.nodeKey(),
                entry.stamp(),
                entry.message(),
                entry.received()));
        finds(Invariant.RIGHT_SITE, () -> world.live(HOUR));
    }

    @Test
    void aSiteThatKeepsWhatItShouldSendIsFound() {
        scenario.begin();
        assertTrue(scenario.checks().sites().unrest().isEmpty(), "well");
        world.network().cut("lead1", Saas.GATE);
        world.network().cut("lead1", Saas.BROKER);
        world.live(Duration.ofMinutes(10));
        assertEquals(
                Invariant.COMES_BACK,
                scenario.checks().sites().unrest().orElseThrow().invariant());
    }

    @Test
    void aFaultBehindARequestIsFound() {
        scenario.begin();
        world.broken(new IllegalStateException("planted"));
        finds(Invariant.NO_FAULT, () -> world.live(HOUR));
    }
}
