package io.machineroom.ports.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real HTTP proxy on this machine that knows {@code CONNECT} only and may demand a user and a password. Counts what it
 * lets through and can cut all tunnels after a number of bytes.
 */
public final class ConnectProxy implements AutoCloseable {
    private static final Pattern CONNECT = Pattern.compile("CONNECT ([^ :]+):(\\d{1,5}) HTTP/1\\.1");
    private static final String DEMAND = String.join(
            "\r\n",
            "HTTP/1.1 407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=out",
            "Content-Length: 0",
            "",
            "");
    private static final int MAX_HEADER = 16 * 1024;

    private final ServerSocket server;
    private final String wanted;
    private final List<String> tunnels = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong allowance = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong back = new AtomicLong();
    private volatile boolean mends;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** A proxy for everybody. */
    public ConnectProxy() {
        this("", "");
    }

    /** A proxy for one user; an empty user demands nothing. */
    public ConnectProxy(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        wanted = user.isEmpty() ? "" : "Basic " + Base64.getEncoder().encodeToString(pair);
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Where tunnels were dug to, {@code host:port}, in order. */
    public List<String> tunnels() {
        return List.copyOf(tunnels);
    }

    /** How many were turned away for want of a login. */
    public int refused() {
        return refused.get();
    }

    /** From now on so many bytes come back through all tunnels together, then they are cut. */
    public void cutAfter(long bytes) {
        mends = false;
        allowance.set(bytes);
    }

    /** As {@link #cutAfter}, but only the one tunnel that wants more. */
    public void cutOnceAfter(long bytes) {
        mends = true;
        allowance.set(bytes);
    }

    /** Bytes that came back through all tunnels, TLS included. */
    public long bytesBack() {
        return back.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String header = header(client.getInputStream());
            Matcher line = CONNECT.matcher(header.lines().findFirst().orElse(""));
            if (!line.matches()) {
                say(client, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            if (!wanted.isEmpty() && !header.contains("\r\nProxy-Authorization: " + wanted + "\r\n")) {
                refused.incrementAndGet();
                say(client, DEMAND);
                return;
            }
            tunnel(client, line.group(1), Integer.parseInt(line.group(2)));
        } catch (IOException gone) {
            System.getLogger(ConnectProxy.class.getName()).log(System.Logger.Level.DEBUG, "tunnel ended", gone);
        } finally {
            open.remove(client);
        }
    }

    private void tunnel(Socket client, String host, int port) throws IOException {
        try (Socket target = new Socket(host, port)) {
            open.add(target);
            tunnels.add(host + ":" + port);
            say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            Thread there = Thread.ofVirtual().start(() -> pass(client, target, read -> true));
            pass(target, client, this::mayPass);
            there.interrupt();
        }
    }

    private boolean mayPass(int bytes) {
        if (allowance.addAndGet(-bytes) >= 0) {
            back.addAndGet(bytes);
            return true;
        }
        if (mends) {
            allowance.set(Long.MAX_VALUE);
        }
        return false;
    }

    /** Passes bytes on until one side ends or no more may pass; then neither has anything to say. */
    private static void pass(Socket from, Socket to, IntPredicate mayPass) {
        byte[] piece = new byte[8 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                if (!mayPass.test(read)) {
                    return;
                }
                out.write(piece, 0, read);
            }
        } catch (IOException gone) {
            System.getLogger(ConnectProxy.class.getName()).log(System.Logger.Level.DEBUG, "side ended", gone);
        }
    }

    private static String header(InputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.length() < MAX_HEADER && header.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("no request");
            }
            header.append((char) read);
        }
        return header.toString();
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        to.getOutputStream().flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
