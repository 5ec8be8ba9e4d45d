package io.machineroom.domain.agent;

import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentLoop;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.domain.provisioning.RenewalLoop;
import io.machineroom.domain.provisioning.RenewalRequest;
import io.machineroom.domain.provisioning.SiteNews;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** How a node keeps its enrolment fresh. */
final class Renewing {
    private static final System.Logger LOG = System.getLogger(Renewing.class.getName());
    private static final String GATEWAYS = "machine_room.source.gateways";

    private Renewing() {}

    /**
     * Keeps it fresh, where there is a gateway to ask and an issuer to believe.
     *
     * @param config desired state
     */
    static Optional<Service> of(
            ProvisioningMode.Start begin,
            AgentSettings settings,
            Enrolment enrolment,
            EnrolmentStore store,
            Bucket config,
            Consumer<Enrolment> renewed) {
        EnrolmentLoop.Parts parts = ProvisioningMode.enrolmentParts(begin.ports());
        return settings.enrolment()
                .issuer()
                .filter(issuer -> !enrolment.httpsUrls().isEmpty())
                .map(issuer -> new RenewalLoop(
                        parts,
                        new RenewalRequest(
                                settings.enrolment(),
                                issuer,
                                parts,
                                begin.parts()::check,
                                new RenewalRequest.Whom(store, gateways(enrolment, settings))),
                        enrolment,
                        enrolment.site().isEmpty()
                                ? Optional.empty()
                                : Optional.of(new SiteNews(
                                        config,
                                        parts.json(),
                                        settings.intervals().siteNews())),
                        renewed));
    }

    /** First those that the node uses, then for a follower those of the SaaS. */
    private static List<Endpoint> gateways(Enrolment enrolment, AgentSettings settings) {
        return Stream.of(enrolment.httpsUrls(), beyond(enrolment))
                .filter(urls -> !urls.isEmpty())
                .map(urls -> Ways.endpoint(urls, enrolment, settings))
                .toList();
    }

    /** The gateways that a leader stands for; what is none is left out. */
    private static List<URI> beyond(Enrolment enrolment) {
        List<URI> out = new ArrayList<>();
        String all = enrolment.configuration().getOrDefault(GATEWAYS, "");
        for (String text : all.split(",", -1)) {
            try {
                URI url = URI.create(text.strip());
                if ("https".equals(url.getScheme()) && url.getHost() != null) {
                    out.add(url);
                }
            } catch (IllegalArgumentException none) {
                LOG.log(System.Logger.Level.DEBUG, "a gateway of the SaaS is no URL", none);
            }
        }
        return out;
    }
}
