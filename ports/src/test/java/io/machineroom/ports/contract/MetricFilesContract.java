package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.host.MetricFiles.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link MetricFiles} promises. */
public abstract class MetricFilesContract {
    protected abstract MetricFiles files();

    /** What a reader of the file sees: the lines that are no comments; none when there is no file. */
    protected abstract List<String> lines(String file);

    private static Sample gauge(String name, String value, Map<String, String> labels) {
        return new Sample(name, "Help", false, labels, value);
    }

    @Test
    void samplesOfOneNameStandTogetherWhoeverShowsThem() {
        files().show("a.prom", "one", List.of(gauge("z", "5", Map.of()), gauge("m", "1", Map.of("x", "1"))));
        files().show("a.prom", "two", List.of(gauge("m", "2", Map.of("y", "b", "x", "a"))));
        assertEquals(List.of("m{x=\"1\"} 1", "m{x=\"a\",y=\"b\"} 2", "z 5"), lines("a.prom"));
    }

    @Test
    void whatIsShownReplacesWhatTheOwnerShowedBefore() {
        files().show("a.prom", "one", List.of(gauge("m", "1", Map.of("x", "1")), gauge("n", "1", Map.of())));
        files().show("a.prom", "two", List.of(gauge("o", "1", Map.of())));
        files().show("a.prom", "one", List.of(gauge("m", "2", Map.of("x", "1"))));
        assertEquals(List.of("m{x=\"1\"} 2", "o 1"), lines("a.prom"));
    }

    @Test
    void ofTwoSamplesThatAreTheSameTheFirstIsShown() {
        files().show("a.prom", "one", List.of(gauge("m", "1", Map.of())));
        files().show("a.prom", "two", List.of(gauge("m", "2", Map.of())));
        assertEquals(List.of("m 1"), lines("a.prom"));
    }

    @Test
    void whatIsForgottenIsGone() {
        files().show("a.prom", "one", List.of(gauge("m", "1", Map.of())));
        files().show("b.prom", "one", List.of(gauge("m", "1", Map.of())));
        files().forget("a.prom", "one");
        files().forget("a.prom", "nobody");
        files().forget("none.prom", "nobody");
        assertEquals(List.of(), lines("a.prom"));
        assertEquals(List.of("m 1"), lines("b.prom"));
    }
}
