package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@link Broker} promises. */
public abstract class BrokerContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    protected abstract Broker broker();

    /** How to run one on this port, always with the same directory. */
    protected abstract Broker.Spec spec(int port);

    /** Whether somebody takes connections there. */
    protected abstract boolean listens(URI url);

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    @Test
    void isHere() {
        assertEquals("", broker().missing());
    }

    @Test
    void takesConnectionsOnceStarted() throws InterruptedException {
        within(() -> {
            Broker.Running running = broker().start(spec(0), PATIENCE);
            try {
                assertTrue(running.alive());
                assertTrue(running.pid() > 0);
                assertTrue(running.url().getPort() > 0, running.url().toString());
                assertTrue(listens(running.url()));
            } finally {
                running.stop(PATIENCE);
            }
        });
    }

    @Test
    void isGoneOnceStopped() throws InterruptedException {
        within(() -> {
            Broker.Running running = broker().start(spec(0), PATIENCE);
            running.stop(PATIENCE);
            running.stop(PATIENCE);
            assertFalse(running.alive());
            assertFalse(listens(running.url()));
        });
    }

    @Test
    void startsAgainOnItsDirectoryAndPort() throws InterruptedException {
        within(() -> {
            Broker.Running first = broker().start(spec(0), PATIENCE);
            int port = first.url().getPort();
            first.stop(PATIENCE);
            Broker.Running second = broker().start(spec(port), PATIENCE);
            try {
                assertEquals(port, second.url().getPort());
                assertTrue(listens(second.url()));
            } finally {
                second.stop(PATIENCE);
            }
        });
    }

    @Test
    void takesAccountsAndCertificatesWhileItRuns() throws InterruptedException {
        within(() -> {
            Broker.Spec all = spec(0);
            Broker.Running running = broker().start(
                            all.withAccounts(all.accounts().stream().limit(2).toList()), PATIENCE);
            Broker.Spec now = all.withPort(running.url().getPort());
            try {
                all.accounts().forEach(running::admit);
                all.accounts().forEach(running::admit);
                running.reload(now, PATIENCE);
                assertTrue(running.alive());
                assertTrue(listens(running.url()));
            } finally {
                running.stop(PATIENCE);
            }
            PortException.Unavailable error =
                    assertThrows(PortException.Unavailable.class, () -> running.reload(now, Duration.ofSeconds(2)));
            assertEquals("broker.reload", error.code());
        });
    }

    @Test
    void saysWhyItDoesNotStart() throws InterruptedException {
        within(() -> {
            Broker.Running first = broker().start(spec(0), PATIENCE);
            try {
                int taken = first.url().getPort();
                PortException.Unavailable error =
                        assertThrows(PortException.Unavailable.class, () -> broker().start(spec(taken), PATIENCE));
                assertEquals("broker.start", error.code());
                assertTrue(first.alive());
            } finally {
                first.stop(PATIENCE);
            }
        });
    }
}
