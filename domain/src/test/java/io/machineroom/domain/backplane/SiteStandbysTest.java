package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a site becomes when its operator names standbys once, and again. */
final class SiteStandbysTest {
    private final OfficeWorld world = new OfficeWorld(53);
    private final SiteOffice sites = world.office.sites();

    private static Site.Seat seat(String identity, String host) {
        return new Site.Seat(identity, new Site.Place(host, 9222, 9223, 9224));
    }

    private static StandbyWish two(Site.Seat one, Site.Seat other) {
        return StandbyWish.two("acme", "plant", Optional.empty(), List.of(one, other));
    }

    private Site now() {
        return world.office.book().sites().find("acme", "plant").orElseThrow();
    }

    /** Who has which number, and where. */
    private String members() {
        return now().seats().stream()
                .map(seat -> now().member(seat) + " " + seat.identity() + "@"
                        + seat.place().host())
                .collect(Collectors.joining(", "));
    }

    private static String refused(String code, Executable attempt) {
        PortException.Refused refusal = assertThrows(PortException.Refused.class, attempt);
        assertEquals(code, refusal.code());
        return String.valueOf(refusal.getMessage());
    }

    private void enrol(String identity, String site) {
        Origin origin = new Origin("acme", site, identity, "U" + identity);
        world.files.makeDirectory("enrolled/acme", 0700);
        world.files.replace(
                "enrolled/acme/" + identity + ".json",
                world.json.write(new EnrolledNode(origin, "key " + identity, "", "1.0", 0, Value.obj()).document()),
                0600);
    }

    private void plant() {
        world.site("acme", "plant", "boss");
        sites.standBy(two(seat("two", "h2"), seat("three", "h3")).forced());
    }

    @Test
    void w37WhoeverStaysKeepsItsNumberInWhateverOrderTheTwoAreNamed() {
        plant();
        assertEquals("1 boss@plant.example, 2 two@h2, 3 three@h3", members());
        sites.standBy(two(seat("three", "h3"), seat("two", "h2")));
        assertEquals("1 boss@plant.example, 2 two@h2, 3 three@h3", members(), "named in the other order");
        sites.standBy(two(seat("four", "h4"), seat("two", "h2")).forced());
        assertEquals(
                "1 boss@plant.example, 2 two@h2, 3 four@h4", members(), "the one that comes has the place of who goes");
        sites.standBy(two(seat("four", "h4"), seat("five", "h5")).forced());
        assertEquals("1 boss@plant.example, 2 five@h5, 3 four@h4", members());
    }

    @Test
    void w37ReplacesNoTwoMachinesAtOnceWhateverIsSaid() {
        plant();
        StandbyWish both = two(seat("four", "h2"), seat("five", "h3"));
        for (StandbyWish wish : List.of(both, both.forced())) {
            String why = refused("site.place", () -> sites.standBy(wish));
            assertTrue(why.contains("backplane site leader acme plant NEW --instead-of OLD"), why);
            assertTrue(why.contains("'four' and 'five'"), why);
        }
        assertEquals("1 boss@plant.example, 2 two@h2, 3 three@h3", members());
    }

    @Test
    void w37MovesThoseThatStayToOtherAddresses() {
        plant();
        sites.standBy(two(seat("three", "n3"), seat("two", "n2")));
        assertEquals("1 boss@plant.example, 2 two@n2, 3 three@n3", members());
    }

    @Test
    void w37KeepsTheRoutePortOfTheFirstPlaceUntilAnotherIsNamed() {
        plant();
        assertEquals(SitePorts.ROUTE, now().place().routePort(), "none was named");
        sites.standBy(
                StandbyWish.two("acme", "plant", Optional.of(9300), List.of(seat("two", "h2"), seat("three", "h3"))));
        assertEquals(9300, now().place().routePort());
        sites.standBy(two(seat("two", "n2"), seat("three", "h3")));
        assertEquals(9300, now().place().routePort(), "it was not named again");
    }

    @Test
    void w37RefusesStandbysThatAreNoNodesOfTheSite() {
        world.site("acme", "plant", "boss");
        enrol("two", "plant");
        enrol("elsewhere", "hall");
        enrol("nowhere", "");
        String typo = refused("site.standby", () -> sites.standBy(two(seat("two", "h2"), seat("tree", "h3"))));
        assertTrue(typo.contains("'tree' is not enrolled") && !typo.contains("'two' is"), typo);
        String other =
                refused("site.standby", () -> sites.standBy(two(seat("elsewhere", "h2"), seat("nowhere", "h3"))));
        assertTrue(other.contains("'elsewhere' is enrolled at site 'hall'"), other);
        assertTrue(other.contains("'nowhere' is enrolled without a site"), other);
        assertTrue(other.contains("--force") && other.contains("token of site 'plant'"), other);
        assertEquals(1, now().seats().size());

        enrol("three", "plant");
        SiteStandbys.Outcome done = sites.standBy(two(seat("two", "h2"), seat("three", "h3")));
        assertEquals(List.of(), done.warnings());
        assertFalse(done.document().get("warnings").isPresent());
        assertEquals(3, now().seats().size());
        String later = refused("site.standby", () -> sites.standBy(two(seat("two", "h2"), seat("four", "h4"))));
        assertTrue(later.contains("'four' is not enrolled"), later);
    }

