package io.machineroom.app.host;

import io.machineroom.ports.contract.LineSenderContract;
import io.machineroom.ports.host.LineSender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

final class SocketLineSenderTest extends LineSenderContract {
    private final CompletableFuture<String> heard = new CompletableFuture<>();
    private ServerSocket server = new ServerSocket();

    SocketLineSenderTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Override
    protected LineSender sender() {
        return new SocketLineSender();
    }

    @Override
    protected int listening() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            try (Socket one = server.accept()) {
                heard.complete(new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                heard.completeExceptionally(e);
            }
        });
        return server.getLocalPort();
    }

    @Override
    protected int silent() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    @Override
    protected String heard() throws Exception {
        return heard.get(30, TimeUnit.SECONDS);
    }
}
