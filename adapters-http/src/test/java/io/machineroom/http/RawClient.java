package io.machineroom.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A TLS socket that sends what no decent client would. */
record RawClient(Socket socket) implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    static RawClient to(URI url, TestTls tls) throws IOException {
        Socket socket = tls.client(TestTls.TRUST).getSocketFactory().createSocket(url.getHost(), url.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        ((SSLSocket) socket).startHandshake();
        return new RawClient(socket);
    }

    /** Without TLS. */
    static RawClient plain(URI url) throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawClient(socket);
    }

    boolean send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * A server that refuses may close while the client still writes: then this says false, and {@link #rest} has
     * what had arrived by then, perhaps nothing.
     */
    boolean send(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return true;
        } catch (SocketException | SSLException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError("this socket cannot write", e);
        }
    }

    /** Everything until the other side closes, also by force. */
    String rest() {
        StringBuilder out = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[4096];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the gateway keeps the connection: " + out, e);
        } catch (IOException e) {
            return out.toString();
        }
        return out.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
