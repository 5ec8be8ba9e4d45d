package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The gateway while it is open; opened anew, on the same port, to show a renewed certificate. */
final class FrontDoor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrontDoor.class.getName());
    private static final int TRIES = 50;
    private static final Duration WAIT = Duration.ofMillis(200);

    private final IntFunction<Gateway.Running> serve;
    private final Tasks tasks;
    private Gateway.Running open;
    private volatile @Nullable PortException lost;

    /**
     * Opens it.
     *
     * @param serve opens the gateway on a port
     */
    FrontDoor(IntFunction<Gateway.Running> serve, int port, Tasks tasks) {
        this.serve = serve;
        this.tasks = tasks;
        this.open = serve.apply(port);
    }

    synchronized int port() {
        return open.url().getPort();
    }

    /**
     * Closes and opens it: who is connected comes again by himself.
     *
     * @throws PortException when it does not open for some seconds: somebody else has taken the port
     */
    synchronized void reopen() throws InterruptedException {
        int port = port();
        open.close();
        for (int left = TRIES; ; left--) {
            try {
                open = serve.apply(port);
                return;
            } catch (PortException notYet) {
                if (left == 0) {
                    lost = notYet;
                    throw notYet;
                }
                LOG.log(System.Logger.Level.DEBUG, "gateway not open again yet: " + notYet.code());
                tasks.sleep(WAIT);
            }
        }
    }

    /**
     * To be asked now and then: a backplane without its gateway is better started anew.
     *
     * @throws PortException why it did not open again
     */
    void check() {
        PortException why = lost;
        if (why != null) {
            throw why;
        }
    }

    @Override
    public synchronized void close() {
        open.close();
    }
}
