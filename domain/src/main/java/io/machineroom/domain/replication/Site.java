package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.Way;
import io.machineroom.domain.replication.relay.SiteGatewayPorts;
import io.machineroom.domain.replication.relay.SiteGatewayService;
import io.machineroom.domain.replication.relay.SiteGatewaySettings;
import io.machineroom.domain.replication.relay.SiteWeb;
import io.machineroom.domain.supervision.BrokerKeeper;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A site as its leader runs it: certificate, broker, and those who copy between it and the SaaS. Each is a service of its own, so
 * that one that fails stops no other.
 */
public final class Site {
    private static final System.Logger LOG = System.getLogger(Site.class.getName());
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "127.0.0.1", "localhost");
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final SiteCharter charter;
    private final SiteMeans means;
    private final Outside outside;
    private final SiteRuntime.Machine machine;
    private final SiteCertificate certificate;
    private final SiteLink link;
    private final BrokerKeeper keeper;
    private final Broker broker;
    private final CertificateKeeper certificates;
    private final SiteSetup setup;
    private final SiteReceipts receipts;
    private final SiteUplink uplink;
    private final SiteRuntime runtime;
    private final ConfigNames names;
    private final Optional<SiteGatewayService> gateway;

    /** A link over HTTPS with the leader's session; as {@link Transport#connect}. */
    public interface Gateway {
        Link connect() throws InterruptedException;
    }

    /**
     * What is beyond the site.
     *
     * @param saas links to the SaaS
     * @param gateway the SaaS's gateway
     * @param nats how to reach the site's own broker
     */
    public record Outside(LinkSupply saas, Gateway gateway, Transport nats) {}

    public Site(SiteCharter charter, SiteMeans means, Outside outside, JsonFormat json, SiteRuntime.Machine machine) {
        this.charter = charter;
        this.means = means;
        this.outside = outside;
        this.machine = machine;
        this.names = new ConfigNames(means.settings().configPrefix());
        this.broker = means.settings().program().map(means.broker()::with).orElse(means.broker());
        this.certificate =
                new SiteCertificate(means.files(), means.certificates(), json, charter.name() + " " + charter.host());
        this.keeper = new BrokerKeeper(broker, spec(), machine.tasks());
        this.link = new SiteLink(machine, this::way);
        this.runtime = new SiteRuntime(charter.name(), link, outside.saas(), means.files(), json, machine);
        this.certificates =
                new CertificateKeeper(machine, certificate, outside.gateway(), charter.host(), this::renewed);
        this.setup = new SiteSetup(runtime, means.settings().intakeBytes(), this::restart);
        this.receipts = new SiteReceipts(runtime);
        this.uplink = new SiteUplink(runtime, receipts, means.settings().rate());
        this.gateway = means.web().map(this::gateway);
    }

    private SiteGatewayService gateway(SiteWeb web) {
        return new SiteGatewayService(
                new SiteGatewaySettings(
                        charter.customer(),
                        charter.name(),
                        means.settings().listen(),
                        charter.gatewayPort(),
                        SiteGatewaySettings.MAX_REQUESTS,
                        certificate.chain(),
                        certificate.key(),
                        web.artifactBytes()),
                new SiteGatewayPorts(
                        web.gateway(),
                        web.tls(),
                        web.upstream(),
                        means.files(),
                        web.signatures(),
                        runtime.json(),
                        machine.tasks(),
                        machine.time(),
                        machine.meter()));
    }

    /** In the order of their start; stopped in the opposite one, so that the broker goes last. */
    public List<Service> services() {
        List<Service> all = new ArrayList<>(List.of(
                certificates,
                Service.of("site-broker", this::runBroker),
                link,
                setup,
                new ConfigCopy(runtime, names),
                receipts,
                uplink,
                new UplinkWord(runtime)));
        gateway.ifPresent(all::add);
        return all;
    }

    /** To the site's own broker, as who may do all there. Safe from any task. */
    public LinkSupply links() {
        return link;
    }

    /** Whether there is a certificate. */
    private boolean hasCertificate() {
        return certificate.expires().isPresent();
    }

    /** For status; safe from any task. */
    public SiteState state() {
        SiteSetup.Backlog backlog = setup.backlog();
        String missing = broker.missing();
        String state = keeper.isUp() ? "running" : missing.isEmpty() ? "starting" : "missing";
        return new SiteState(
                charter.name(),
                state,
                reason(missing),
                link.current().isPresent(),
                outside.saas().current().isPresent(),
                backlog.messages(),
                backlog.bytes(),
                backlog.oldestSeconds(),
                uplink.lastCode(),
                certificate.expires().map(Object::toString).orElse(""));
    }

    private String reason(String missing) {
        if (keeper.isUp()) {
            return link.current().isPresent() ? "" : link.state().lastMessage();
        }
        if (!missing.isEmpty()) {
            return "broker.missing: " + missing;
        }
        return keeper.lastFault().isEmpty() ? certificates.lastFault() : keeper.lastFault();
    }

    private void runBroker() throws InterruptedException {
        String missing = broker.missing();
        if (!missing.isEmpty()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the site has no broker, its leader goes on as a lone node: broker.missing: " + missing);
        }
        while (!hasCertificate()) {
            machine.tasks().sleep(LOOK);
        }
        means.files().makeDirectory("nats", 0700);
        keeper.run();
    }

    private void renewed() {
        keeper.renewCertificate();
        gateway.ifPresent(SiteGatewayService::renewed);
    }

    private void restart() {
        if (keeper.isUp()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the site's broker takes no connection for a minute: it is started anew");
            keeper.restart();
        }
    }

    private Broker.Spec spec() {
        return new Broker.Spec(
                means.settings().listen(),
                charter.port(),
                means.files().path("nats"),
                certificate.chain(),
                certificate.key(),
                charter.operatorJwt(),
                charter.accounts(),
                charter.systemAccount());
    }

    /** To the broker under a name of its certificate; empty while there is none. */
    private Optional<Way> way() {
        if (!hasCertificate()) {
            return Optional.empty();
        }
        String host = EVERYWHERE.contains(means.settings().listen()) ? "localhost" : charter.host();
        try {
            return Optional.of(new Way(
                    "site",
                    outside.nats(),
                    new Endpoint(
                            List.of(URI.create("tls://" + host + ":" + charter.port())),
                            new TrustPolicy(
                                    List.of(certificate.caPin()),
                                    machine.time().wall().getEpochSecond()),
                            new Endpoint.Credentials.NatsUser(charter.userJwt(), KeyRole.NATS_USER),
                            "leader of " + charter.name(),
                            CONNECT)));
        } catch (PortException.Refused unreadable) {
            LOG.log(System.Logger.Level.WARNING, "the site's CA cannot be read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }
}
