package io.machineroom.domain.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainOfTrustTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final KeyRole ORG = new KeyRole("org", KeyRole.Form.HEX_SEED);
    private static final KeyRole ISSUER = new KeyRole("issuer", KeyRole.Form.HEX_SEED);
    private static final KeyRole NODE = new KeyRole("node", KeyRole.Form.HEX_SEED);

    private final Entropy entropy = new SimEntropy(7);
    private final SimKeyring keyring = new SimKeyring(entropy);
    private final VerifyKey.Ed25519 org = keyring.ensure(ORG);
    private final VerifyKey.Ed25519 issuer = keyring.ensure(ISSUER);
    private final VerifyKey.Ed25519 node = keyring.ensure(NODE);
    private final TokenWriter writer = new TokenWriter(new SimJson(), keyring, entropy);
    private final TokenVerifier verifier = new TokenVerifier(new SimJson(), new SimSignatures());

    private ClientToken chainIssuer(Duration validity) {
        String text = writer.chainIssuer(
                new ClientToken.Draft("backplane", issuer, List.of(ClientToken.PROVISIONER), "choria"),
                ORG,
                NOW,
                validity);
        return verifier.chainIssuer(text, org, ClientToken.PROVISIONER, NOW)
                .verified()
                .orElseThrow();
    }

    private String server(ClientToken above, Duration validity) {
        return writer.server(
                new ServerToken.Draft("n1", node, List.of("submission"), "choria"), ISSUER, above, NOW, validity);
    }

    @Test
    void verifiesWhatItIssues() {
        ServerToken token = verifier.server(server(chainIssuer(Duration.ofDays(2)), Duration.ofDays(1)), org, NOW)
                .verified()
                .orElseThrow();
        assertEquals("n1", token.identity());
        assertEquals(node, token.key());
        assertEquals(List.of("submission"), token.permissions());
        assertEquals(NOW.getEpochSecond() + 86_400, token.claims().expires());
    }

    @Test
    void letsNoTokenOutliveItsIssuer() {
        String text = server(chainIssuer(Duration.ofHours(1)), Duration.ofDays(400));
        assertEquals("", verifier.server(text, org, NOW.plusSeconds(3_599)).code());
        assertEquals(
                "token.expired",
                verifier.server(text, org, NOW.plusSeconds(3_600)).code());
        assertEquals("", verifier.ownServer(text, org, NOW.plusSeconds(3_604)).code());
        assertEquals(
                "token.expired",
                verifier.ownServer(text, org, NOW.plusSeconds(3_605)).code());
        assertEquals("", verifier.ownServer(text, org, NOW.minusSeconds(5)).code());
        assertEquals(
                "token.not-yet-valid",
                verifier.server(text, org, NOW.minusSeconds(5)).code());
    }

    @Test
    void carriesPinsAndTenantInProvisioningTokens() {
        String pin = "ab".repeat(32);
        String text = writer.provisioning(
                new ProvisioningToken.Draft(
                        Secret.of("shared"),
                        List.of(URI.create("https://gw.example:8443"), URI.create("tls://nats.example:4222")),
                        "choria",
                        Value.obj("customer", Value.text("one"), "site", Value.text("north")),
                        List.of(pin)),
                ORG,
                NOW,
                Duration.ofDays(365));
        ProvisioningToken token = verifier.provisioning("\r\n " + text + "\n", org, NOW)
                .verified()
                .orElseThrow();
        assertEquals(List.of(pin), token.caPins());
        assertEquals("one", token.customer());
        assertEquals("north", token.site());
        assertEquals(List.of(URI.create("https://gw.example:8443")), token.gateways());
        assertEquals(List.of(URI.create("tls://nats.example:4222")), token.brokers());
        assertFalse(token.toString().contains("shared"));
        assertEquals("token.signature", verifier.provisioning(text, issuer, NOW).code());
    }

    @Test
    void refusesAChainIssuerThatAnAttackerVouchesFor() {
        KeyRole attacker = new KeyRole("attacker", KeyRole.Form.HEX_SEED);
        keyring.ensure(attacker);
        String text = writer.chainIssuer(
                new ClientToken.Draft("evil", issuer, List.of(ClientToken.PROVISIONER), "choria"),
                attacker,
                NOW,
                Duration.ofDays(1));
        assertEquals(
                "token.chain",
                verifier.chainIssuer(text, org, ClientToken.PROVISIONER, NOW).code());
    }

    @Test
    void refusesAnIssuerWithoutExpiry() {
        Claims none = new Claims("", "", "", "", "", "x", 0, 0, 0, 0);
        ClientToken endless = new ClientToken(none, "x", List.of(), "");
        assertThrows(IllegalArgumentException.class, () -> server(endless, Duration.ofDays(1)));
    }

    @Test
    void namesWhatIsWrongWithAnIssuerOrAChain() {
        ChainOfTrust chain = new ChainOfTrust(new SimSignatures());
        String key = node.hexText();
        String id = Ksuid.of(NOW.getEpochSecond(), entropy).text();
        String part = HexFormat.of().formatHex(new byte[64]);
        assertBroken(chain, claims("C-x", id, part), "invalid issuer content");
        assertBroken(chain, claims("C-." + key, id, part), "invalid id in issuer");
        assertBroken(chain, claims("C-y.", id, part), "invalid public key in issuer");
        assertBroken(chain, claims("C-!.y", id, part), "invalid public key in issuer data");
        assertBroken(chain, claims("C-y." + key, id, "X"), "invalid trust chain signature");
        assertBroken(chain, claims("C-y." + key, id, "."), "invalid trust chain signature");
        assertBroken(chain, claims("C-y." + key, id, "foo.!!"), "bad hex in the chain signature");
        assertBroken(chain, claims("C-y." + key, "no-ksuid", part), "not a valid ksuid");
        assertBroken(chain, claims("X-y", id, part), "unsupported issuer format");
        assertBroken(chain, claims("", id, part), "iss is missing");
    }

    private Claims claims(String issuerText, String id, String chain) {
        long now = NOW.getEpochSecond();
        return new Claims(ServerToken.PURPOSE, "", issuerText, id, node.hexText(), chain, now + 60, now + 60, now, now);
    }

    private void assertBroken(ChainOfTrust chain, Claims claims, String reason) {
        String rejection = chain.signerOf(claims, org).rejection();
        assertTrue(rejection.endsWith(reason) || rejection.contains(reason), rejection);
    }

    @Test
    void refusesWhatIsNoToken() {
        for (String text : List.of("", "a.b", "a.b.c.d", "!!.!!.!!", "e30.e30.e30=", "x".repeat(70_000))) {
            assertEquals(
                    "token.malformed", verifier.unverifiedProvisioning(text).code(), text);
        }
        assertEquals(
                "token.purpose", verifier.unverifiedProvisioning("e30.e30.").code());
    }

    @Test
    void roundTripsKsuids() {
        for (long second : new long[] {1_400_000_000L, 1_767_225_600L, 1_400_000_000L + 0xFFFF_FFFFL}) {
            Ksuid made = Ksuid.of(second, entropy);
            assertEquals(27, made.text().length());
            assertEquals(second, Ksuid.parse(made.text()).orElseThrow().seconds());
        }
        assertTrue(Ksuid.parse("z".repeat(27)).isEmpty());
        assertTrue(Ksuid.parse("0".repeat(26)).isEmpty());
    }
}
