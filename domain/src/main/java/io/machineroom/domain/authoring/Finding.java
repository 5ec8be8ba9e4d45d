package io.machineroom.domain.authoring;

import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;

/**
 * Something about a machine that its author should know.
 *
 * @param severity whether it has to be mended
 * @param rule short name of the rule that found it, stable
 * @param file the manifest, as its directory was named
 * @param place where in it, and what is wrong
 * @param remedy what to do about it; empty when the message says it
 */
public record Finding(Severity severity, String rule, String file, Problem place, String remedy) {
    /** How bad it is. */
    public enum Severity {
        /** The machine does not run, harms itself or others, or needs what is not there. */
        FAULT,
        /** Something of it is without effect, or most likely not as meant. */
        WARNING
    }

    /** As compilers print it: {@code file:line:column: fault: message [rule]}. */
    public String line() {
        String at = place.line() > 0 ? ":" + place.line() + (place.column() > 0 ? ":" + place.column() : "") : "";
        String word = severity == Severity.FAULT ? "fault" : "warning";
        return file + at + ": " + word + ": " + place.message() + " [" + rule + "]"
                + (remedy.isEmpty() ? "" : "\n    " + remedy);
    }

    /** As a JSON object with the keys {@code severity rule file line column path message remedy}. */
    public Value.Obj document() {
        return Value.obj(
                        "severity", Value.text(severity == Severity.FAULT ? "fault" : "warning"),
                        "rule", Value.text(rule),
                        "file", Value.text(file))
                .with("line", Value.num(place.line()))
                .with("column", Value.num(place.column()))
                .with("path", Value.text(place.path()))
                .with("message", Value.text(place.message()))
                .with("remedy", Value.text(remedy));
    }
}
