package io.machineroom.app.cli;

import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code status} shows of the site that an agent leads. */
final class SiteText {
    /** In {@code standing} of a site with standbys. */
    private static final String CARRIES = "carrying";

    private SiteText() {}

    static void print(PrintWriter out, Value.Obj site) {
        out.printf(
                "site      leader of %s, broker %s, line to the SaaS %s%n",
                site.text("site").orElse(""),
                site.text("broker").orElse(""),
                site.bool("uplink").orElse(false) ? "up" : "down");
        String why = site.text("reason").orElse("");
        if (!why.isEmpty()) {
            out.printf("          broker: %s%n", why);
        }
        Optional<String> standing = site.text("standing");
        standing.ifPresent(told -> out.printf(
                "          place %d of 3, %s; sees places %s%s%n",
                site.whole("place").orElse(0L),
                told.equals(CARRIES) ? "carries" : "stands by",
                numbers(site.list("places_seen")),
                site.bool("copies_current").orElse(false) ? "" : "; copies are not known to be current"));
        // what waits is told by the place that carries
        if (standing.isEmpty() || standing.get().equals(CARRIES)) {
            waiting(out, site);
        }
    }

    private static String numbers(List<Value> places) {
        return places.stream()
                .map(place -> place instanceof Value.Num number ? Long.toString(number.asLong()) : "")
                .collect(Collectors.joining(" "));
    }

    private static void waiting(PrintWriter out, Value.Obj site) {
        String code = site.text("last_code").orElse("");
        out.printf(
                "          %d messages waiting, %d bytes, oldest %d s%s%n",
                site.whole("waiting").orElse(0L),
                site.whole("waiting_bytes").orElse(0L),
                site.whole("oldest_age_seconds").orElse(0L),
                code.isEmpty() ? "" : ": " + code);
    }
}
