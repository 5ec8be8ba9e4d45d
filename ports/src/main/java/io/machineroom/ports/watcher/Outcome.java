package io.machineroom.ports.watcher;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a check found. Sealed, so that a machine handles every kind.
 */
public sealed interface Outcome {
    /** Short text for state events, for example {@code changed}. */
    String detail();

    /** Ask me again after this time, beside any interval; null for no wish. */
    @Nullable Duration again();

    /** Whether a state event is published for it. */
    boolean announce();

    /**
     * Fires the success transition.
     *
     * @param fire false publishes only
     */
    record Succeeded(
            String detail,
            boolean announce,
            boolean fire,
            @Nullable Duration again) implements Outcome {
        public Succeeded(String detail) {
            this(detail, true, true, null);
        }
    }

    /**
     * Fires the failure transition.
     *
     * @param reason stable code and sentence for people, without secrets; empty where failing is the
     *     plain answer and nothing went wrong
     * @param fire false publishes only
     */
    record Failed(
            String detail,
            String reason,
            boolean announce,
            boolean fire,
            @Nullable Duration again) implements Outcome {
        public Failed(String detail, String reason) {
            this(detail, reason, true, true, null);
        }
    }

    /**
     * Fires a transition by its name: for kinds that know more answers than success and failure. One that the machine
     * cannot make in its state is only a warning.
     *
     * @param transition its name
     */
    record Requested(
            String detail,
            String transition,
            boolean announce,
            @Nullable Duration again) implements Outcome {}

    /** Nothing to tell and nothing to do. */
    record Unchanged(
            String detail, boolean announce, @Nullable Duration again) implements Outcome {
        public Unchanged(String detail) {
            this(detail, false, null);
        }
    }
}
