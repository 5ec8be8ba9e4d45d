package io.machineroom.app.cli;

import io.machineroom.domain.authoring.Finding;
import io.machineroom.domain.authoring.Finding.Severity;
import io.machineroom.domain.authoring.Sheet;
import io.machineroom.domain.authoring.TestReport;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How machines look on the console. */
record MachineText(PrintWriter out, JsonFormat json) {
    void pretty(Value value) {
        out.print(new String(json.pretty(value), StandardCharsets.UTF_8));
        out.flush();
    }

    void compact(Value value) {
        out.print(new String(json.write(value), StandardCharsets.UTF_8) + "\n");
        out.flush();
    }

    void check(List<Sheet> sheets, List<Finding> findings) {
        for (Sheet sheet : sheets) {
            String load = sheet.loadVerdict();
            String start = sheet.startVerdict();
            String verdict = !load.isEmpty()
                    ? "does not load: " + load
                    : !start.isEmpty() ? "loads, does not start: " + start : "loads and starts";
            out.println(sheet.file() + ": " + verdict.replace("\n\n", " ").replace("\n", " "));
            findings.stream().filter(f -> f.file().equals(sheet.file())).forEach(f -> out.println(f.line()));
        }
        out.println(many(sheets.size(), "machine") + ", " + many(count(findings, Severity.FAULT), "fault") + ", "
                + many(count(findings, Severity.WARNING), "warning"));
        out.flush();
    }

    void verdicts(List<Sheet> sheets, List<Finding> findings) {
        List<Value> all = sheets.stream()
                .<Value>map(sheet -> sheet.document(findings.stream()
                        .filter(f -> f.file().equals(sheet.file()))
                        .toList()))
                .toList();
        pretty(Value.obj("machines", new Value.Arr(all))
                .with("faults", Value.num(count(findings, Severity.FAULT)))
                .with("warnings", Value.num(count(findings, Severity.WARNING))));
    }

    private static String many(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).count();
    }

    void report(TestReport report) {
        report.moves()
                .forEach(m -> out.printf(
                        "%-12s %s: %s > %s by %s%n",
                        Durations.print(m.at()), m.machine(), m.from(), m.to(), m.event()));
        report.unrehearsed().forEach(what -> out.println("warning: not rehearsed: " + what));
        report.failures().forEach(failure -> out.println("FAILED " + failure));
        out.printf(
                "%s: %d transitions in %s%n",
                report.failures().isEmpty() ? "passed" : "failed",
                report.moves().size(),
                Durations.print(report.length()));
        out.flush();
    }

    void state(Value.Obj machine) {
        String error = machine.text("load_error").orElse("");
        out.printf(
                "%s %s  %s  %s%n",
                names(machine),
                machine.text("version").orElse(""),
                error.isEmpty() ? machine.text("state").orElse("") : "does not run: " + error,
                machine.text("origin").orElse(""));
        if (error.isEmpty()) {
            out.println("    can " + String.join(", ", machine.texts("available_transitions")));
        }
        Value.Obj watchers = machine.obj("watchers").orElse(Value.obj());
        watchers.fields().forEach((name, state) -> {
            if (state instanceof Value.Obj found) {
                out.println("    " + name + ": " + found.text("outcome").orElse("")
                        + found.text("reason").map(reason -> ", " + reason).orElse(""));
            }
        });
    }

    /** Its name; of one that was refused that of its folder, with the one in its manifest where that is another. */
    static String names(Value.Obj machine) {
        String name = machine.text("name").orElse("");
        String other = machine.text("manifest_name").orElse("");
        return other.isEmpty() || other.equals(name) ? name : name + " (" + other + ")";
    }

    void fired(String name, Value.Obj answer) {
        out.printf(
                "%s: %s > %s%n",
                name, answer.text("from_state").orElse(""), answer.text("state").orElse(""));
    }
}
