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
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.HostName;
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
    /** Folder of the broker among the site's files. */
    public static final String BROKER = "nats";

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
    private final SiteRuntime runtime;
    private final SiteFitness fitness;
    private final Optional<SiteGatewayService> gateway;
    private final Doing doing;

    /** Who does the work of the site. */
    private sealed interface Doing {
        /** A site with one place: it does. */
        record Alone(SiteWork work) implements Doing {}

        /** One of three: the one that they elect. */
        record OneOf(SiteRollCall places, SiteCarrier carrier, SiteCopies copies) implements Doing {}
    }

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
        this.broker = means.settings().program().map(means.broker()::with).orElse(means.broker());
        this.certificate = new SiteCertificate(means.files(), means.certificates(), json, charter.certified());
        this.keeper = new BrokerKeeper(broker, spec(), machine.tasks());
        this.link = new SiteLink(machine, this::way);
        this.runtime = new SiteRuntime(charter.name(), link, outside.saas(), means.files(), json, machine);
        this.fitness = new SiteFitness(machine.time());
        this.certificates =
                new CertificateKeeper(machine, certificate, outside.gateway(), charter.host(), this::renewed);
        this.gateway = means.web().map(this::gateway);
        this.doing = charter.cluster().<Doing>map(cluster -> oneOf(cluster)).orElseGet(() -> new Doing.Alone(work()));
    }

    private Doing oneOf(BrokerCluster cluster) {
        SiteRollCall places = new SiteRollCall(runtime, cluster, fitness);
        return new Doing.OneOf(
                places,
                new SiteCarrier(runtime, charter.place(cluster), places::yielding, fitness, this::work),
                new SiteCopies(runtime, places));
    }

    private SiteWork work() {
        return new SiteWork(runtime, means.settings(), charter.replicas(), fitness);
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
                new SiteSilence(runtime, this::restart)));
        switch (doing) {
            case Doing.Alone alone -> all.addAll(alone.work().services());
            case Doing.OneOf three -> all.addAll(List.of(three.places(), three.copies(), three.carrier()));
        }
        gateway.ifPresent(all::add);
        return all;
    }

    /** To the site's own broker, as who may do all there. Safe from any task. */
    public LinkSupply links() {
        return link;
    }

    /** On how many brokers what is made at the site is to lie. */
    public int replicas() {
        return charter.replicas();
    }

    /** Whether there is a certificate. */
    private boolean hasCertificate() {
        return certificate.expires().isPresent();
    }

    /** For status; safe from any task. */
    public SiteState state() {
        Optional<SiteWork> work = switch (doing) {
            case Doing.Alone alone -> Optional.of(alone.work());
            case Doing.OneOf three -> three.carrier().work();
        };
        SiteSetup.Backlog backlog = work.map(SiteWork::backlog).orElse(new SiteSetup.Backlog(0, 0, 0));
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
                work.map(SiteWork::lastCode).orElse(""),
                certificate.expires().map(Object::toString).orElse(""),
                standing(work.isPresent()));
    }

    private Optional<SiteState.Standing> standing(boolean carrying) {
        return switch (doing) {
            case Doing.Alone _ -> Optional.empty();
            case Doing.OneOf(SiteRollCall places, SiteCarrier _, SiteCopies copies) ->
                Optional.of(new SiteState.Standing(
                        places.member(), carrying, places.seen(), places.lastSeen(), copies.current()));
        };
    }

    private String reason(String missing) {
        if (keeper.isUp()) {
            return link.current().isPresent() ? quorum() : link.state().lastMessage();
        }
        if (!missing.isEmpty()) {
            return "broker.missing: " + missing;
        }
        return keeper.lastFault().isEmpty() ? certificates.lastFault() : keeper.lastFault();
    }

    private String quorum() {
        return doing instanceof Doing.OneOf three ? three.places().fault() : "";
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
        means.files().makeDirectory(BROKER, 0700);
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
        Broker.Spec alone = new Broker.Spec(
                means.settings().listen(),
                charter.port(),
                means.files().path(BROKER),
                certificate.chain(),
                certificate.key(),
                charter.operatorJwt(),
                charter.accounts(),
                charter.systemAccount(),
                Optional.empty());
        return charter.cluster()
                .map(cluster -> alone.within(new Broker.Membership(cluster, charter.place(cluster), certificate.ca())))
                .orElse(alone);
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
                            List.of(URI.create("tls://" + new HostName(host).bracketed() + ":" + charter.port())),
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
