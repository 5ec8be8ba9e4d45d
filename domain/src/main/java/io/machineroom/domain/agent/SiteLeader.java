package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.UplinkEar;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.SiteBroker;
import io.machineroom.domain.replication.Site;
import io.machineroom.domain.replication.SiteCharter;
import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.replication.SiteRuntime;
import io.machineroom.ports.PortException;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Transport;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** The part of an enrolled node that leads its site, when its enrolment says so. Without it the node is one like all others. */
final class SiteLeader {
    static final String ROLE = "machine_room.role";
    static final String LEADER = "leader";
    static final String FOLLOWER = "follower";

    private static final String UNEQUIPPED = "site.unequipped";
    private static final System.Logger LOG = System.getLogger(SiteLeader.class.getName());

    private SiteLeader() {}

    /** Which role an enrolment gives: {@code leader}, {@code follower} of a site's leader, or empty for a node on its own. */
    static String role(Enrolment enrolment) {
        if (enrolment.siteBroker().isPresent()) {
            return LEADER;
        }
        // a backplane without sites calls every node a follower, and names nobody to follow
        boolean follows = enrolment.configuration().containsKey("machine_room.source.host")
                && FOLLOWER.equals(enrolment.configuration().get(ROLE));
        return follows ? FOLLOWER : "";
    }

    /** What a follower hears its leader with. */
    static Optional<UplinkEar> ear(Enrolment enrolment, AgentPorts ports) {
        return role(enrolment).equals(FOLLOWER)
                ? Optional.of(new UplinkEar(ports.json(), ports.tasks(), ports.time()))
                : Optional.empty();
    }

    /**
     * The site that this node leads; empty when it leads none, or cannot: then it says so, and goes on as a node on its own.
     *
     * @param saas the node's links to the SaaS
     */
    static Optional<Site> of(
            ProvisioningMode.Start begin, AgentSettings settings, Enrolment enrolment, LinkSupply saas) {
        if (enrolment.siteBroker().isEmpty()) {
            retire(begin, enrolment);
            return Optional.empty();
        }
        AgentPorts ports = begin.ports();
        Optional<Endpoint> gateway = Ways.gateway(enrolment, settings);
        Optional<Transport> https = ports.transport("https");
        Optional<Transport> nats = ports.transport("tls");
        Optional<SiteMeans> means = begin.parts().site(enrolment.configuration());
        if (gateway.isEmpty() || https.isEmpty() || nats.isEmpty() || means.isEmpty()) {
            LOG.log(
                    Level.ERROR,
                    "this node is to lead site {0} and cannot: {1}: it needs a gateway of the backplane, and a build with NATS",
                    enrolment.site(),
                    UNEQUIPPED);
            return Optional.empty();
        }
        try {
            return Optional.of(new Site(
                    charter(enrolment, enrolment.siteBroker().get()),
                    means.get(),
                    new Site.Outside(saas, () -> https.get().connect(gateway.get()), nats.get()),
                    ports.json(),
                    new SiteRuntime.Machine(ports.tasks(), ports.time(), ports.entropy(), ports.meter())));
        } catch (PortException.Refused | IllegalArgumentException e) {
            LOG.log(
                    Level.ERROR,
                    "this node cannot lead site {0}: {1}: {2}",
                    enrolment.site(),
                    UNEQUIPPED,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** What this node kept while it led a site is old when it leads one again. */
    private static void retire(ProvisioningMode.Start begin, Enrolment enrolment) {
        try {
            begin.parts()
                    .site(enrolment.configuration())
                    .filter(means -> means.files().info(Site.BROKER).isPresent())
                    .ifPresent(means -> means.broker().retire(means.files().path(Site.BROKER)));
        } catch (PortException.Unavailable disk) {
            LOG.log(
                    Level.WARNING,
                    "the store of the site that this node led: {0}: {1}",
                    disk.code(),
                    disk.getMessage());
        }
    }

    private static SiteCharter charter(Enrolment enrolment, SiteBroker broker) {
        return new SiteCharter(
                enrolment.customer(),
                enrolment.site(),
                broker.host(),
                broker.port(),
                broker.gatewayPort(),
                broker.operatorJwt(),
                broker.systemAccount(),
                broker.accounts(),
                broker.userJwt(),
                broker.cluster());
    }
}
