package io.machineroom.app.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Whom an agent talks to in a rehearsal: as much of a NATS server as it takes to be connected, on the
 * loopback interface, for one connection. It believes everything, keeps nothing, and takes every event.
 */
public final class RehearsalBroker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RehearsalBroker.class.getName());
    private static final String INFO = "INFO {\"server_id\":\"REHEARSAL\",\"version\":\"2.9.10\",\"proto\":1,"
            + "\"headers\":true,\"max_payload\":1048576,\"tls_required\":true,\"auth_required\":true,"
            + "\"jetstream\":true,\"nonce\":\"rehearsal0000\"}\r\n";
    private static final String ABSENT = "NATS/1.0 404 Not Found\r\n\r\n";
    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final int MAX_BODY_BYTES = 2 << 20;

    private final ServerSocket server;
    private final SSLContext tls;
    private final Map<String, String> subscriptions = new LinkedHashMap<>();
    private long taken;

    private RehearsalBroker(ServerSocket server, SSLContext tls) {
        this.server = server;
        this.tls = tls;
    }

    /** Listens on a free port. */
    public static RehearsalBroker open(SSLContext tls) {
        try {
            ServerSocket server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            RehearsalBroker broker = new RehearsalBroker(server, tls);
            Thread.ofVirtual().name("rehearsal-broker").start(broker::serve);
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException("no port on the loopback interface", e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "closing the rehearsal's port: " + e);
        }
    }

    private void serve() {
        try (Socket plain = server.accept()) {
            plain.getOutputStream().write(INFO.getBytes(US_ASCII));
            try (SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true)) {
                secure.setUseClientMode(false);
                converse(new BufferedInputStream(secure.getInputStream()), secure.getOutputStream());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "the rehearsal's connection ended: " + e);
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        while (true) {
            String[] words = line(in).split(" ");
            switch (words[0]) {
                case "PING" -> out.write("PONG\r\n".getBytes(US_ASCII));
                case "SUB" -> subscriptions.put(words[1], words[words.length - 1]);
                case "PUB", "HPUB" -> {
                    body(in, Integer.parseInt(words[words.length - 1]));
                    // subject, reply, sizes: one size more with headers
                    if (words.length == (words[0].equals("PUB") ? 4 : 5)) {
                        answer(words[1], words[2], out);
                    }
                }
                default -> LOG.log(System.Logger.Level.DEBUG, () -> "not answered: " + words[0]);
            }
            out.flush();
        }
    }

    /** An event is acknowledged; whatever else is asked for does not exist. */
    private void answer(String subject, String reply, OutputStream out) throws IOException {
        String id = subscriptions.entrySet().stream()
                .filter(s -> reply.startsWith(s.getKey().replaceAll("[*>]$", "")))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        if (id.isEmpty()) {
            return;
        }
        String head;
        String body;
        if (subject.startsWith("$JS.API.")) {
            body = ABSENT;
            head = "HMSG " + reply + " " + id + " " + body.length() + " " + body.length();
        } else {
            taken++;
            body = "{\"stream\":\"MR_INTAKE\",\"seq\":" + taken + "}";
            head = "MSG " + reply + " " + id + " " + body.length();
        }
        out.write((head + "\r\n" + body + "\r\n").getBytes(US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || out.size() > MAX_LINE_BYTES) {
                throw new EOFException("no further line");
            }
            out.write(b);
        }
        return out.toString(US_ASCII).stripTrailing();
    }

    private static void body(InputStream in, int size) throws IOException {
        if (size < 0 || size > MAX_BODY_BYTES) {
            throw new IOException("a body of " + size + " bytes");
        }
        in.skipNBytes(size + 2L);
    }
}
