package io.machineroom.examples.demo.light;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One connection to a NATS server: the client protocol over TLS, as far as a node needs it. One task reads; any may write.
 */
final class LightLink implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 300_000;
    private static final int BUFFER = 2_048;
    private static final int MAX_LINE = 16 << 10;

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * A message that came.
     *
     * @param subject where it was published
     * @param body without its headers
     */
    record Arrived(String subject, byte[] body) {}

    private LightLink(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
    }

    /** Connects and proves who it is. */
    static LightLink open(URI broker, SSLContext trust, LightEnrolment who) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(broker.getHost(), broker.getPort()), CONNECT_MILLIS);
            plain.setSoTimeout(CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            String info = line(plain.getInputStream());
            SSLSocket tls =
                    (SSLSocket) trust.getSocketFactory().createSocket(plain, broker.getHost(), broker.getPort(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            LightLink link = new LightLink(tls);
            link.greet(info, who);
            tls.setSoTimeout(SILENCE_MILLIS);
            return link;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private void greet(String info, LightEnrolment who) throws IOException {
        JacksonJson json = new JacksonJson();
        Value.Obj server =
                (Value.Obj) json.read(info.substring("INFO ".length()).getBytes(StandardCharsets.UTF_8));
        Value.Obj connect = Value.obj("verbose", Value.bool(false), "pedantic", Value.bool(false))
                .with("headers", Value.bool(true))
                .with("no_responders", Value.bool(true))
                .with("echo", Value.bool(false))
                .with("protocol", Value.num(1))
                .with("lang", Value.text("java"))
                .with("version", Value.text("light"))
                .with("name", Value.text(who.identity()))
                .with("jwt", Value.text(who.userJwt()))
                .with("sig", Value.text(who.user().signUrl(server.text("nonce").orElse(""))));
        write("CONNECT " + new String(json.write(connect), StandardCharsets.UTF_8) + "\r\nPING\r\n");
        String answer = line(in);
        if (!answer.equals("PONG")) {
            throw new IOException("the broker said: " + answer);
        }
    }

    void subscribe(String subject, int number) throws IOException {
        write("SUB " + subject + " " + number + "\r\n");
    }

    /** Publishes with headers; each of these ends with CR LF. */
    void publish(String subject, String reply, String headers, byte[] body) throws IOException {
        byte[] head = ("NATS/1.0\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream(head.length + body.length + 200);
        String line = "HPUB " + subject + " " + reply + " " + head.length + " " + (head.length + body.length) + "\r\n";
        all.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(head);
        all.writeBytes(body);
        all.writeBytes(new byte[] {'\r', '\n'});
        write(all.toByteArray());
    }

    private void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            out.write(bytes);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    /** Waits for the next message; answers pings meanwhile. */
    Arrived next() throws IOException {
        while (true) {
            String line = line(in);
            if (line.equals("PING")) {
                write("PONG\r\n");
            } else if (line.startsWith("-ERR")) {
                throw new IOException("the broker said: " + line);
            } else if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
                return message(line.split(" "));
            }
        }
    }

    private Arrived message(String[] words) throws IOException {
        boolean headed = words[0].equals("HMSG");
        int length = Integer.parseInt(words[words.length - 1]);
        int head = headed ? Integer.parseInt(words[words.length - 2]) : 0;
        in.skipNBytes(head);
        byte[] body = in.readNBytes(length - head);
        in.skipNBytes(2);
        return new Arrived(words[1], body);
    }

    private static String line(InputStream from) throws IOException {
        StringBuilder out = new StringBuilder(128);
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0 || out.length() > MAX_LINE) {
                throw new EOFException("the broker ended the connection");
            }
            if (c != '\r') {
                out.append((char) c);
            }
        }
        return out.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
