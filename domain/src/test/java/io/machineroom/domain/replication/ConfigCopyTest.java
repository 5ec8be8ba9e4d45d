package io.machineroom.domain.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConfigCopyTest extends SiteWorld {
    private void copied(String key, String value) {
        eventually(key + " = " + value, () -> value(HOST, key).equals(Optional.of(value)));
    }

    private void gone(String key) {
        eventually("no " + key, () -> value(HOST, key).isEmpty());
    }

    private long writes() {
        return meter.counter("mr_site_config_changes_total");
    }

    @Test
    void copiesWhatIsThereAndEachChangeAndDeletion() {
        put("saas", "machines", "one");
        up(lead());
        copied("machines", "one");
        put("saas", "machines", "two");
        copied("machines", "two");
        put("saas", "other.key", "x");
        copied("other.key", "x");
        delete("saas", "machines");
        gone("machines");
        assertEquals(Optional.of("x"), value(HOST, "other.key"));
    }

    @Test
    void writesNothingThatIsEqualAfterAStartD5() {
        put("saas", "a", "1");
        put("saas", "b", "2");
        up(lead());
        copied("b", "2");
        copied("a", "1");
        long before = writes();
        up(lead());
        tasks.advance(Duration.ofMinutes(20));
        assertEquals(before, writes());
    }

    @Test
    void removesWhatVanishedWithoutATraceW22() {
        put("saas", "stale", "1");
        put("saas", "kept", "1");
        up(lead());
        copied("stale", "1");
        saas.vanish("CONFIG", "stale");
        network.restart("saas");
        gone("stale");
        assertEquals(Optional.of("1"), value(HOST, "kept"));
    }

    @Test
    void catchesUpWithWhatChangedWhileTheLineWasCut() {
        put("saas", "a", "1");
        put("saas", "b", "1");
        Site site = lead();
        up(site);
        copied("b", "1");
        cutLine(site);
        put("saas", "a", "2");
        delete("saas", "b");
        tasks.advance(Duration.ofHours(1));
        assertEquals(Optional.of("1"), value(HOST, "a"), "offline it keeps the last state");
        assertEquals(Optional.of("1"), value(HOST, "b"));
        network.heal();
        copied("a", "2");
        gone("b");
    }

    @Test
    void isNotStoppedByConditionalWritesW01() {
        up(lead());
        tasks.run(() -> {
            try (var link = owner("saas")) {
                long revision = link.bucket("CONFIG")
                        .create("k", "1".getBytes(StandardCharsets.UTF_8))
                        .orElseThrow();
                link.bucket("CONFIG").update("k", "2".getBytes(StandardCharsets.UTF_8), revision);
            }
        });
        copied("k", "2");
        put("saas", "after", "x");
        copied("after", "x");
    }

    @Test
    void copiesOnlyWhatIsBelowThePrefixW20() {
        settings = new SiteSettings(
                Path.of("/site"),
                HOST,
                1_000_000,
                "eu",
                io.machineroom.domain.flow.RateSchedule.FREE,
                Optional.empty());
        put("saas", "eu.queue", "q");
        put("saas", "eu.eu.eu", "e");
        put("saas", "machines", "not here");
        put("saas", "euro.x", "not here");
        up(lead());
        copied("queue", "q");
        copied("eu.eu", "e");
        put("saas", "eu.late", "l");
        copied("late", "l");
        put("saas", "eu.sites", "not that one");
        put("saas", "sites", "s");
        copied("sites", "s");
        tasks.advance(Duration.ofMinutes(6));
        for (String key : new String[] {"machines", "euro.x", "eu.queue", "x", "ro.x"}) {
            assertEquals(Optional.empty(), value(HOST, key), key);
        }
        copied("sites", "s");
    }

    @Test
    void w37WordOfChangedSitesHasTheSameNameEverywhere() {
        ConfigNames eu = new ConfigNames("eu");
        assertEquals(Optional.of("sites"), eu.atSite("sites"));
        assertEquals("sites", eu.atSaas("sites"));
        assertEquals(Optional.empty(), eu.atSite("eu.sites"), "nothing else has it");
        assertEquals(Optional.of("sites.x"), eu.atSite("eu.sites.x"));
        assertEquals(Optional.of("sites"), new ConfigNames("").atSite("sites"));
    }

    @Test
    void mapsKeysByTokensMAP06MAP08W20() {
        ConfigNames eu = new ConfigNames("eu");
        assertEquals(Optional.of("machines"), eu.atSite("eu.machines"), "MAP-06");
        assertEquals(Optional.of("queue"), eu.atSite("eu.queue"), "MAP-08");
        assertEquals(Optional.of("myapp.cfg"), new ConfigNames("app").atSite("app.myapp.cfg"));
        assertEquals(Optional.of("machines"), new ConfigNames("CONFIG").atSite("CONFIG.machines"));
        assertEquals(Optional.of("x"), new ConfigNames("a.b").atSite("a.b.x"));
        assertEquals(Optional.empty(), eu.atSite("machines"));
        assertEquals(Optional.empty(), eu.atSite("eu"));
        assertEquals(Optional.empty(), eu.atSite("eu."));
        assertEquals(Optional.empty(), eu.atSite("europe.machines"));
        assertEquals(Optional.of("eu.machines"), new ConfigNames("").atSite("eu.machines"));
        for (String bad : new String[] {".", "a.", "a..b", "*", "a b", ">"}) {
            assertThrows(IllegalArgumentException.class, () -> new ConfigNames(bad), bad);
        }
    }

    @Test
    void sitesOfOneCustomerShareNothingW19() {
        put("saas", "a", "1");
        Site north = lead();
        up(north);
        copied("a", "1");
        // another site of the same customer at the same SaaS: nothing of it is named after the bucket alone
        up(lead("south"));
        put("saas", "a", "2");
        copied("a", "2");
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }
}
