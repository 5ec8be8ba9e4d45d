package io.machineroom.domain.provisioning;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.VerifyKey;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that one accepted enrolment brought. Saved and loaded as a whole.
 *
 * @param identity name of this node
 * @param publicKey its identity key
 * @param nodeKey its NATS user key, {@code U…}
 * @param customer tenant of the vendor
 * @param site part of the customer; may be empty
 * @param serverJwt server token, a C- chain to the organisation issuer
 * @param configuration settings from the backplane
 * @param receiptKey key that signs receipts
 * @param listSerial lowest acceptable serial of a list of machines
 * @param natsJwt NATS user JWT; empty without NATS
 * @param natsUrls brokers; empty without NATS
 * @param httpsUrls gateways
 * @param caPins SHA-256 of CA public keys, at most two; empty for the system's authorities
 * @param issued Unix seconds, signed by the issuer
 * @param siteBroker what the leader of a site runs; empty for all other nodes
 */
public record Enrolment(
        String identity,
        VerifyKey.Ed25519 publicKey,
        String nodeKey,
        String customer,
        String site,
        Secret serverJwt,
        Map<String, String> configuration,
        VerifyKey.Ed25519 receiptKey,
        long listSerial,
        Secret natsJwt,
        List<URI> natsUrls,
        List<URI> httpsUrls,
        List<String> caPins,
        long issued,
        Optional<SiteBroker> siteBroker) {
    public Enrolment {
        configuration = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
        natsUrls = List.copyOf(natsUrls);
        httpsUrls = List.copyOf(httpsUrls);
        caPins = List.copyOf(caPins);
    }

    /** Whether the other one brings fresh tokens and nothing else: nothing that runs need notice. */
    public boolean differsInTokensOnly(Enrolment other) {
        Enrolment same = new Enrolment(
                other.identity,
                other.publicKey,
                other.nodeKey,
                other.customer,
                other.site,
                serverJwt,
                other.configuration,
                other.receiptKey,
                listSerial,
                natsJwt,
                other.natsUrls,
                other.httpsUrls,
                other.caPins,
                issued,
                other.siteBroker.map(b ->
                        siteBroker.map(SiteBroker::userJwt).map(b::withUser).orElse(b)));
        boolean bothSpeakNats = natsJwt.useText(String::isEmpty).equals(other.natsJwt.useText(String::isEmpty));
        return bothSpeakNats && equals(same);
    }
}
