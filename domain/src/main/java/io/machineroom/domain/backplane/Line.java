package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps one connection to one account of the broker: connects, works until it is lost, connects anew. */
final class Line implements Tasks.Body {
    private static final System.Logger LOG = System.getLogger(Line.class.getName());
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final String account;
    private final Transport transport;
    private final Supplier<Optional<Endpoint>> endpoint;
    private final Work work;
    private final Tasks tasks;
    private volatile @Nullable Link link;

    Line(String account, Transport transport, Supplier<Optional<Endpoint>> endpoint, Work work, Tasks tasks) {
        this.account = account;
        this.transport = transport;
        this.endpoint = endpoint;
        this.work = work;
        this.tasks = tasks;
    }

    /** What is done over a fresh connection; returns or throws when the connection is of no more use. */
    interface Work {
        void over(Link link) throws InterruptedException;
    }

    /** The connection, while there is one. */
    Optional<Link> link() {
        Link now = link;
        return now != null && now.state() == Link.State.CONNECTED ? Optional.of(now) : Optional.empty();
    }

    @Override
    public void run() throws InterruptedException {
        String said = "";
        while (true) {
            Optional<Endpoint> where = endpoint.get();
            if (where.isPresent()) {
                said = once(where.get(), said);
            }
            tasks.sleep(WAIT);
        }
    }

    /** One connection; returns the fault that was told, so that it is told once. */
    private String once(Endpoint where, String said) throws InterruptedException {
        try (Link fresh = transport.connect(where)) {
            link = fresh;
            LOG.log(System.Logger.Level.INFO, "account " + account + ": connected to " + fresh.server());
            work.over(fresh);
            return "";
        } catch (PortException.Unavailable | PortException.Refused e) {
            if (!said.equals(e.code())) {
                LOG.log(System.Logger.Level.WARNING, "account " + account + ": " + e.code() + ": " + e.getMessage());
            }
            return e.code();
        } finally {
            link = null;
        }
    }
}
