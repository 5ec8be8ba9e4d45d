package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the broker running as a child: starts it, and starts it again on the same port when it dies. */
final class BrokerKeeper implements Tasks.Body {
    private static final System.Logger LOG = System.getLogger(BrokerKeeper.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Broker broker;
    private final Tasks tasks;
    private volatile Broker.Spec spec;
    private volatile @Nullable URI url;

    BrokerKeeper(Broker broker, Broker.Spec spec, Tasks tasks) {
        this.broker = broker;
        this.spec = spec;
        this.tasks = tasks;
    }

    /** Where the broker listens, once it did. */
    Optional<URI> url() {
        return Optional.ofNullable(url);
    }

    @Override
    public void run() throws InterruptedException {
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            try {
                Broker.Running running = broker.start(spec, PATIENCE);
                wait = Duration.ofSeconds(1);
                watch(running);
                LOG.log(System.Logger.Level.WARNING, "broker ended; starting it again");
            } catch (PortException.Unavailable | PortException.Refused e) {
                LOG.log(System.Logger.Level.WARNING, "broker: " + e.code() + ": " + e.getMessage());
                tasks.sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST) < 0 ? wait.multipliedBy(2) : LONGEST;
            }
        }
    }

    private void watch(Broker.Running running) throws InterruptedException {
        try {
            url = running.url();
            spec = onPort(spec, running.url().getPort());
            while (running.alive()) {
                tasks.sleep(LOOK);
            }
        } finally {
            running.stop(Duration.ofSeconds(5));
        }
    }

    private static Broker.Spec onPort(Broker.Spec spec, int port) {
        return new Broker.Spec(
                spec.host(),
                port,
                spec.directory(),
                spec.certificateChain(),
                spec.privateKey(),
                spec.operatorJwt(),
                spec.accounts(),
                spec.systemAccountNkey());
    }
}
