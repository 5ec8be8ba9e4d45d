package io.machineroom.domain.agent;

import io.machineroom.domain.flow.Way;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The ways to the SaaS that an enrolment opens: brokers first, unless told otherwise, then gateways. */
final class Ways {
    private Ways() {}

    /**
     * Empty when neither the build nor the enrolment has a way in common.
     *
     * @param current the enrolment with its newest tokens; each connection is made with those
     */
    static List<Way> of(Supplier<Enrolment> current, AgentSettings settings, AgentPorts ports) {
        Enrolment enrolment = current.get();
        List<Way> out = new ArrayList<>();
        if (!settings.httpsOnly() && !enrolment.natsUrls().isEmpty()) {
            String scheme = enrolment.natsUrls().getFirst().getScheme();
            ports.transport(scheme)
                    .ifPresent(t ->
                            out.add(new Way("nats", t, () -> endpoint(enrolment.natsUrls(), current.get(), settings))));
        }
        if (!enrolment.httpsUrls().isEmpty()) {
            ports.transport("https")
                    .ifPresent(t -> out.add(
                            new Way("https", t, () -> endpoint(enrolment.httpsUrls(), current.get(), settings))));
        }
        return out;
    }

    static Optional<Endpoint> gateway(Enrolment enrolment, AgentSettings settings) {
        return enrolment.httpsUrls().isEmpty()
                ? Optional.empty()
                : Optional.of(endpoint(enrolment.httpsUrls(), enrolment, settings));
    }

    static Endpoint endpoint(List<URI> urls, Enrolment enrolment, AgentSettings settings) {
        return new Endpoint(
                urls,
                new TrustPolicy(enrolment.caPins(), enrolment.issued()),
                new Endpoint.Credentials.Node(
                        enrolment.identity(),
                        enrolment.nodeKey(),
                        enrolment.natsJwt(),
                        KeyRole.NATS_USER,
                        KeyRole.IDENTITY),
                enrolment.identity(),
                settings.enrolment().connectTimeout());
    }
}
