package io.machineroom.app.conformance.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.Ksuid;
import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.Verdict;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts of {@code vectors/provisioning/README.md}. */
class ProvisioningVectorsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private final Vectors vectors = Vectors.of("provisioning");
    private final TokenVerifier verifier = new TokenVerifier(new SimJson(), new SimSignatures());
    private final VerifyKey.Ed25519 issuer = VerifyKey.hex(vectors.text("issuer.public"));

    @Test
    void acceptsTheProvisioningToken() {
        ProvisioningToken token = verifier.provisioning(vectors.text("provisioning.jwt"), issuer, NOW)
                .verified()
                .orElseThrow();
        assertEquals("one", token.customer());
        assertEquals("app1", token.extensions().text("role").orElseThrow());
        assertEquals(1, token.brokers().size());
        assertEquals(0, token.gateways().size());
    }

    @Test
    void refusesAnExpiredProvisioningTokenButReadsIt() {
        String text = vectors.text("provisioning-expired.jwt");
        assertEquals("token.expired", verifier.provisioning(text, issuer, NOW).code());
        assertTrue(verifier.unverifiedProvisioning(text).verified().isPresent());
    }

    @Test
    void followsNoChainForProvisioningTokens() {
        assertEquals(
                "token.signature",
                verifier.provisioning(vectors.text("provisioning-signed-by-chain-signer.jwt"), issuer, NOW)
                        .code());
    }

    @Test
    void acceptsTheChainIssuer() {
        String text = vectors.text("signer.jwt");
        assertTrue(verifier.client(text, issuer, NOW).verified().isPresent());
        ClientToken signer = verifier.chainIssuer(text, issuer, ClientToken.PROVISIONER, NOW)
                .verified()
                .orElseThrow();
        assertEquals(vectors.text("signer.public"), signer.key().orElseThrow().hexText());
        assertEquals("provisioner_signer", signer.callerId());
        assertEquals(
                "token.permission",
                verifier.chainIssuer(text, issuer, "org_admin", NOW).code());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    server-expired            | token.expired   | it expired
                    server-issuer-expired     | token.expired   | chain issuer has expired
                    server-no-issexp          | token.chain     | no issuer expires set
                    server-jti-time-mismatch  | token.chain     | not based on the issued time
                    server-forged-chain       | token.chain     | not signed by the organisation issuer
                    server-wrong-jwt-signer   | token.signature | does not verify
                    server-org-issued-with-tcs| token.expired   | chain issuer
                    """)
    void refusesServerTokens(String file, String code, String reason) {
        Verdict<ServerToken> verdict = verifier.server(vectors.text(file + ".jwt"), issuer, NOW);
        assertEquals(code, verdict.code());
        assertTrue(verdict.rejection().contains(reason), verdict.rejection());
    }

    @Test
    void acceptsTheServerTokensOfAChainAndOfTheOrganisation() {
        for (String file : new String[] {"server.jwt", "server-direct-issuer.jwt"}) {
            ServerToken token =
                    verifier.server(vectors.text(file), issuer, NOW).verified().orElseThrow();
            assertEquals("n1.example.net", token.identity());
            assertEquals(vectors.text("server.public"), token.key().hexText());
        }
    }

    @Test
    void refusesTheServerTokenBelowAnotherOrganisation() {
        VerifyKey attacker = VerifyKey.hex(vectors.text("attacker.public"));
        assertEquals(
                "token.chain",
                verifier.server(vectors.text("server.jwt"), attacker, NOW).code());
    }

    @Test
    void reproducesThePrimitives() {
        Value.Obj primitives =
                (Value.Obj) new SimJson().read(vectors.text("primitives.json").getBytes(StandardCharsets.UTF_8));
        Value.Obj ksuid = primitives.obj("ksuid").orElseThrow();
        Ksuid parsed = Ksuid.parse(ksuid.text("text").orElseThrow()).orElseThrow();
        assertEquals(ksuid.whole("unix_time").orElseThrow(), parsed.seconds());
        SimKeyring keyring = new SimKeyring(new SimEntropy(1));
        keyring.put(KeyRole.IDENTITY, HexFormat.of().parseHex(vectors.text("server.seed")));
        byte[] nonce = primitives.text("nonce_from_info").orElseThrow().getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                primitives.text("signature_hex").orElseThrow(),
                HexFormat.of().formatHex(keyring.sign(KeyRole.IDENTITY, nonce)));
        Value.Obj nkey = primitives.obj("nkey").orElseThrow();
        keyring.put(
                KeyRole.NATS_USER,
                HexFormat.of().parseHex(nkey.text("raw_seed_hex").orElseThrow()));
        assertEquals(nkey.text("public_nkey"), keyring.publicNkey(KeyRole.NATS_USER));
    }
}
