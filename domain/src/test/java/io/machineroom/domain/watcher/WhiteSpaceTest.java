package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.deployment.DesiredPlugins;
import io.machineroom.domain.expression.GoText;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** White space at the ends of what commands and buckets say is what the original counts as such, no more and no less. */
final class WhiteSpaceTest {
    /** All that counts, besides the blank. */
    private static final String SPACE =
            "\t\n\u000b\f\r\u0085\u00a0\u1680\u2000\u2007\u200a\u2028\u2029\u202f\u205f\u3000";

    @Test
    void spacesOfAllScriptsGoAndSeparatorsOfDataStay() {
        assertEquals("a b", GoText.trim(SPACE + " a b " + SPACE));
        for (String stays : new String[] {"\u001c", "\u001f", "\u200b", "\u2060", "\ufeff", "\u180e", "\0"}) {
            assertEquals(stays + "a" + stays, GoText.trim(stays + "a" + stays));
        }
    }

    @Test
    void theOutputOfACheckIsTrimmed() {
        CheckResult result = CheckResult.of(CheckResult.Status.OK, SPACE + "OK: fine | a=1" + SPACE);
        assertEquals("OK: fine | a=1", result.output());
        assertEquals(
                "\u001fOK", CheckResult.of(CheckResult.Status.OK, "\u001fOK").output());
        assertEquals(1, PerfData.parse(SPACE + "x | a=1" + SPACE).size());
    }

    @Test
    void anObjectBehindSpacesIsOneOfAMetric() {
        Bench bench = new Bench();
        byte[] output = (SPACE + "{\"metrics\":{\"v\":1}}" + SPACE).getBytes(StandardCharsets.UTF_8);
        Metrics read = Metrics.read(output, bench.json, Map.of(), 1);
        assertEquals("choria", read.labels().get("format"));
        assertEquals(1.0, read.values().get("v"));
    }

    @Test
    void anObjectBehindSpacesIsOneOfABucket() {
        for (String spaces : new String[] {"\u00a0", "\u0085", "\u2007"}) {
            assertEquals(Value.obj("a", Value.num(1)), stored(spaces + "{\"a\":1}" + spaces));
        }
        assertEquals(Value.text("\u001f{\"a\":1}"), stored("\u001f{\"a\":1}"), "a text, as it is no JSON");
    }

    private static Value stored(String value) {
        Bench bench = new Bench();
        bench.interval = Duration.ofMinutes(1);
        TestBucket bucket = new TestBucket();
        bench.buckets.put("B", bucket);
        bucket.set("k", value, 1);
        bench.ask(bench.make(new KvWatcher.Type(), "{'bucket':'B','key':'k','bucket_prefix':false}"), Trigger.INTERVAL);
        return bench.data.get("k").orElseThrow();
    }

    /** An empty condition is one for all nodes; spaces are a condition that cannot be read, for none. */
    @Test
    void aConditionOfSpacesMatchesNobody() {
        CheckDisk files = new CheckDisk(new Bench());
        assertTrue(DesiredPlugins.matches("", "node", Value.obj(), files));
        assertThrows(PortException.Refused.class, () -> DesiredPlugins.matches(" ", "node", Value.obj(), files));
        assertThrows(PortException.Refused.class, () -> DesiredPlugins.read(" \n"));
    }
}
