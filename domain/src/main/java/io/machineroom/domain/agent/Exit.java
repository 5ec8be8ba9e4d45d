package io.machineroom.domain.agent;

/** Why the agent ended. */
public sealed interface Exit {
    /** It was asked to. */
    record Stopped() implements Exit {}

    /**
     * It cannot go on.
     *
     * @param part what failed: {@code spool}, {@code config}, or the name of a service
     * @param code stable code
     * @param message what is wrong and what to do
     */
    record Failed(String part, String code, String message) implements Exit {}
}
