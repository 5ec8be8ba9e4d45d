package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.sim.SimSignatures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The register of sites: what is taken in, what is refused, and what is there after a restart. */
final class SiteOfficeTest {
    private static final Site.Place PLACE = new Site.Place("h.example", 9222, 9223);

    private final OfficeWorld world = new OfficeWorld(52);
    private final SiteOffice sites = world.office.sites();

    private static SiteOffice.Plan plan(String customer, String site) {
        return new SiteOffice.Plan(customer, site, "boss", PLACE);
    }

    private static void refused(String code, Executable attempt) {
        assertEquals(code, assertThrows(PortException.Refused.class, attempt).code());
    }

    private SiteBook reopened() {
        SiteBook book = new SiteBook(world.files, world.json, world.tasks.time());
        book.load();
        return book;
    }

    @Test
    void keepsASiteOverARestart() {
        Site plant = world.site("acme", "plant", "boss");
        Site hall = world.site("acme", "hall", "n2");
        Site other = world.site("bolt", "plant", "n3");
        assertEquals(List.of(hall, plant, other), reopened().all());
        assertEquals(plant.caPin(), hall.caPin(), "a customer has one site CA");
        assertNotEquals(plant.caPin(), other.caPin());
        assertNotEquals(plant.account().nkey(), other.account().nkey());
        String file =
                new String(world.files.read("sites/acme/plant.json", 65_536).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(file.matches("(?s).*\"SA[A-Z2-7]{50,}.*"), "a seed in the register");
        assertEquals(
                new SimSignatures()
                        .sha256(world.files.read("site-ca/acme/ca.pem", 65_536).orElseThrow()),
                plant.caPin());
    }

    @Test
    void refusesWhatIsNoSite() {
        world.site("acme", "plant", "boss");
        refused("site.exists", () -> sites.accountKey(plan("acme", "plant")));
        refused("site.customer", () -> sites.accountKey(plan("nobody", "plant")));
        refused("site.customer", () -> sites.accountKey(plan(Charter.OWN_ACCOUNT, "plant")));
        for (String name : List.of("", "A", "1a", "a.b", "a*", "a>", "a/b", "..", "x".repeat(33))) {
            refused("site.name", () -> sites.accountKey(plan("acme", name)));
        }
        for (String leader : List.of("", "-a", "a b", "a/b", "x".repeat(129))) {
            refused("site.leader", () -> sites.accountKey(new SiteOffice.Plan("acme", "hall", leader, PLACE)));
            refused("site.leader", () -> sites.lead("acme", "plant", leader));
        }
        refused("site.absent", () -> sites.lead("acme", "hall", "n1"));
        refused("site.absent", () -> sites.remove("bolt", "plant"));
        assertEquals(1, reopened().all().size());
    }

    @Test
    void refusesPlacesThatNoCertificateOrBrokerCanBeFor() {
        for (String host : List.of(
                "",
                "a b",
                "http://a",
                "a/b",
                "-a",
                "a-",
                "[::1]",
                "a:1",
                "a\"",
                "*.example",
                ":::",
                "1:2:3",
                "x".repeat(254))) {
            refused("site.place", () -> new Site.Place(host, 1, 2));
        }
        for (int port : new int[] {0, -1, 65_536}) {
            refused("site.place", () -> new Site.Place("h", port, 9223));
            refused("site.place", () -> new Site.Place("h", 9222, port));
        }
        refused("site.place", () -> new Site.Place("h", 9222, 9222));
        assertEquals("tls://[::1]:1", new Site.Place("::1", 1, 2).broker().toString());
        assertEquals(
                "https://[2001:db8::]:2",
                new Site.Place("2001:db8::", 1, 2).gateway().toString());
        Site.Place six = new Site.Place("2001:db8::7", 1, 2);
        assertEquals("tls://[2001:db8::7]:1", six.broker().toString());
        assertEquals("https://[2001:db8::7]:2", six.gateway().toString());
        assertEquals(List.of("2001:db8::7", "localhost", "127.0.0.1"), new Site.Seat("boss", six).certifiedNames());
    }

    @Test
    void takesNoAccountThatIsNotThisOperatorsWordAboutThisKey() {
        String nkey = sites.accountKey(plan("acme", "plant"));
        assertEquals(nkey, sites.accountKey(plan("acme", "plant")), "asked twice, made once");
        String other = sites.accountKey(plan("acme", "hall"));
        String good = world.jwt(nkey, "account");
        for (String bad : List.of("", "noise", world.jwt(other, "account"), world.jwt(nkey, "user"), good + "x")) {
            refused("customer.account", () -> sites.add(plan("acme", "plant"), bad));
        }
        assertTrue(reopened().all().isEmpty());
        assertEquals(nkey, sites.add(plan("acme", "plant"), good).account().nkey());
    }

    /** Customer {@code site-a} and site {@code b} of customer {@code a}: one key for both would let one speak as the other. */
    @Test
    void takesNoCustomersKeyForASites() {
        assertNotEquals(Charter.account("site-acme-plant"), Site.accountKey("acme", "plant"));
        assertNotEquals(Site.accountKey("a-b", "c"), Site.accountKey("a", "b-c"));
    }

    @Test
    void forgetsTheAccountOfARemovedSite() {
        Site gone = world.site("acme", "plant", "boss");
        sites.remove("acme", "plant");
        assertFalse(world.keys.has(gone.accountKey()));
        assertTrue(reopened().all().isEmpty());
        Site again = world.site("acme", "plant", "boss");
        assertNotEquals(gone.account().nkey(), again.account().nkey());
        assertEquals(gone.caPin(), again.caPin(), "the nodes of other sites pin it");
    }

    @Test
    void saysWhichFileIsDamaged() {
        world.site("acme", "plant", "boss");
        for (String damage : List.of("", "{}", "[]", "{\"customer\":\"acme\"}")) {
            world.files.replace("sites/acme/plant.json", damage.getBytes(StandardCharsets.UTF_8), 0600);
            PortException.Corrupted told = assertThrows(PortException.Corrupted.class, this::reopened);
            assertEquals("state.damaged", told.code());
            assertTrue(String.valueOf(told.getMessage()).contains("plant.json"));
        }
    }

    @Test
    void takesNoFileUnderAnothersName() {
        world.site("acme", "plant", "boss");
        byte[] file = world.files.read("sites/acme/plant.json", 65_536).orElseThrow();
        world.files.makeDirectory("sites/bolt", 0700);
        world.files.replace("sites/bolt/plant.json", file, 0600);
        assertThrows(PortException.Corrupted.class, this::reopened);
    }

    private static Site.Seat seat(String identity, String host, int port) {
        return new Site.Seat(identity, new Site.Place(host, port, port + 1, port + 2));
    }

    private List<String> leaders(Site site) {
        return site.seats().stream().map(Site.Seat::identity).toList();
    }

    @Test
    void w37KeepsThreePlacesOverARestartAndGoesBackToOne() {
        Site three = world.siteWithStandbys("acme", "plant", "boss");
        assertEquals(List.of("boss", "two", "three"), leaders(three));
        assertEquals(9224, three.place().routePort());
        assertEquals(List.of(three), reopened().all());
        Site one = sites.standBy(StandbyWish.none("acme", "plant", Optional.empty()))
                .site();
        assertEquals(List.of("boss"), leaders(one));
        assertEquals(0, one.place().routePort());
        assertEquals(three.account(), one.account());
        assertEquals(List.of(one), reopened().all());
        String file =
                new String(world.files.read("sites/acme/plant.json", 65_536).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(file.contains("standbys") || file.contains("route_port"), "an older backplane reads it");
    }

    @Test
    void w37ReadsTheFileOfABackplaneThatKnewNoStandbys() {
        Site site = world.site("acme", "plant", "boss");
        String old = "{\"customer\":\"acme\",\"site\":\"plant\",\"leader\":\"boss\",\"host\":\"plant.example\","
                + "\"port\":9222,\"gateway_port\":9223,\"ca_pin\":\"" + site.caPin() + "\",\"nkey\":\""
                + site.account().nkey() + "\",\"account_jwt\":\""
                + site.account().jwt() + "\"}";
        world.files.replace("sites/acme/plant.json", old.getBytes(StandardCharsets.UTF_8), 0600);
        assertEquals(List.of(site), reopened().all());
    }

    @Test
    void w37ReplacesTheMachineOfAPlace() {
        world.siteWithStandbys("acme", "plant", "boss");
        Site other = sites.lead("acme", "plant", "four", "two").site();
        assertEquals(List.of("boss", "four", "three"), leaders(other));
        assertEquals("h2.example", other.seats().get(1).place().host(), "at the same place");
        assertEquals(
                List.of("five", "four", "three"),
                leaders(sites.lead("acme", "plant", "five").site()));
        refused("site.leader", () -> sites.lead("acme", "plant", "six", "two"));
        refused("site.leader", () -> sites.lead("acme", "plant", "three"));
        refused("site.leader", () -> sites.lead("acme", "plant", "no name", "three"));
        assertEquals(List.of("five", "four", "three"), leaders(reopened().all().getFirst()));
    }

    @Test
    void warnsOfANewLeaderThatIsNoNodeOfTheSite() {
        world.site("acme", "plant", "boss");
        world.new Node("four").enrol(world.token("acme", Duration.ofDays(1)));
        assertEquals(List.of(), sites.lead("acme", "plant", "four").warnings());
        SiteStandbys.Outcome doubtful = sites.lead("acme", "plant", "fuor");
        assertEquals("fuor", doubtful.site().leader(), "its machine may be installed later");
        assertEquals(
                List.of("'fuor' is not enrolled: nobody is at its place until it is, with a token of site 'plant'; is"
                        + " the name right (backplane nodes)?"),
                doubtful.document().texts("warnings"));
        assertFalse(doubtful.startsAnew());
    }

    @Test
    void w37RefusesStandbysThatNoMajorityCouldBeMadeOf() {
        world.site("acme", "plant", "boss");
        Site.Seat two = seat("two", "h2", 9222);
        Site.Seat three = seat("three", "h3", 9222);
        refused("site.place", () -> world.standBy("acme", "plant", 9224, List.of(two)));
        refused("site.place", () -> world.standBy("acme", "plant", 9224, List.of(two, three, seat("four", "h4", 1))));
        refused("site.leader", () -> world.standBy("acme", "plant", 9224, List.of(two, seat("two", "h3", 9222))));
        refused("site.leader", () -> world.standBy("acme", "plant", 9224, List.of(two, seat("boss", "h3", 9222))));
        refused("site.leader", () -> world.standBy("acme", "plant", 9224, List.of(two, seat("-", "h3", 9222))));
        refused("site.place", () -> world.standBy("acme", "plant", 9224, List.of(two, seat("three", "h2", 9224))));
        refused("site.place", () -> world.standBy("acme", "plant", 9222, List.of(two, three)));
        refused("site.place", () -> world.standBy("acme", "plant", 0, List.of(two, three)));
        Site.Seat unrouted = new Site.Seat("three", new Site.Place("h3", 9222, 9223));
        refused("site.place", () -> world.standBy("acme", "plant", 9224, List.of(two, unrouted)));
        refused("site.place", () -> new Site.Place("h", 9222, 9223, 9223));
        refused("site.place", () -> new Site.Place("h", 9222, 9223, 65_536));
        refused("site.absent", () -> world.standBy("acme", "hall", 9224, List.of(two, three)));
        assertEquals(1, reopened().all().getFirst().seats().size());
        assertEquals(
                3,
                world.standBy("acme", "plant", 9224, List.of(two, three))
                        .seats()
                        .size());
        assertEquals(
                3,
                world.standBy("acme", "plant", 9224, List.of(two, seat("three", "h2", 9232)))
                        .seats()
                        .size(),
                "one machine may hold two of them, for a trial");
    }
}
