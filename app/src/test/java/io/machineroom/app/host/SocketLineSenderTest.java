package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SocketLineSenderTest {
    @Test
    void sendsTheLinesAndHangsUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (Socket one = server.accept()) {
                    heard.complete(new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            });
            byte[] lines = "a.b 1.000000 5\n".getBytes(StandardCharsets.UTF_8);
            new SocketLineSender()
                    .send(server.getInetAddress().getHostAddress(), server.getLocalPort(), lines, Duration.ofSeconds(20));
            assertEquals("a.b 1.000000 5\n", heard.get());
        }
    }

    @Test
    void nobodyThereIsUnavailable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PortException.Unavailable away = assertThrows(
                PortException.Unavailable.class,
                () -> new SocketLineSender().send("127.0.0.1", port, new byte[0], Duration.ofSeconds(20)));
        assertEquals("graphite.unreachable", away.code());
    }
}
