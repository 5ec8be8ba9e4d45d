package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Control over a Unix socket: one JSON object a line, one request a connection, any number of answers,
 * then the end. A failure is {@code {"error":{"code":…,"message":…}}}. Lines are at most 16 MiB.
 */
public final class UnixControlSocket implements ControlSocket {
    private static final System.Logger LOG = System.getLogger(UnixControlSocket.class.getName());
    private static final int MAX_PATH = 104;

    private final JsonFormat json;

    public UnixControlSocket(JsonFormat json) {
        this.json = json;
    }

    @Override
    public AutoCloseable serve(Path socket, Handler handler) {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new PortException.Refused(
                    "control.path",
                    "the path of the control socket is longer than " + MAX_PATH + " bytes: " + socket
                            + "; set control.socket to a shorter one");
        }
        if (answers(socket)) {
            throw new PortException.Refused("control.in-use", "another process already serves " + socket);
        }
        ServerSocketChannel server = bind(socket);
        Thread.ofVirtual().name("control").start(() -> accept(server, handler));
        return () -> {
            server.close();
            Files.deleteIfExists(socket);
        };
    }

    @Override
    public void call(Path socket, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        try (SocketChannel channel = connect(socket)) {
            Lines lines = new Lines(Channels.newInputStream(channel), Channels.newOutputStream(channel));
            lines.write(json.write(request));
            for (byte[] line = lines.read(); line != null; line = lines.read()) {
                Value.Obj answer = object(line);
                Value.Obj error = answer.obj("error").orElse(null);
                if (error != null) {
                    throw new PortException.Refused(
                            error.text("code").orElse("control.failed"),
                            error.text("message").orElse("the other side gave no reason"));
                }
                answers.accept(answer);
            }
        } catch (java.nio.channels.ClosedByInterruptException e) {
            InterruptedException interrupted = new InterruptedException("interrupted while asking " + socket);
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw new PortException.Unavailable("control.absent", "the connection to " + socket + " broke", e);
        }
    }

    private static SocketChannel connect(Path socket) {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException | IllegalArgumentException e) {
            throw new PortException.Unavailable("control.absent", "nothing runs here: nobody serves " + socket, e);
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = connect(socket)) {
            return channel.isConnected();
        } catch (PortException.Unavailable | IOException nobody) {
            return false;
        }
    }

    /** Bound under another name first, so that the socket is never there without its mode. */
    private static ServerSocketChannel bind(Path socket) {
        Path next = socket.resolveSibling(socket.getFileName() + "~");
        try {
            Files.createDirectories(
                    Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket is not the root"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(next);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(next));
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            Files.move(next, socket, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException e) {
            throw new PortException.Refused(
                    "control.path", "the control socket cannot be made at " + socket + "; set control.socket", e);
        }
    }

    private void accept(ServerSocketChannel server, Handler handler) {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().name("control-request").start(() -> serve(channel, handler));
            } catch (java.nio.channels.ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a control connection failed", e);
            }
        }
    }

    private void serve(SocketChannel channel, Handler handler) {
        try (channel) {
            Lines lines = new Lines(Channels.newInputStream(channel), Channels.newOutputStream(channel));
            try {
                byte[] request = lines.read();
                if (request != null) {
                    Value.Obj asked = object(request);
                    Thread self = Thread.currentThread();
                    Thread.ofVirtual().name("control-peer").start(() -> watch(lines, self));
                    handler.handle(asked, answer -> write(lines, answer));
                }
            } catch (PortException e) {
                write(lines, error(e.code(), String.valueOf(e.getMessage())));
            } catch (UncheckedIOException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a control request failed", e);
                write(lines, error("control.failed", "the request failed; the log has the reason"));
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "whoever asked is gone");
            }
        } catch (IOException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "a control connection ended early", gone);
        }
    }

    /** Whoever asked says no more; the end of their side ends the handler, which may have nothing to write. */
    private static void watch(Lines lines, Thread handler) {
        try {
            if (lines.read() == null) {
                handler.interrupt();
            }
        } catch (IOException | PortException closed) {
            handler.interrupt();
        }
    }

    private void write(Lines lines, Value.Obj answer) {
        try {
            lines.write(json.write(answer));
        } catch (IOException e) {
            throw new UncheckedIOException("whoever asked is gone", e);
        }
    }

    private Value.Obj object(byte[] line) {
        if (json.read(line) instanceof Value.Obj o) {
            return o;
        }
        throw new PortException.Refused("control.invalid", "a request is one JSON object on one line");
    }

    private static Value.Obj error(String code, String message) {
        return Value.obj("error", Value.obj("code", Value.text(code), "message", Value.text(message)));
    }
}
