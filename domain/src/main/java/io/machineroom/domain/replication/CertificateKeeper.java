package io.machineroom.domain.replication;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;

/** Gets the site's certificate when there is none, and the next one when a third of its life is left. One task. */
final class CertificateKeeper implements Service {
    private static final System.Logger LOG = System.getLogger(CertificateKeeper.class.getName());
    private static final Duration LOOK = Duration.ofMinutes(10);
    private static final long AGAIN_NANOS = Duration.ofHours(1).toNanos();

    private final SiteRuntime.Machine machine;
    private final SiteCertificate certificate;
    private final Site.Gateway gateway;
    private final String host;
    private final Runnable renewed;
    private final Backoff backoff = Backoff.doubling(Duration.ofSeconds(1), Duration.ofMinutes(2));
    private volatile String lastFault = "";
    /** When the last one came, in ticks; of the task that runs. */
    private OptionalLong given = OptionalLong.empty();

    /**
     * A keeper.
     *
     * @param renewed told when a new one lies there
     */
    CertificateKeeper(
            SiteRuntime.Machine machine,
            SiteCertificate certificate,
            Site.Gateway gateway,
            String host,
            Runnable renewed) {
        this.machine = machine;
        this.certificate = certificate;
        this.gateway = gateway;
        this.host = host;
        this.renewed = renewed;
    }

    @Override
    public String name() {
        return "site-certificate";
    }

    /** Why there is no new one, with its code; empty when none is needed. Safe from any task. */
    String lastFault() {
        return lastFault;
    }

    @Override
    public void run() throws InterruptedException {
        int failures = 0;
        while (true) {
            if (!certificate.isDue(machine.time().wall()) || justGiven()) {
                failures = 0;
                lastFault = "";
                machine.tasks().sleep(LOOK);
            } else if (!ask()) {
                machine.tasks().sleep(backoff.delay(failures++, machine.entropy()));
            }
        }
    }

    /** One that is due as soon as it came is so by a wall clock that is far ahead: the next would be no better. */
    private boolean justGiven() {
        OptionalLong last = given;
        return last.isPresent()
                && machine.time().ticks() - last.getAsLong() < AGAIN_NANOS
                && certificate.expires().isPresent();
    }

    private boolean ask() throws InterruptedException {
        try (Link link = gateway.connect()) {
            certificate.ask(link, host);
        } catch (PortException.Unavailable | PortException.Refused e) {
            machine.meter().count("mr_site_certificate_failures_total", "code", e.code(), 1);
            String fault = e.code() + ": " + e.getMessage();
            if (!fault.equals(lastFault)) {
                LOG.log(Level.WARNING, "no certificate for the site: " + fault);
            }
            lastFault = fault;
            return false;
        }
        given = OptionalLong.of(machine.time().ticks());
        LOG.log(Level.INFO, "the site has a new certificate");
        renewed.run();
        return true;
    }
}
