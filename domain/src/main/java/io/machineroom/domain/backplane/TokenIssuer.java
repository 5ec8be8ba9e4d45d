package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Issues provisioning tokens, signed by the offline organisation key. */
public final class TokenIssuer {
    private final Founding.Place offline;
    private final Founding.Means means;

    public TokenIssuer(Founding.Place offline, Founding.Means means) {
        this.offline = offline;
        this.means = means;
    }

    /**
     * A token for the nodes of a customer.
     *
     * @param site may be empty
     * @param urls gateways, {@code https} only
     * @throws PortException.Refused {@code token.customer}, {@code token.site}, {@code token.url}, {@code key.missing}
     */
    public Secret issue(Charter charter, String customer, String site, List<URI> urls, Duration validity) {
        return issue(charter, customer, site, new Entrance(urls, List.of(charter.caPin())), validity);
    }

    /**
     * A token for the nodes of a registered site: they may enrol through its leaders too, which a leader itself finds absent and
     * passes over.
     *
     * @param urls gateways of the SaaS, {@code https} only
     * @throws PortException.Refused as {@link #issue(Charter, String, String, List, Duration)}
     */
    public Secret issue(Charter charter, Site site, List<URI> urls, Duration validity) {
        List<URI> all = Stream.concat(site.gateways().stream(), urls.stream()).toList();
        Entrance entrance = new Entrance(all, List.of(charter.caPin(), site.caPin()));
        return issue(charter, site.customer(), site.name(), entrance, validity);
    }

    /** Where a node may enrol, and the CAs it takes there. */
    private record Entrance(List<URI> urls, List<String> pins) {}

    private Secret issue(Charter charter, String customer, String site, Entrance entrance, Duration validity) {
        if (!charter.customers().contains(customer)) {
            throw new PortException.Refused(
                    "token.customer", "there is no customer '" + customer + "'; there are " + charter.customers());
        }
        if (!site.matches("([a-z][a-z0-9_-]{0,31})?")) {
            throw new PortException.Refused("token.site", "a site is a letter, then at most 31 of a-z 0-9 _ -");
        }
        if (entrance.urls().stream().anyMatch(u -> !"https".equals(u.getScheme()) || u.getHost() == null)) {
            throw new PortException.Refused("token.url", "a gateway is https://host:port");
        }
        Value.Obj extensions = Value.obj("customer", Value.text(customer), "site", Value.text(site));
        ProvisioningToken.Draft draft = new ProvisioningToken.Draft(
                Secret.of(means.entropy().hex(16)), entrance.urls(), "choria", extensions, entrance.pins());
        TokenWriter writer = new TokenWriter(means.json(), offline.keys(), means.entropy());
        return Secret.of(
                writer.provisioning(draft, Charter.ORGANISATION, means.time().wall(), validity));
    }
}
