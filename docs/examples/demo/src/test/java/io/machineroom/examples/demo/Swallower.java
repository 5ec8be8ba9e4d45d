package io.machineroom.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A network that passes so many bytes of answers and then goes on taking them without a word. */
final class Swallower implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left = new AtomicInteger();
    private final int target;
    private volatile boolean swallows;

    Swallower(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on, over all connections together. */
    void passOnly(int bytes) {
        left.set(bytes);
        swallows = false;
    }

    /** Whether something was swallowed. */
    boolean swallows() {
        return swallows;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> pass(near, far, false));
                Thread.ofVirtual().start(() -> pass(far, near, true));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new StoryFailed("the swallowing network broke: " + e.getMessage());
            }
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        byte[] piece = new byte[4_096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                int may = counted ? Math.clamp(left.getAndAdd(-read), 0, read) : read;
                out.write(piece, 0, may);
                swallows |= may < read;
            }
        } catch (IOException e) {
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
