package io.machineroom.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A piece of network that can be cut: forwards a loopback port to another, or refuses. */
final class Wire implements AutoCloseable {
    private volatile int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    Wire(int target) throws IOException {
        this.target = target;
        this.port = Workshop.freePort();
        this.server = listen(port);
        accept(server);
    }

    int port() {
        return port;
    }

    /** Ends all connections and refuses new ones. */
    void cut() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Leads new connections somewhere else. */
    void redirect(int elsewhere) {
        target = elsewhere;
    }

    void mend() throws IOException {
        server = listen(port);
        accept(server);
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void accept(ServerSocket listening) {
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                join(listening);
            }
        });
    }

    /** One connection; a wire that was cut, or a target that is down, shows to the client as an end. */
    private void join(ServerSocket listening) {
        try {
            Socket near = listening.accept();
            open.add(near);
            try {
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(far);
                pipe(near, far);
                pipe(far, near);
                if (listening.isClosed()) {
                    end(far);
                    end(near);
                }
            } catch (IOException down) {
                end(near);
            }
        } catch (IOException e) {
            if (!listening.isClosed()) {
                throw new StoryFailed("the wire at port " + port + " broke: " + e.getMessage());
            }
        }
    }

    private void pipe(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException e) {
                end(to);
            }
            end(from);
            end(to);
        });
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new StoryFailed("a socket cannot be closed: " + e.getMessage());
        }
    }
}
