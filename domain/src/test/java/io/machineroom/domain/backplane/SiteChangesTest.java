package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes hear of changes of their sites. */
final class SiteChangesTest {
    private final OfficeWorld world = new OfficeWorld(61);
    private final SiteOffice sites = world.office.sites();

    private Optional<Value.Obj> told(SiteBook book, String customer) {
        return book.changes().told(customer).map(told -> (Value.Obj) world.json.read(told.document()));
    }

    private Optional<Value.Obj> told(String customer) {
        return told(world.office.book().sites(), customer);
    }

    private long changed(String site) {
        return told("acme")
                .flatMap(all -> all.obj(site))
                .flatMap(one -> one.whole("changed"))
                .orElse(0L);
    }

    private SiteBook reopened() {
        SiteBook book = new SiteBook(world.files, world.json, world.tasks.time());
        book.load();
        return book;
    }

    private long now() {
        return world.now().getEpochSecond();
    }

    private void later() {
        world.tasks.advance(Duration.ofMinutes(10));
    }

    @Test
    void w37TellsOfEachChangeOfTheRegisterAndOfNothingElse() {
        assertEquals(Optional.empty(), told("acme"));
        world.site("acme", "plant", "boss");
        assertEquals(now(), changed("plant"));
        later();
        world.site("acme", "hall", "boss2");
        world.site("bolt", "mill", "boss3");
        assertEquals(now() - 600, changed("plant"), "another site changed, not this one");
        assertEquals(now(), changed("hall"));
        assertEquals(Optional.empty(), told("acme").orElseThrow().obj("mill"), "another customer's");
        later();
        sites.lead("acme", "plant", "heir");
        assertEquals(now(), changed("plant"));
        later();
        sites.lead("acme", "plant", "heir");
        assertEquals(now() - 600, changed("plant"), "he led it before");
        world.standBy(
                "acme",
                "plant",
                9224,
                java.util.List.of(
                        new Site.Seat("two", new Site.Place("h2", 1, 2, 3)),
                        new Site.Seat("three", new Site.Place("h3", 1, 2, 3))));
        assertEquals(now(), changed("plant"));
        later();
        sites.remove("acme", "plant");
        assertEquals(now(), changed("plant"), "its nodes report to the SaaS now");
        assertEquals(told("acme"), told(reopened(), "acme"), "kept over a restart");
    }

    @Test
    void w37FindsAtItsStartWhatWasChangedWithoutIt() {
        world.site("acme", "plant", "boss");
        byte[] before = world.files.read("sites/acme/plant.json", 65_536).orElseThrow();
        sites.lead("acme", "plant", "heir");
        later();
        world.files.replace("sites/acme/plant.json", before, 0600);
        SiteBook book = reopened();
        book.settle((customer, site) -> 0);
        assertEquals(
                Optional.of(now()),
                told(book, "acme").orElseThrow().obj("plant").orElseThrow().whole("changed"));
        later();
        SiteBook again = reopened();
        again.settle((customer, site) -> 0);
        assertEquals(told(book, "acme"), told(again, "acme"), "told once");
    }

    @Test
    void w37SitesFromBeforeChangesWereRememberedAreNoNews() {
        world.site("acme", "plant", "boss");
        world.files.delete("site-changes");
        SiteBook book = reopened();
        assertEquals(Optional.empty(), told(book, "acme"));
        book.settle((customer, site) -> 7);
        assertEquals(Optional.empty(), told(book, "acme"));
        world.office.book().sites().load();
        world.site("acme", "hall", "boss2");
        assertEquals(0, changed("plant"));
        assertEquals(now(), changed("hall"));
    }

    @Test
    void w37GivesTheNodesOfALargeSiteMoreTime() {
        SiteBook book = world.office.book().sites();
        book.settle((customer, site) -> site.equals("plant") ? 15_000 : 20);
        world.site("acme", "plant", "boss");
        world.site("acme", "hall", "boss2");
        Value.Obj all = told("acme").orElseThrow();
        assertEquals(Optional.of(750L), all.obj("plant").orElseThrow().whole("within"));
        assertEquals(Optional.of(300L), all.obj("hall").orElseThrow().whole("within"));
    }

    @Test
    void w37TheRunningBackplaneSaysHowMuchTimeForAChangeOfACommand() {
        world.site("acme", "plant", "boss");
        assertEquals(
                Optional.empty(),
                told("acme").orElseThrow().obj("plant").orElseThrow().whole("within"));
        SiteBook book = reopened();
        long revision = book.changes().told("acme").orElseThrow().revision();
        book.settle((customer, site) -> 1_000_000);
        assertEquals(
                Optional.of(3_600L),
                told(book, "acme").orElseThrow().obj("plant").orElseThrow().whole("within"));
        assertTrue(book.changes().told("acme").orElseThrow().revision() > revision);
        assertEquals(told(book, "acme"), told(reopened(), "acme"));
    }

    @Test
    void w37ForgetsOldChanges() {
        world.site("acme", "plant", "boss");
        world.site("acme", "hall", "boss2");
        sites.remove("acme", "plant");
        world.tasks.advance(Duration.ofDays(3));
        sites.lead("acme", "hall", "heir");
        assertEquals(1, told("acme").orElseThrow().fields().size());
        String file =
                new String(world.files.read("site-changes/acme.json", 65_536).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(file.contains("plant"), file);
    }

    @Test
    void w37SaysWhichFileIsDamaged() {
        world.site("acme", "plant", "boss");
        for (String damage : java.util.List.of("", "{}", "[]", "{\"revision\":1,\"sites\":{\"plant\":7}}")) {
            world.files.replace("site-changes/acme.json", damage.getBytes(StandardCharsets.UTF_8), 0600);
            PortException.Corrupted told = assertThrows(PortException.Corrupted.class, this::reopened);
            assertEquals("state.damaged", told.code());
            assertTrue(String.valueOf(told.getMessage()).contains("site-changes/acme.json"));
        }
    }

    /** The clock was a year ahead when one site was changed: those of the others that are changed later are told all the same. */
    @Test
    void w37AChangeWhoseTimeIsStillToComeHidesNoOther() {
        world.site("acme", "plant", "boss");
        String file = "site-changes/acme.json";
        String saved = new String(world.files.read(file, 65_536).orElseThrow(), StandardCharsets.UTF_8);
        long ahead = now() + Duration.ofDays(365).toSeconds();
        String wrong = saved.replace(Long.toString(now()), Long.toString(ahead));
        assertFalse(wrong.equals(saved), saved);
        world.files.replace(file, wrong.getBytes(StandardCharsets.UTF_8), 0600);
        world.office.book().sites().load();
        world.site("acme", "hall", "boss2");
        assertEquals(now(), changed("hall"));
        assertEquals(ahead, changed("plant"));
        sites.lead("acme", "plant", "heir");
        assertEquals(ahead + 1, changed("plant"), "later than what nodes heard before");
        assertEquals(now(), changed("hall"));
    }
}
