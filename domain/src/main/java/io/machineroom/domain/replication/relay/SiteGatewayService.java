package io.machineroom.domain.replication.relay;

import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves a site's followers while its task runs, as soon as there is a certificate, and opens anew to show a renewed one: who
 * is connected comes again by himself.
 */
public final class SiteGatewayService implements Service {
    private static final System.Logger LOG = System.getLogger(SiteGatewayService.class.getName());
    private static final int MAX_BODY = 1 << 20;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final SiteGatewaySettings settings;
    private final SiteGatewayPorts ports;
    private volatile int certificates;
    private volatile int port;
    private volatile String fault = "";

    /** A service that has not begun. */
    public SiteGatewayService(SiteGatewaySettings settings, SiteGatewayPorts ports) {
        this.settings = settings;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "site-gateway";
    }

    /** The certificate is another one now. Returns at once; one task calls it. */
    public void renewed() {
        int before = certificates;
        certificates = before + 1;
    }

    /** The port that it listens on; 0 while it does not. Safe from any task. */
    public int port() {
        return port;
    }

    /** Why it does not listen, with its code; empty when it does. Safe from any task. */
    public String lastFault() {
        return fault;
    }

    @Override
    public void run() throws InterruptedException {
        SiteGateway gateway = new SiteGateway(settings, ports);
        gateway.open();
        int wanted = settings.port();
        while (true) {
            int shown = certificates;
            Optional<Gateway.Running> open = open(gateway, wanted);
            if (open.isEmpty()) {
                ports.tasks().sleep(RETRY);
                continue;
            }
            try (Gateway.Running running = open.get()) {
                wanted = running.url().getPort();
                port = wanted;
                fault = "";
                while (shown == certificates) {
                    ports.tasks().sleep(LOOK);
                }
            } finally {
                port = 0;
            }
        }
    }

    private Optional<Gateway.Running> open(SiteGateway gateway, int wanted) {
        try {
            var tls = ports.tls().server(settings.chain(), settings.key());
            return Optional.of(ports.gateway()
                    .serve(
                            new Gateway.Settings(settings.host(), wanted, tls, MAX_BODY, settings.maxRequests()),
                            gateway));
        } catch (PortException.Unavailable | PortException.Refused notYet) {
            String now = notYet.code() + ": " + notYet.getMessage();
            if (!now.equals(fault)) {
                LOG.log(System.Logger.Level.WARNING, "the site's gateway is not open: " + now);
            }
            fault = now;
            return Optional.empty();
        }
    }
}
