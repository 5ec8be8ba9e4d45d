package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * The gateway while it is open; opened anew, on the same port, to show a renewed certificate. Belongs to the task of the
 * service; others only ask.
 */
final class FrontDoor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrontDoor.class.getName());
    private static final int TRIES = 50;
    private static final Duration WAIT = Duration.ofMillis(200);

    private final IntFunction<Gateway.Running> serve;
    private final Tasks tasks;
    private Gateway.Running open;
    private volatile int asked;
    private volatile int done;

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

    int port() {
        return open.url().getPort();
    }

    /** Asks for it to be opened anew. The desk only. */
    void ask() {
        int before = asked;
        asked = before + 1;
    }

    /** Gives it some seconds to be opened anew. */
    void await() throws InterruptedException {
        for (int left = TRIES; left > 0 && done != asked; left--) {
            tasks.sleep(WAIT);
        }
    }

    /**
     * Closes and opens it when somebody asked for that: who is connected comes again by himself.
     *
     * @throws PortException when it does not open for some seconds: a backplane without its gateway is better started anew
     */
    void reopen() throws InterruptedException {
        int wanted = asked;
        if (wanted == done) {
            return;
        }
        int port = port();
        open.close();
        for (int left = TRIES; ; left--) {
            try {
                open = serve.apply(port);
                done = wanted;
                return;
            } catch (PortException notYet) {
                if (left == 0) {
                    throw notYet;
                }
                LOG.log(System.Logger.Level.DEBUG, "gateway not open again yet: " + notYet.code());
                tasks.sleep(WAIT);
            }
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
