package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.sim.SimSignatures;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the token of a registered site lets a node enrol. */
final class SiteTokenTest {
    private static final List<URI> SAAS = List.of(URI.create("https://saas.example:8443"));

    private final OfficeWorld world = new OfficeWorld(55);
    private final TokenIssuer issuer = new TokenIssuer(
            new Founding.Place(world.files, world.offline),
            new Founding.Means(world.json, world.tasks.time(), world.tasks.entropy()));

    private ProvisioningToken read(Secret token) {
        return token.useText(text -> new TokenVerifier(world.json, new SimSignatures())
                .provisioning(text, world.charter.organisation(), world.now())
                .verified()
                .orElseThrow());
    }

    @Test
    void namesTheLeadersGatewayAndBothAuthorities() {
        Site site = world.site("acme", "plant", "boss");
        ProvisioningToken token = read(issuer.issue(world.charter, site, SAAS, Duration.ofDays(1)));
        assertEquals(
                List.of(URI.create("https://plant.example:9223"), URI.create("https://saas.example:8443")),
                token.urls());
        assertEquals(List.of(world.charter.caPin(), site.caPin()), token.caPins());
        assertEquals("acme", token.customer());
        assertEquals("plant", token.site());
    }

    @Test
    void w37NamesThreeGatewaysBeforeTheSaas() {
        Site site = world.siteWithStandbys("acme", "plant", "boss");
        ProvisioningToken token = read(issuer.issue(world.charter, site, SAAS, Duration.ofDays(1)));
        assertEquals(
                List.of(
                        URI.create("https://plant.example:9223"),
                        URI.create("https://h2.example:9223"),
                        URI.create("https://[2001:db8::3]:2"),
                        URI.create("https://saas.example:8443")),
                token.urls());
        assertEquals(List.of(world.charter.caPin(), site.caPin()), token.caPins());
    }

    @Test
    void namesTheSaasAloneWhereNoSiteIsRegistered() {
        ProvisioningToken token = read(issuer.issue(world.charter, "acme", "plant", SAAS, Duration.ofDays(1)));
        assertEquals(SAAS, token.urls());
        assertEquals(List.of(world.charter.caPin()), token.caPins());
    }
}
