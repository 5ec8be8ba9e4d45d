package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.time.Duration;

/** Sends lines to a server that answers nothing, as Graphite wants them: one plain TCP connection a time. */
@Port
public interface LineSender {
    /**
     * Connects, sends and closes. Blocks for the limit at most twice: for the connection and for the sending.
     *
     * @param port 1 to 65535
     * @param lines the bytes, with a line feed behind each line
     * @throws io.machineroom.ports.PortException.Unavailable {@code graphite.unreachable}
     */
    void send(String host, int port, byte[] lines, Duration limit) throws InterruptedException;
}
