package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Local control without a socket. */
public final class SimControlSocket implements ControlSocket {
    private static final Duration FOREVER = Duration.ofDays(100_000);

    private final Tasks tasks;
    private final Map<Path, Handler> served = new LinkedHashMap<>();

    public SimControlSocket(Tasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public AutoCloseable serve(Path socket, Handler handler) {
        if (socket.toString().length() > 104) {
            throw new PortException.Refused("control.path", "the path is too long: " + socket);
        }
        if (served.putIfAbsent(socket, handler) != null) {
            throw new PortException.Refused("control.in-use", "another process serves " + socket);
        }
        return () -> served.remove(socket);
    }

    @Override
    public void call(Path socket, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        Handler handler = served.get(socket);
        if (handler == null) {
            throw new PortException.Unavailable("control.absent", "nobody serves " + socket);
        }
        Tasks.Task task = tasks.fork("control-request", () -> handler.handle(request, answers));
        try {
            task.join(FOREVER);
        } catch (InterruptedException e) {
            task.cancel();
            throw e;
        }
        Throwable failure = task.failure().orElse(null);
        if (failure instanceof PortException e) {
            throw new PortException.Refused(e.code(), String.valueOf(e.getMessage()), e);
        }
        if (failure != null) {
            throw new PortException.Refused("control.failed", "the request failed", failure);
        }
    }
}
