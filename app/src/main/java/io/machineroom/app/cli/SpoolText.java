package io.machineroom.app.cli;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what a spool answered, for people or as JSON. */
final class SpoolText {
    private final PrintWriter out;
    private final JsonFormat json;
    private final boolean asJson;

    /** How an answer looks to people. */
    interface Form {
        void print(Value.Obj answer, PrintWriter out);
    }

    SpoolText(PrintWriter out, JsonFormat json, boolean asJson) {
        this.out = out;
        this.json = json;
        this.asJson = asJson;
    }

    void print(Value.Obj answer, Form form) {
        if (asJson) {
            out.println(new String(json.write(answer), StandardCharsets.UTF_8));
        } else {
            form.print(answer, out);
        }
        out.flush();
    }

    void finding(Finding finding) {
        print(
                Value.obj("file", Value.text(finding.file()), "offset", Value.num(finding.offset()))
                        .with("what", Value.text(finding.what())),
                (v, to) -> to.printf("%s, byte %d: %s%n", finding.file(), finding.offset(), finding.what()));
    }

    static void stats(Value.Obj all, PrintWriter out) {
        out.printf("%-8s %12s %15s %15s %12s%n", "lane", "records", "bytes", "on disk", "oldest");
        Value.Obj lanes = all.obj("lanes").orElse(Value.obj());
        lanes.fields().forEach((name, of) -> row(name, of instanceof Value.Obj o ? o : Value.obj(), out));
        row("all", all, out);
        out.printf("epoch    %s%n", all.text("epoch").orElse(""));
        out.printf(
                "parked   %d, damaged %d since opening, %d bytes cut at opening%n",
                all.whole("parked").orElse(0L),
                all.whole("damaged_records").orElse(0L),
                all.whole("torn_bytes").orElse(0L));
    }

    private static void row(String name, Value.Obj of, PrintWriter out) {
        out.printf(
                "%-8s %12d %15d %15d %10d s%n",
                name,
                of.whole("records").orElse(0L),
                of.whole("bytes").orElse(0L),
                of.whole("disk_bytes").orElse(0L),
                of.whole("oldest_age_seconds").orElse(0L));
    }

    static void line(Value.Obj of, PrintWriter out) {
        long from = of.whole("from").orElse(0L);
        long through = of.whole("through").orElse(from);
        String numbers = from == through ? Long.toString(from) : from + "-" + through;
        String what = of.text("void")
                .map(cause -> "void: " + cause)
                .orElseGet(() -> of.text("created").orElse("") + " "
                        + of.whole("bytes").orElse(0L) + " B "
                        + of.text("subject").orElse("") + " " + of.text("id").orElse(""));
        out.printf(
                "%-7s %d.%s %s%n", of.text("lane").orElse(""), of.whole("epoch").orElse(0L), numbers, what);
    }

    static void ledger(Value.Obj of, PrintWriter out) {
        Map<String, Value> causes = of.obj("void").orElse(Value.obj()).fields();
        String voids = causes.entrySet().stream()
                .map(e -> e.getKey() + " " + (e.getValue() instanceof Value.Num n ? n.asLong() : 0))
                .collect(Collectors.joining(", "));
        out.printf(
                "%-7s %d-%d: %d events, %d missing%s  epoch %s%n",
                of.text("lane").orElse(""),
                of.whole("from").orElse(0L),
                of.whole("through").orElse(0L),
                of.whole("events").orElse(0L),
                of.whole("missing").orElse(0L),
                voids.isEmpty() ? "" : ", void: " + voids,
                of.text("epoch").orElse(""));
    }

    static void parked(Value.Obj of, PrintWriter out) {
        out.printf(
                "%s %s %s %s: %s%n",
                of.text("name").orElse(""),
                of.text("subject").orElse(""),
                of.text("id").orElse(""),
                of.text("code").orElse(""),
                of.text("reason").orElse(""));
    }

    static void requeued(Value.Obj of, PrintWriter out) {
        of.text("requeued").ifPresent(name -> out.println("requeued " + name));
        of.text("kept")
                .ifPresent(name ->
                        out.println("kept     " + name + ": " + of.text("why").orElse("")));
        of.whole("total")
                .ifPresent(n ->
                        out.println(n + " requeued, " + of.whole("kept_total").orElse(0L) + " kept"));
    }

    static void verified(Value.Obj of, PrintWriter out) {
        if (of.bool("running").orElse(false)) {
            out.printf(
                    "%d records of %d bytes read, %d damaged, %d bytes were cut at opening%n",
                    of.whole("records").orElse(0L),
                    of.whole("bytes").orElse(0L),
                    of.whole("damaged").orElse(0L),
                    of.whole("torn_bytes").orElse(0L));
        } else {
            out.printf(
                    "%d bytes read, %d faults found%n",
                    of.whole("bytes_read").orElse(0L), of.whole("findings").orElse(0L));
        }
        of.texts("evidence").forEach(name -> out.println("evidence " + name));
    }

    static void repaired(Value.Obj of, PrintWriter out) {
        if (of.text("set_aside").isPresent()) {
            out.println("the spool is now " + of.text("set_aside").get() + "; the agent begins a new one");
            return;
        }
        out.printf(
                "%d bytes cut, %d records damaged, %d records whole%n",
                of.whole("torn_bytes").orElse(0L),
                of.whole("damaged").orElse(0L),
                of.whole("records").orElse(0L));
        of.texts("evidence").forEach(name -> out.println("evidence " + name));
    }
}
