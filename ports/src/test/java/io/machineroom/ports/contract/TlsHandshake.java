package io.machineroom.ports.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Plays TLS handshakes for contracts, over loopback and in memory. */
public final class TlsHandshake {
    private TlsHandshake() {}

    /** Connects a plain socket context, as NATS clients do, naming the server so; returns the protocol. */
    public static String bySocket(SSLContext server, SSLContext client, String name) throws IOException {
        Thread serving;
        String protocol;
        try (SSLServerSocket listening = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            serving = Thread.ofVirtual().start(() -> greet(listening));
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
            plain.setSoTimeout(20_000);
            try (SSLSocket tls =
                    (SSLSocket) client.getSocketFactory().createSocket(plain, name, listening.getLocalPort(), true)) {
                tls.startHandshake();
                protocol = tls.getInputStream().read() == 'k' ? tls.getSession().getProtocol() : "none";
            }
        }
        join(serving);
        return protocol;
    }

    /** Says one letter; a client that refuses the server is the point of many tests. */
    private static Optional<IOException> greet(SSLServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            accepted.setSoTimeout(20_000);
            accepted.getOutputStream().write('k');
            return Optional.empty();
        } catch (IOException refusedByTheClient) {
            return Optional.of(refusedByTheClient);
        }
    }

    /** Hands messages between two engines in memory, as HTTP clients do with theirs. */
    static void byEngine(SSLContext server, SSLContext client, String name) throws SSLException {
        SSLEngine serving = server.createSSLEngine();
        serving.setUseClientMode(false);
        SSLEngine asking = client.createSSLEngine(name, 443);
        asking.setUseClientMode(true);
        ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
        ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
        for (int turn = 0; turn < 100 && !(finished(asking) && finished(serving) && turn > 5); turn++) {
            turn(asking, toServer, toClient);
            turn(serving, toClient, toServer);
        }
    }

    private static boolean finished(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void turn(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(64 * 1024));
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
