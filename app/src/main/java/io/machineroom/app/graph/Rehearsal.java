package io.machineroom.app.graph;

import java.nio.file.Path;

/** Lets an agent live for a moment as if it were enrolled, so that its start-up cache holds what it needs then. */
public interface Rehearsal {
    /**
     * Makes an enrolment with keys of its own, and opens the server that it names on the loopback interface.
     *
     * @param directory the configuration folder of the agent, which must be a new and empty one
     * @return what closes that server
     */
    Stage open(Path directory);

    /** A server that waits for the agent. */
    interface Stage extends AutoCloseable {
        @Override
        void close();
    }
}
