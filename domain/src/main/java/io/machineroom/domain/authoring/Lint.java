package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.Finding.Severity;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.ports.data.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Looks at machines without running them: what keeps them from running, what they ignore, and, when asked, what cannot
 * work as written. Machines that are given together are judged together. Stateless.
 */
public final class Lint {
    private Lint() {}

    /** How closely to look. */
    public enum Depth {
        /** Faults and warnings of loading and starting. */
        VERDICTS,
        /** Every rule as well. */
        RULES
    }

    /** All findings, machine by machine, each from top to bottom. */
    public static List<Finding> look(List<Sheet> sheets, Depth depth) {
        List<Finding> out = new ArrayList<>();
        List<Subject> subjects = new ArrayList<>();
        for (Sheet sheet : sheets) {
            verdicts(sheet, out);
            sheet.definition().ifPresent(machine -> subjects.add(new Subject(sheet, machine, out)));
        }
        if (depth == Depth.RULES) {
            NeighbourRules neighbours = new NeighbourRules(subjects);
            GovernorRules governors = new GovernorRules(subjects);
            for (Subject subject : subjects) {
                StateRules.look(subject);
                WatcherRules.look(subject);
                KindRules.look(subject);
                governors.look(subject);
                LoopRules.look(subject);
                TextRules.look(subject);
                neighbours.look(subject);
            }
        }
        List<String> order = sheets.stream().map(Sheet::file).toList();
        return out.stream()
                .sorted(Comparator.<Finding>comparingInt(f -> order.indexOf(f.file()))
                        .thenComparingInt(f -> f.place().line())
                        .thenComparingInt(f -> f.place().column()))
                .toList();
    }

    private static void verdicts(Sheet sheet, List<Finding> out) {
        if (sheet.reading() instanceof Unreadable bad) {
            bad.faults()
                    .forEach(fault -> out.add(new Finding(
                            Severity.FAULT,
                            fault.atStart() ? "start" : "load",
                            sheet.file(),
                            withHint(fault.problem(), fault.hint()),
                            Remedies.of(fault, sheet))));
        }
        sheet.reading()
                .warnings()
                .forEach(warning -> out.add(new Finding(Severity.WARNING, "ignored", sheet.file(), warning, "")));
    }

    private static Problem withHint(Problem problem, String hint) {
        // the verdict above it begins with these words already
        String message = problem.message().replaceFirst("^could not load machine.yaml: ", "");
        return new Problem(problem.path(), problem.line(), problem.column(), message + hint);
    }
}
