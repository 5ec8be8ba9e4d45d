package io.machineroom.ports.gateway;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The gateway of the SaaS as the gateway of a site sees it: requests of followers are passed on to it. Safe from any task.
 *
 * <p>Every call may throw {@code PortException.Unavailable}: {@code upstream.unreachable} when no server could be reached or
 * trusted, or did not answer in time; it may have got the request. {@code upstream.answer} for an answer beyond its bound.
 */
@Port
public interface Upstream {
    /**
     * Passes a request on and reads the whole answer, whatever its status.
     *
     * @param request its method, path, query, headers and body go out; the headers are those that may be passed on
     * @param maxAnswerBytes bound of the answer's body
     * @param timeout from the first packet to the last byte
     * @return status, headers with names in lower case, and body
     */
    Gateway.Response ask(Gateway.Request request, int maxAnswerBytes, Duration timeout) throws InterruptedException;

    /**
     * Asks for a file and writes it. Where the file holds the beginning of an earlier try of the same content, only the rest
     * travels. Nobody else may use the file meanwhile.
     *
     * @param request as above, without {@code Range} and conditions
     * @param into in a directory that is there; whole after 200, as it was or shorter after another status
     * @param maxBytes bound of the file
     * @return 200 with the headers and no body once the file is whole; any other status with its body
     * @throws io.machineroom.ports.PortException.Unavailable {@code upstream.interrupted} when it broke off or took too
     *     long; what came is kept. {@code upstream.disk}
     * @throws io.machineroom.ports.PortException.Refused {@code artifact.too-large}; nothing is kept
     */
    Gateway.Response download(Gateway.Request request, Path into, long maxBytes, Duration timeout)
            throws InterruptedException;
}
