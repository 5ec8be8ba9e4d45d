package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.LineSender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** One TCP connection for each batch of lines. */
public final class SocketLineSender implements LineSender {
    @Override
    public void send(String host, int port, byte[] lines, Duration limit) throws InterruptedException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(Math.max(1, limit.toMillis())));
            // writing has no time-out of its own: who does not read is cut off
            Thread guard = Thread.ofVirtual().start(() -> cut(socket, limit));
            try {
                socket.getOutputStream().write(lines);
                socket.shutdownOutput();
            } finally {
                guard.interrupt();
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("sending was cancelled");
            }
            throw new PortException.Unavailable(
                    "graphite.unreachable", "cannot send to " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static void cut(Socket socket, Duration limit) {
        try {
            Thread.sleep(limit);
            socket.close();
        } catch (InterruptedException sent) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.getLogger(SocketLineSender.class.getName())
                    .log(System.Logger.Level.DEBUG, "a connection does not close: {0}", e.getMessage());
        }
    }
}
