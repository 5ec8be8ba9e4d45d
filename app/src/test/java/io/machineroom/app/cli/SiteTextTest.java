package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SiteTextTest {
    private static final Value.Obj ALONE = Value.obj("site", Value.text("plant"), "broker", Value.text("running"))
            .with("uplink", Value.bool(true))
            .with("waiting", Value.num(7))
            .with("waiting_bytes", Value.num(700))
            .with("oldest_age_seconds", Value.num(3));

    private static Value.Obj at(String standing, boolean current) {
        return ALONE.with("place", Value.num(2))
                .with("standing", Value.text(standing))
                .with("places_seen", new Value.Arr(List.of(Value.num(1), Value.num(2), Value.num(3))))
                .with("copies_current", Value.bool(current));
    }

    private static List<String> lines(Value.Obj site) {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        SiteText.print(printer, site);
        printer.flush();
        return out.toString().lines().toList();
    }

    @Test
    void aPlaceAloneTellsWhatWaits() {
        assertEquals(
                List.of(
                        "site      leader of plant, broker running, line to the SaaS up",
                        "          7 messages waiting, 700 bytes, oldest 3 s"),
                lines(ALONE));
    }

    @Test
    void w37AStandbySaysThatItStandsByAndNothingOfWhatWaits() {
        assertEquals(
                List.of(
                        "site      leader of plant, broker running, line to the SaaS up",
                        "          place 2 of 3, stands by; sees places 1 2 3"),
                lines(at("standby", true)));
    }

    @Test
    void w37ThePlaceThatCarriesSaysSoAndWhatWaits() {
        assertEquals(
                List.of(
                        "site      leader of plant, broker running, line to the SaaS up",
                        "          place 2 of 3, carries; sees places 1 2 3; copies are not known to be current",
                        "          7 messages waiting, 700 bytes, oldest 3 s"),
                lines(at("carrying", false)));
    }
}