    @Test
    void w37WarnsOfWhatItDidBecauseTheOperatorSaidSo() {
        world.site("acme", "plant", "boss");
        SiteStandbys.Outcome done =
                sites.standBy(two(seat("two", "h2"), seat("three", "h3")).forced());
        assertEquals(List.of("'two' is not enrolled", "'three' is not enrolled"), done.warnings());
        assertEquals(2, done.document().list("warnings").size());
        assertEquals(
                List.of(),
                sites.standBy(two(seat("two", "n2"), seat("three", "n3"))).warnings(),
                "they are known now");
    }

    @Test
    void w37SaysWhenTheSiteGoesOnWithAnotherStore() {
        world.site("acme", "plant", "boss");
        StandbyWish wish = two(seat("two", "h2"), seat("three", "h3")).forced();
        assertTrue(sites.standBy(wish).startsAnew());
        assertFalse(sites.standBy(wish).startsAnew());
        StandbyWish none = StandbyWish.none("acme", "plant", Optional.empty());
        assertEquals(Optional.of(true), sites.standBy(none).document().bool("starts_anew"));
        assertFalse(sites.standBy(none).startsAnew(), "there was none");
    }

    @Test
    void w37RefusesAHostThatOnlyItsOwnMachineReaches() {
        world.site("acme", "plant", "boss");
        for (String host : List.of("127.0.0.1", "localhost", "::1", "127.8.0.1")) {
            StandbyWish wish = two(seat("two", host), seat("three", "h3")).forced();
            String why = refused("site.place", () -> sites.standBy(wish));
            assertTrue(why.contains("'two'"), why);
        }
        assertEquals(1, now().seats().size());
        SiteOffice.Plan plan = new SiteOffice.Plan("acme", "desk", "boss", new Site.Place("localhost", 9222, 9223));
        sites.add(plan, world.jwt(sites.accountKey(plan), "account"));
        refused(
                "site.place",
                () -> sites.standBy(StandbyWish.two(
                                "acme", "desk", Optional.empty(), List.of(seat("two", "h2"), seat("three", "h3")))
                        .forced()));
        Site one = world.standBy(
                "acme",
                "desk",
                9224,
                List.of(
                        new Site.Seat("two", new Site.Place("127.0.0.1", 1, 2, 3)),
                        new Site.Seat("three", new Site.Place("::1", 1, 2, 3))));
        assertEquals(3, one.seats().size(), "all three on one machine, for a trial");
    }

    @Test
    void w37ASurvivingStandbyLeadsAlone() {
        plant();
        Site three = now();
        refused("site.leader", () -> sites.standBy(StandbyWish.none("acme", "plant", Optional.of("stranger"))));
        assertEquals(3, now().seats().size());
        sites.standBy(StandbyWish.none("acme", "plant", Optional.of("three")));
        assertEquals("1 three@h3", members());
        assertEquals(0, now().place().routePort());
        assertEquals(three.account(), now().account());
        assertEquals("leader", now().role(new Origin("acme", "plant", "three", "U")));
        assertEquals("follower", now().role(new Origin("acme", "plant", "boss", "U")));
    }

    @Test
    void aWishIsTheSameAfterItWasSent() {
        StandbyWish plain = two(seat("two", "h2"), seat("three", "2001:db8::3"));
        for (StandbyWish wish : List.of(
                plain,
                plain.forced(),
                StandbyWish.two("acme", "plant", Optional.of(9300), plain.standbys()),
                StandbyWish.none("acme", "plant", Optional.empty()),
                StandbyWish.none("acme", "plant", Optional.of("three")))) {
            byte[] sent = world.json.write(wish.document());
            assertEquals(
                    wish, StandbyWish.of((Value.Obj) world.json.read(sent)), new String(sent, StandardCharsets.UTF_8));
        }
        refused("control.command", () -> StandbyWish.of(plain.document().with("route_port", Value.num(1L << 40))));
        refused("control.command", () -> StandbyWish.of(Value.obj("customer", Value.text("acme"))));
    }
}
