package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the broker running as a child: starts it, starts it again on the same port when it dies, gives it new
 * accounts, and has it read a renewed certificate. A broker that does not is started anew: links come back by themselves,
 * and what is not acknowledged waits on the nodes.
 */
final class BrokerKeeper implements Tasks.Body {
    private static final System.Logger LOG = System.getLogger(BrokerKeeper.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Broker broker;
    private final Tasks tasks;
    private final Object lock = new Object();
    private Broker.Spec spec;
    private long changes;
    private volatile @Nullable URI url;
    private volatile Broker.@Nullable Running running;

    BrokerKeeper(Broker broker, Broker.Spec spec, Tasks tasks) {
        this.broker = broker;
        this.spec = spec;
        this.tasks = tasks;
    }

    /** How it is to run, and with the how-manieth certificate. */
    private record Wish(Broker.Spec spec, long changes) {}

    /** Where the broker listens, once it did. */
    Optional<URI> url() {
        return Optional.ofNullable(url);
    }

    /** Gives the broker one more account, now and at each start; safe from any task. */
    void admit(Broker.Account account) {
        synchronized (lock) {
            List<Broker.Account> all = new ArrayList<>(spec.accounts());
            all.add(account);
            spec = spec.withAccounts(all);
        }
        Broker.Running now = running;
        if (now != null) {
            now.admit(account);
        }
    }

    /** Has the broker read its certificate anew, soon; safe from any task. */
    void renewCertificate() {
        synchronized (lock) {
            changes++;
        }
    }

    private Wish wish() {
        synchronized (lock) {
            return new Wish(spec, changes);
        }
    }

    private void tookPort(int port) {
        synchronized (lock) {
            spec = spec.withPort(port);
        }
    }

    @Override
    public void run() throws InterruptedException {
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            try {
                Wish wish = wish();
                Broker.Running fresh = broker.start(wish.spec(), PATIENCE);
                wait = Duration.ofSeconds(1);
                watch(fresh, wish.changes());
                LOG.log(System.Logger.Level.WARNING, "broker ended; starting it again");
            } catch (PortException.Unavailable | PortException.Refused e) {
                LOG.log(System.Logger.Level.WARNING, "broker: " + e.code() + ": " + e.getMessage());
                tasks.sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST) < 0 ? wait.multipliedBy(2) : LONGEST;
            }
        }
    }

    private void watch(Broker.Running fresh, long started) throws InterruptedException {
        long taken = started;
        try {
            url = fresh.url();
            tookPort(fresh.url().getPort());
            running = fresh;
            // one that came while it was starting
            wish().spec().accounts().forEach(fresh::admit);
            while (fresh.alive()) {
                Wish wish = wish();
                if (wish.changes() != taken) {
                    fresh.reload(wish.spec(), PATIENCE);
                    taken = wish.changes();
                    LOG.log(System.Logger.Level.INFO, "broker took over the renewed certificate");
                }
                tasks.sleep(LOOK);
            }
        } finally {
            running = null;
            fresh.stop(Duration.ofSeconds(5));
        }
    }
}
