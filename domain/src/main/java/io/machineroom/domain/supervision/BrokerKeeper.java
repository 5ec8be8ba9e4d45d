package io.machineroom.domain.supervision;

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
public final class BrokerKeeper implements Tasks.Body {
    private static final System.Logger LOG = System.getLogger(BrokerKeeper.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A broker closes its store when it is asked to end; whoever kills it meanwhile cuts off what it writes. */
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Broker broker;
    private final Tasks tasks;
    private final Broker.Spec spec;
    private volatile List<Broker.Account> accounts;
    private volatile int port;
    private volatile int certificates;
    private volatile int restarts;
    private volatile String lastFault = "";
    private volatile @Nullable URI url;
    private volatile Broker.@Nullable Running running;

    public BrokerKeeper(Broker broker, Broker.Spec spec, Tasks tasks) {
        this.broker = broker;
        this.spec = spec;
        this.accounts = spec.accounts();
        this.port = spec.port();
        this.tasks = tasks;
    }

    /** Where the broker listens, once it did. */
    public Optional<URI> url() {
        return Optional.ofNullable(url);
    }

    /** Gives the broker one more account, now and at each start. One task only. */
    public void admit(Broker.Account account) {
        List<Broker.Account> all = new ArrayList<>(accounts);
        all.add(account);
        accounts = List.copyOf(all);
        Broker.Running now = running;
        if (now != null) {
            now.admit(account);
        }
    }

    /** Has the broker read its certificate anew, soon. One task only. */
    public void renewCertificate() {
        int before = certificates;
        certificates = before + 1;
    }

    /** Whether a broker runs now. Safe from any task. */
    public boolean isUp() {
        return running != null;
    }

    /** Why the last start failed, with its code; empty when it did not. Safe from any task. */
    public String lastFault() {
        return lastFault;
    }

    /** Has a broker that runs and does not work started anew. One task only. */
    public void restart() {
        int before = restarts;
        restarts = before + 1;
    }

    private Broker.Spec spec() {
        return spec.withPort(port).withAccounts(accounts);
    }

    @Override
    public void run() throws InterruptedException {
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            try {
                int certificate = certificates;
                Broker.Running fresh = broker.start(spec(), PATIENCE);
                wait = Duration.ofSeconds(1);
                watch(fresh, certificate);
                LOG.log(System.Logger.Level.WARNING, "broker ended; starting it again");
            } catch (PortException.Unavailable | PortException.Refused e) {
                failed(e);
                tasks.sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST) < 0 ? wait.multipliedBy(2) : LONGEST;
            }
        }
    }

    /** The same fault again is not worth another line: it is in the status, and tried again every half minute. */
    private void failed(PortException e) {
        String fault = e.code() + ": " + e.getMessage();
        if (!fault.equals(lastFault)) {
            LOG.log(System.Logger.Level.WARNING, "broker: " + fault);
        }
        lastFault = fault;
    }

    private void watch(Broker.Running fresh, int started) throws InterruptedException {
        int taken = started;
        int begun = restarts;
        try {
            lastFault = "";
            url = fresh.url();
            port = fresh.url().getPort();
            running = fresh;
            // one that came while it was starting
            accounts.forEach(fresh::admit);
            while (fresh.alive() && begun == restarts) {
                int newest = certificates;
                if (newest != taken) {
                    fresh.reload(spec(), PATIENCE);
                    taken = newest;
                    LOG.log(System.Logger.Level.INFO, "broker took over the renewed certificate");
                }
                tasks.sleep(LOOK);
            }
        } finally {
            running = null;
            fresh.stop(CLOSING);
        }
    }
}
