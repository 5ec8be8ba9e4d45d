package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A site comes to its leader all at once; the leader has the heap of an agent. */
@Timeout(120)
final class GatewayFloodIT {
    private static final int MANY = 800;
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";

    private static Process gateway() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx48m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallGateway.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aSmallHeapOutlivesMoreConnectionsThanItBears() throws Exception {
        Process process = gateway();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            URI url = URI.create(said.readLine());
            SSLContext anybody = trusting();
            List<Future<Boolean>> all = new ArrayList<>();
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Socket socket = new Socket(url.getHost(), url.getPort());
                socket.setSoTimeout(30_000);
                open.add(socket);
                all.add(pool.submit(() -> answered(anybody, socket, url)));
            }
            int answered = 0;
            for (Future<Boolean> one : all) {
                answered += one.get() ? 1 : 0;
            }
            assertTrue(process.isAlive(), "it died of its visitors");
            assertTrue(answered >= 32 && answered < MANY, answered + " of them were answered");
            for (Socket socket : open) {
                socket.close();
            }
            boolean again = false;
            while (!again) {
                again = answered(anybody, new Socket(url.getHost(), url.getPort()), url);
            }
            process.outputWriter(StandardCharsets.UTF_8).close();
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Asks, and keeps the connection. */
    private static boolean answered(SSLContext trust, Socket plain, URI url) {
        try {
            Socket tls = trust.getSocketFactory().createSocket(plain, url.getHost(), url.getPort(), true);
            tls.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            tls.getOutputStream().flush();
            byte[] status = tls.getInputStream().readNBytes("HTTP/1.1 200".length());
            return new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException turnedAway) {
            return false;
        }
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    /** The certificate is made by the other process. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
