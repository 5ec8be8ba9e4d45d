package io.machineroom.app.graph;

import java.nio.file.Path;

/** Lets an agent live for a moment as if it were enrolled, so that its start-up cache holds what it needs then. */
public interface Rehearsal {
    /**
     * Makes a server for one agent, with a certificate authority of its own that is good for a day, on the loopback
     * interface. Apart from the rest, because no agent does this: in the process that is recorded it would leave
     * 2 MB in every agent's memory.
     *
     * @param server a folder that does not exist yet; {@link #ADDRESS} appears in it when the server is ready
     * @return what closes the server
     */
    Stage serve(Path server);

    /**
     * Makes an enrolment with keys of its own.
     *
     * @param directory the configuration folder of the agent, which must be a new one
     * @param server the folder of {@link #serve}, in this process or another
     */
    void enrol(Path directory, Path server);

    /** File of a server's folder: its URL and the pin of its authority, a line each. */
    String ADDRESS = "address";

    /** A server that waits for the agent. */
    interface Stage extends AutoCloseable {
        @Override
        void close();
    }
}
