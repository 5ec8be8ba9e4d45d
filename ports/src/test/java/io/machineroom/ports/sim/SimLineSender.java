package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.LineSender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network with listeners at {@code host:port}, which keep what they hear. */
public final class SimLineSender implements LineSender {
    private final Map<String, StringBuilder> listeners = new LinkedHashMap<>();

    /** Somebody listens there from now on. */
    public SimLineSender listen(String host, int port) {
        listeners.putIfAbsent(host + ":" + port, new StringBuilder());
        return this;
    }

    /** What was heard there. */
    public String heard(String host, int port) {
        return String.valueOf(listeners.getOrDefault(host + ":" + port, new StringBuilder()));
    }

    @Override
    public void send(String host, int port, byte[] lines, Duration limit) {
        StringBuilder listener = listeners.get(host + ":" + port);
        if (listener == null) {
            throw new PortException.Unavailable("graphite.unreachable", "cannot send to " + host + ":" + port);
        }
        listener.append(new String(lines, StandardCharsets.UTF_8));
    }
}
