package io.machineroom.app.graph;

import io.machineroom.ports.data.Value;

/** Messages of other programs on their way to the agent, for the {@code submit} command. */
public interface SubmissionFiles {
    /** A message with the defaults of its format and without a sender. */
    Value.Obj fresh(String subject, byte[] payload);

    /**
     * Writes a message into the directory of the configuration, for an agent that does not run; durable on return. Returns
     * its id.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code submission.invalid}, {@code submission.full}
     */
    String put(Value.Obj message);

    /** Largest message in bytes. */
    int maxBytes();
}
