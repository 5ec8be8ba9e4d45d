package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** W-37: who led a site and leads it no more is taken its users at the site's brokers, which have no end of their own. */
final class SiteExpelTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final OfficeWorld world = new OfficeWorld(78);
    private final SiteOffice sites = world.office.sites();

    private Value.Obj content(Value.Obj reply) {
        return (Value.Obj)
                world.json.read(Base64.getDecoder().decode(reply.text("answer").orElseThrow()));
    }

    private Value.Obj enrol(OfficeWorld.Node node) {
        return content(node.enrol(world.token("acme", DAY)));
    }

    private Value.Obj renew(OfficeWorld.Node node) {
        byte[] body = world.json.write(
                Value.obj("node_nonce", Value.text(world.tasks.entropy().hex(32))));
        return content(world.document(
                world.ask("POST", "/v1/renew", Map.of("authorization", "Bearer " + node.session()), body)));
    }

    private void pass(Duration time) {
        world.tasks.run(() -> world.tasks.sleep(time));
    }

    private Map<String, Instant> former() {
        return sites.former("acme", "plant").former();
    }

    private static String password(Value.Obj answer) {
        return answer.obj("site_broker")
                .flatMap(b -> b.obj("cluster"))
                .flatMap(c -> c.text("password"))
                .orElseThrow();
    }

    private Site expelled() {
        String nkey = sites.former("acme", "plant").nkey();
        return sites.expel("acme", "plant", world.jwt(nkey, "account"));
    }

    @Test
    void w37AReplacedLeaderIsTakenWhatItGotAsLeaderAndKeepsWhatItGotAsAFollower() {
        world.siteWithStandbys("acme", "plant", "boss");
        OfficeWorld.Node two = world.new Node("two");
        enrol(world.new Node("boss"));
        enrol(two);
        pass(DAY);
        renew(two);
        Instant last = Instant.ofEpochSecond(world.now().getEpochSecond());
        assertEquals(Map.of(), former());
        sites.lead("acme", "plant", "four", "two");
        assertEquals(Map.of(two.nkey(), last), former());
        pass(DAY);
        assertEquals(Optional.empty(), renew(two).obj("site_broker"));
        assertEquals(Map.of(two.nkey(), last), former(), "its user as a follower is later, and stays");
        sites.lead("acme", "plant", "two", "four");
        assertEquals(Map.of(), former(), "it leads again");
        sites.standBy(StandbyWish.none("acme", "plant", Optional.empty()));
        assertEquals(Map.of(two.nkey(), last), former());
    }

    @Test
    void w37AKeyThatWasStolenIsFormerOnceItsNodeHasAnother() {
        world.site("acme", "plant", "boss");
        OfficeWorld.Node stolen = world.new Node("boss");
        enrol(stolen);
        world.office.register().remove("acme", "boss");
        OfficeWorld.Node fresh = world.new Node("boss");
        enrol(fresh);
        assertEquals(Map.of(stolen.nkey(), Instant.ofEpochSecond(world.now().getEpochSecond())), former());
    }

    @Test
    void w37WhoIsExpelledKnowsThePasswordOfTheRoutesNoMoreAndTheSiteHearsOfIt() {
        world.siteWithStandbys("acme", "plant", "boss");
        OfficeWorld.Node boss = world.new Node("boss");
        Value.Obj before = enrol(boss);
        sites.lead("acme", "plant", "four", "three");
        assertEquals(password(before), password(renew(boss)), "a replaced machine is no reason to part the brokers");
        Optional<SiteChanges.Told> told = world.office.book().sites().changes().told("acme");
        pass(DAY);
        Site sealed = expelled();
        Value.Obj after = renew(boss);
        assertNotEquals(password(before), password(after));
        assertEquals(password(after), password(enrol(world.new Node("two"))));
        assertEquals(sealed, reopened(), "over a restart");
        assertNotEquals(
                told.map(SiteChanges.Told::revision),
                world.office.book().sites().changes().told("acme").map(SiteChanges.Told::revision));
        expelled();
        assertNotEquals(password(after), password(renew(boss)));
    }

    private Site reopened() {
        SiteBook book = new SiteBook(world.files, world.json, world.tasks.time());
        book.load();
        return book.find("acme", "plant").orElseThrow();
    }

    @Test
    void w37TakesTheOperatorsWordOnly() {
        Site before = world.site("acme", "plant", "boss");
        for (String jwt : List.of(
                "x", world.jwt("AOTHER", "account"), world.jwt(before.account().nkey(), "user"))) {
            assertEquals(
                    "customer.account",
                    assertThrows(PortException.Refused.class, () -> sites.expel("acme", "plant", jwt))
                            .code());
        }
        assertEquals(before, reopened());
    }

    @Test
    void w37ForgetsWhoLedASiteThatIsRemoved() {
        world.site("acme", "plant", "boss");
        enrol(world.new Node("boss"));
        sites.remove("acme", "plant");
        world.site("acme", "plant", "heir");
        assertEquals(Map.of(), former());
    }
}
