package io.machineroom.domain.machine;

import io.machineroom.ports.data.Problem;

/**
 * What keeps a manifest from running, with the stage at which the original engine finds it.
 *
 * @param stage when it shows
 * @param problem place and message
 * @param sentence what the original says, without the words that its stage puts before
 * @param hint what may have been meant, to be appended; empty for nothing
 */
public record Fault(Stage stage, Problem problem, String sentence, String hint) {
    /** Stages in the order in which a machine is loaded and started (spec 1.5 and 1.6). */
    public enum Stage {
        /** The document is no YAML. */
        DOCUMENT(""),
        /** The document does not fit the types of a manifest. */
        DECODE("could not load machine.yaml: "),
        /** A key of the machine itself. */
        MACHINE("could not load machine.yaml: validation failed: "),
        /** A key that all watchers have. */
        WATCHER("could not load machine.yaml: validation failed: "),
        /** A subscription to another machine. */
        SUBSCRIPTION("could not load machine.yaml: "),
        /** A watcher that cannot be made. */
        START("");

        private final String prefix;

        Stage(String prefix) {
            this.prefix = prefix;
        }
    }

    /** Whether the original loads such a machine and fails at its start. */
    public boolean atStart() {
        return stage == Stage.START;
    }

    /** The whole sentence of the original engine. */
    public String verdict() {
        return stage.prefix + sentence;
    }

    @Override
    public String toString() {
        return problem + hint;
    }
}
