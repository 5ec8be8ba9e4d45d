package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each invariant finds the bug that is planted for it. */
final class OffendersTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Scenario scenario = new Scenario(7, new Scenario.Plan(1, 1, 60, 0));
    private final SimWorld world = scenario.world();

    private NodeBox node() {
        return world.nodes().getFirst();
    }

    private void finds(Invariant invariant, Runnable life) {
        assertEquals(invariant, assertThrows(Broken.class, life::run).invariant());
    }

    private Invariant unrest() {
        return scenario.checks().unrest().orElseThrow().invariant();
    }

    @Test
    void aSpoolThatForgetsIsFound() {
        scenario.begin();
        world.network().cut("n1", Saas.BROKER);
        world.network().cut("n1", Saas.GATE);
        world.live(Duration.ofMinutes(10));
        node().die(false, Duration.ofSeconds(1));
        node().box().storage().delete(node().spoolDirectory());
        world.network().heal();
        world.live(HOUR);
        assertEquals(Invariant.NOTHING_LOST, unrest());
    }

    @Test
    void aLogThatStoresTwiceIsFound() {
        world.onStored(entry -> world.truth().stored(entry));
        finds(Invariant.NOTHING_TWICE, scenario::begin);
    }

    @Test
    void aLogOutOfOrderIsFound() {
        List<EventLog.Entry> first = new ArrayList<>();
        world.onStored(entry -> {
            if (entry.identity().equals("n1") && entry.stamp().from() > 3 && first.isEmpty()) {
                first.add(entry);
                world.truth()
                        .stored(numbered(
                                entry, entry.stamp().lane(), entry.stamp().from() + 500));
            }
        });
        finds(Invariant.IN_ORDER, () -> {
            scenario.begin();
            world.live(HOUR);
        });
    }

    private static EventLog.Entry numbered(EventLog.Entry entry, Lane lane, long number) {
        Stamp stamp = entry.stamp();
        return new EventLog.Entry(
                entry.customer(),
                entry.site(),
                entry.identity(),
                entry.nodeKey(),
                Stamp.message(stamp.epoch(), stamp.previous(), lane, number),
                entry.message(),
                entry.received());
    }

    @Test
    void aSaasThatAcknowledgesAndForgetsIsFound() {
        world.logForgets(entry -> entry.stamp().from() == 5);
        finds(Invariant.MARK_BEHIND_STORE, () -> {
            scenario.begin();
            world.live(HOUR);
        });
    }

    @Test
    void aLedgerThatMissesAnEventIsFound() {
        List<EventLog.Entry> seen = new ArrayList<>();
        world.onStored(seen::add);
        scenario.begin();
        EventLog.Entry last = seen.getLast();
        for (int i = 1; i <= 5; i++) {
            world.truth().stored(numbered(last, Lane.BULK, i));
        }
        finds(Invariant.LEDGER_BALANCES, scenario.checks()::ledger);
    }

    @Test
    void aSpoolWithoutBoundsIsFound() {
        world.spoolsIgnoreBounds();
        world.saas().start();
        world.live(Duration.ofSeconds(5));
        NodeBox small = new NodeBox(world, "n1", "n1");
        small.setting("MR_SPOOL_MAX_RECORDS", "100");
        small.furnish(world.saas().token(), java.util.Map.of());
        world.nodes().add(small);
        small.start();
        world.live(Duration.ofMinutes(1));
        world.network().cut("n1", Saas.BROKER);
        world.network().cut("n1", Saas.GATE);
        finds(Invariant.SPOOL_BOUNDED, () -> {
            for (int i = 0; i < 200; i++) {
                assertTrue(small.say("much", Value.obj("n", Value.num(i))));
                world.live(Duration.ofSeconds(1));
            }
        });
    }

    @Test
    void aTamperedPluginIsFound() {
        scenario.begin();
        scenario.vendor().publish(Vendor.Version.ONE);
        world.live(Duration.ofMinutes(5));
        assertTrue(scenario.checks().unrest().isEmpty(), "deployed");
        Path file = node().home()
                .resolve("state/machines/versions/probe/" + scenario.vendor().wanted() + "/machine.yaml");
        node().box().disk().put(file, "other".getBytes(StandardCharsets.UTF_8));
        finds(Invariant.PLUGIN_WHOLE, scenario.checks()::look);
    }

    @Test
    void aPluginThatNobodyPublishedIsFound() {
        scenario.begin();
        scenario.vendor().publish(Vendor.Version.ONE);
        world.live(Duration.ofMinutes(5));
        scenario.vendor().published().clear();
        finds(Invariant.PLUGIN_WHOLE, scenario.checks()::look);
    }

    @Test
    void aDeploymentThatNeverEndsIsFound() {
        scenario.begin();
        boolean[] halfway = new boolean[1];
        world.sim()
                .afterEachStep(() -> halfway[0] |= scenario.checks()
                        .deployment(node())
                        .filter(b -> b.invariant() == Invariant.DEPLOYMENT_ENDS)
                        .isPresent());
        scenario.vendor().publish(Vendor.Version.ONE);
        world.live(Duration.ofMinutes(1));
        assertTrue(halfway[0], "probation was never seen");
    }

    @Test
    void aNodeThatDoesNotRunWhatIsDesiredIsFound() {
        scenario.begin();
        world.web().lie(SimulatedWeb.Lie.UNAVAILABLE);
        scenario.vendor().publish(Vendor.Version.ONE);
        world.live(HOUR);
        assertEquals(Invariant.OBSERVED_IS_DESIRED, unrest());
    }

    @Test
    void aNodeThatStaysAwayIsFound() {
        scenario.begin();
        world.network().cut("n1", Saas.BROKER);
        world.live(HOUR);
        assertEquals(Invariant.COMES_BACK, unrest());
    }

    @Test
    void aSecretInAnEventIsFound() {
        scenario.begin();
        scenario.checks().look();
        byte[] seed = node().box()
                .disk()
                .content(node().home().resolve("server.seed"))
                .orElseThrow();
        node().say("leak", Value.obj("text", Value.text(new String(seed, StandardCharsets.US_ASCII).strip())));
        finds(Invariant.NO_SECRET_LEAVES, () -> world.live(HOUR));
    }

    @Test
    void aTaskThatBreaksIsFound() {
        scenario.begin();
        world.sim().fork("broken", () -> {
            throw new IllegalStateException("planted");
        });
        world.live(Duration.ofSeconds(1));
        AssertionError found = assertThrows(AssertionError.class, scenario::judge);
        assertTrue(String.valueOf(found.getMessage()).startsWith(Invariant.NO_FAULT.name()), found.toString());
    }
}
