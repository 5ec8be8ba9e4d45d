package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Local control of a running process through a Unix socket with mode 0600: same user and root. */
@Port
public interface ControlSocket {
    /**
     * Serves requests until closed. A stale socket file is replaced.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code control.in-use} when another process
     *     serves there, {@code control.path} when the path is too long (104 bytes) or not writable
     */
    AutoCloseable serve(Path socket, Handler handler);

    /**
     * Sends one request and hands over each answer until the other side ends.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code control.absent} when nobody serves
     * @throws io.machineroom.ports.PortException.Refused with the code that the handler threw
     */
    void call(Path socket, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException;

    /** Answers one request with any number of objects; runs in a task of its own. */
    interface Handler {
        void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException;
    }
}
