package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.LineSender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@link LineSender} promises. */
public abstract class LineSenderContract {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    protected abstract LineSender sender();

    /** A port of this host at which somebody listens. */
    protected abstract int listening() throws Exception;

    /** A port of this host at which nobody listens. */
    protected abstract int silent() throws Exception;

    /** What the listener heard in one connection, which has ended. */
    protected abstract String heard() throws Exception;

    @Test
    void sendsTheLinesAndHangsUp() throws Exception {
        int port = listening();
        sender().send("127.0.0.1", port, "a.b 1 5\nc 2 5\n".getBytes(StandardCharsets.UTF_8), LIMIT);
        assertEquals("a.b 1 5\nc 2 5\n", heard());
    }

    @Test
    void nobodyThereIsUnavailable() throws Exception {
        int port = silent();
        PortException.Unavailable away = assertThrows(
                PortException.Unavailable.class, () -> sender().send("127.0.0.1", port, new byte[0], LIMIT));
        assertEquals("graphite.unreachable", away.code());
    }
}
