package io.machineroom.app.bench.line;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/**
 * One TCP stream that carries nothing in particular, as fast as it goes: what a line can do at best. Runs as a process of its own in a
 * namespace: {@code sink PORT}, or {@code source HOST PORT SECONDS}.
 */
final class RawTcp {
    private static final int CHUNK = 64 << 10;

    private RawTcp() {}

    /** The command line. */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("sink")) {
            sink(Integer.parseInt(args[1]));
        } else {
            source(args[1], Integer.parseInt(args[2]), Long.parseLong(args[3]));
        }
    }

    /** Takes one stream at a time and tells how many bytes a second came, from the second second on, until killed. */
    private static void sink(int port) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            System.out.println("ready");
            while (true) {
                try (Socket from = server.accept()) {
                    report(from.getInputStream());
                }
            }
        }
    }

    private static void report(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long begin = 0;
        long first = System.nanoTime();
        long bytes = 0;
        for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
            long now = System.nanoTime();
            if (begin != 0) {
                bytes += n;
            } else if (now - first > TimeUnit.SECONDS.toNanos(1)) {
                begin = now;
            }
        }
        System.out.println("bytes/s " + Math.round(bytes * 1e9 / Math.max(1, System.nanoTime() - begin)));
    }

    private static void source(String host, int port, long seconds) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Socket to = new Socket()) {
            to.connect(new InetSocketAddress(host, port), 10_000);
            OutputStream out = to.getOutputStream();
            while (System.nanoTime() < end) {
                out.write(chunk);
            }
        }
    }
}
