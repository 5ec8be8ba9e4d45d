package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.orchestration.BucketDesk;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.BucketSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites under faults: a fixed set of worlds, the same in every build, and what two sites of one customer must not share. */
final class SiteSimulationTest {
    private static final long FIRST = 1;
    private static final long LAST = 12;
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
    void everyInvariantHoldsAndEveryFaultHappensAndIsRecoveredFrom() throws InterruptedException {
        Tally tally = new Tally();
        AtomicLong next = new AtomicLong(FIRST);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement(); seed <= LAST; seed = next.getAndIncrement()) {
                    tally.add(new Scenario(seed, Scenario.Plan.site(seed)).run());
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertTrue(tally.failures().isEmpty(), tally::text);
        assertEquals(List.of(), tally.never(true), tally::text);
        for (String plight : List.of(
                "site without its leader",
                "site without its line",
                "site over https",
                "site keeps events",
                "plugin_deployed",
                "plugin_rolled_back")) {
            assertTrue(tally.seen(plight) > 0, () -> plight + " never happened: " + tally.text());
        }
    }

    private static Scenario twoSites() {
        return new Scenario(3, new Scenario.Plan(4, 1, 60, 0, 2));
    }

    /** W-19 of the streams: readers of desired state with one name for all sites took each other's changes. */
    @Test
    void streamsW19TwoSitesOfACustomerBothHoldEveryChangeOfDesiredState() {
        Scenario scenario = twoSites();
        scenario.begin();
        for (Vendor.Version version : List.of(Vendor.Version.ONE, Vendor.Version.TWO, Vendor.Version.ONE)) {
            scenario.vendor().publish(version);
            scenario.world().live(Duration.ofMinutes(5));
            assertEquals("", scenario.checks().unrest().map(Throwable::toString).orElse(""));
        }
        assertEquals(
                2,
                scenario.world().sites().stream()
                        .filter(site -> site.followers().size() == 1)
                        .count());
    }

    @Test
    void aNodeThatIsLedToTheBrokerOfAnotherSiteIsNobodyThere() {
        Scenario scenario = twoSites();
        SimWorld world = scenario.world();
        scenario.begin();
        assertEquals(0, world.accounts().turnedAway());
        world.network().name("leader.site1", "lead2");
        world.network().restart("lead1");
        world.live(Duration.ofMinutes(5));
        assertTrue(world.accounts().turnedAway() > 0, "it never tried");
        assertEquals(
                Invariant.COMES_BACK, scenario.checks().unrest().orElseThrow().invariant());
        world.network().name("leader.site1", "lead1");
        world.live(Duration.ofMinutes(10));
        assertEquals("", scenario.checks().unrest().map(Throwable::toString).orElse(""));
    }

    /** A leader once shared elections with lone nodes at the SaaS, and not with those whom it leads. */
    @Test
    void aLeaderSharesItsBucketsWithItsFollowers() {
        Scenario scenario = twoSites();
        SimWorld world = scenario.world();
        scenario.begin();
        List<SiteHost> sites = world.sites();
        Value.Obj boss = Value.obj("bucket", Value.text(BucketSpec.ELECTIONS), "key", Value.text("boss"));
        NodeBox leader = sites.getFirst().leader();
        kv(leader, boss.with("action", Value.text("put")).with("value", Value.text("me")));
        world.live(Duration.ofSeconds(5));
        Value.Obj question = boss.with("action", Value.text("get"));
        List<Value.Obj> own = kv(sites.getFirst().followers().getFirst(), question);
        List<Value.Obj> foreign = kv(sites.getLast().followers().getFirst(), question);
        world.live(Duration.ofSeconds(5));
        assertEquals(1, own.size());
        assertEquals(List.of(), foreign);
    }

    private static List<String> tokens(SiteHost site) {
        List<NodeBox> nodes = new ArrayList<>(site.followers());
        nodes.add(site.leader());
        return nodes.stream()
                .map(node -> node.lifecycle()
                        .orElseThrow()
                        .status()
                        .text("token_expires")
                        .orElse(""))
                .toList();
    }

    private static void lead(SimWorld world, SiteHost site, String identity) {
        Value.Obj request = Value.obj("command", Value.text("site-leader"), "leader", Value.text(identity));
        Saas.Told told = world.saas()
                .ask(request.with("customer", Value.text(Saas.CUSTOMER)).with("site", Value.text(site.name())));
        assertTrue(told.done(), told::code);
    }

    /** It gets another leader and its own back: nobody changes his role, and all ask whether they have to. */
    @Test
    void w37EveryNodeOfAChangedSiteRenewsWithinMinutesAndNoOtherDoes() {
        Scenario scenario = twoSites();
        SimWorld world = scenario.world();
        scenario.begin();
        world.live(Duration.ofMinutes(10));
        SiteHost changed = world.sites().getFirst();
        SiteHost other = world.sites().getLast();
        List<String> before = tokens(changed);
        List<String> others = tokens(other);
        String leader = changed.leader().identity();
        lead(world, changed, "somebody");
        lead(world, changed, leader);
        world.live(Duration.ofMinutes(6));
        List<String> after = tokens(changed);
        for (int i = 0; i < before.size(); i++) {
            assertTrue(after.get(i).compareTo(before.get(i)) > 0, before + " then " + after);
        }
        assertEquals(others, tokens(other));
        assertEquals("", scenario.checks().unrest().map(Throwable::toString).orElse(""));
    }

    /** As {@code kv}; the answers come while the world lives on. */
    private static List<Value.Obj> kv(NodeBox node, Value.Obj request) {
        List<Value.Obj> answers = new ArrayList<>();
        BucketDesk desk = node.lifecycle().orElseThrow().orchestration().buckets();
        node.box().process().fork("kv", () -> desk.handle(request, answers::add));
        return answers;
    }
}
