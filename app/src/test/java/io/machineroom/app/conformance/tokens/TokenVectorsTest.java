package io.machineroom.app.conformance.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.tokens.ChainOfTrust;
import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.Verdict;
import io.machineroom.ports.runtime.Entropy;
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

/** The verdicts of {@code vectors/tokens/README.md}: tokens that the original made. */
class TokenVectorsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private final Vectors vectors = Vectors.of("tokens");
    private final TokenVerifier verifier = new TokenVerifier(new SimJson(), new SimSignatures());

    private VerifyKey ed(String name) {
        return VerifyKey.hex(vectors.text("ed25519/" + name + ".public"));
    }

    private VerifyKey rsa(String name) {
        return new VerifyKey.Rsa(vectors.text("rsa/" + name + "-public.pem"));
    }

    private Verdict<ProvisioningToken> good(VerifyKey key) {
        return verifier.provisioning(vectors.text("ed25519/good-provisioning.jwt"), key, NOW);
    }

    @Test
    void acceptsTheEd25519TokenWithItsSignerOnly() {
        ProvisioningToken token = good(ed("signer")).verified().orElseThrow();
        assertEquals("choria", token.organisation());
        assertEquals("nats://example:4222", token.urls().getFirst().toString());
        assertTrue(token.byDefault());
        assertEquals("token.signature", good(ed("other")).code());
        assertEquals("token.key-kind", good(rsa("signer")).code());
    }

    @Test
    void judgesItsTimesWithoutLeeway() {
        String text = vectors.text("ed25519/good-provisioning.jwt");
        VerifyKey key = ed("signer");
        assertEquals(
                "",
                verifier.provisioning(text, key, Instant.ofEpochSecond(1656070977))
                        .code());
        assertEquals(
                "token.not-yet-valid",
                verifier.provisioning(text, key, Instant.ofEpochSecond(1656070976))
                        .code());
        assertEquals(
                "",
                verifier.provisioning(text, key, Instant.ofEpochSecond(1971430976))
                        .code());
        assertEquals(
                "token.expired",
                verifier.provisioning(text, key, Instant.ofEpochSecond(1971430977))
                        .code());
    }

    @Test
    void acceptsTheRsaTokenWithItsSignerOnly() {
        String text = vectors.text("rsa/good-provisioning.jwt");
        assertTrue(verifier.provisioning(text, rsa("signer"), NOW).verified().isPresent());
        assertTrue(verifier.provisioning(text, rsa("signer"), Instant.parse("2200-01-01T00:00:00Z"))
                .verified()
                .isPresent());
        assertEquals(
                "token.signature",
                verifier.provisioning(text, rsa("other"), NOW).code());
        assertEquals(
                "token.key-kind", verifier.provisioning(text, ed("signer"), NOW).code());
        assertEquals("token.purpose", verifier.client(text, rsa("signer"), NOW).code());
        assertEquals("token.purpose", verifier.server(text, rsa("signer"), NOW).code());
        assertEquals(
                "",
                verifier.anyAsClient(text, rsa("signer"), NOW)
                        .verified()
                        .orElseThrow()
                        .callerId());
    }

    @Test
    void neverAcceptsHs256() {
        String text = vectors.text("hs256/provision-hs256.jwt");
        assertEquals(
                "token.algorithm",
                verifier.provisioning(text, ed("signer"), NOW).code());
        assertEquals(
                "token.algorithm",
                verifier.provisioning(text, rsa("signer"), NOW).code());
        assertEquals("token.purpose", verifier.unverifiedProvisioning(text).code());
    }

    @Test
    void derivesThePublicKeysOfTheSeeds() {
        Entropy entropy = new SimEntropy(1);
        for (String name : new String[] {"signer", "other"}) {
            SimKeyring keyring = new SimKeyring(entropy);
            byte[] seed = HexFormat.of().parseHex(vectors.text("ed25519/" + name + ".seed"));
            assertEquals(ed(name), keyring.put(KeyRole.IDENTITY, seed));
        }
    }

    @Test
    void signsTheKnownText() {
        SimKeyring keyring = new SimKeyring(new SimEntropy(1));
        keyring.put(
                KeyRole.IDENTITY,
                HexFormat.of().parseHex("8e306060341f7eb867c7d09609d53bfa9e6cb38ca744c0dca548572cc3080b6a"));
        assertEquals(
                "5971db5ce8eec72d586b0630e2cdd9464e6800b973e6c58575a4072018ca51a9"
                        + "3f2e1988d47e058bb19c18d57a44ffa9931b6b7e2f70b5e44ddc50339a8c790b",
                HexFormat.of()
                        .formatHex(
                                keyring.sign(KeyRole.IDENTITY, "too many secrets".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void takes64HexDigitsForAKeyAndNothingElse() {
        assertTrue(ChainOfTrust.isKey("aB".repeat(32)));
        assertFalse(ChainOfTrust.isKey("a".repeat(63)));
        assertFalse(ChainOfTrust.isKey("a".repeat(65)));
        assertFalse(ChainOfTrust.isKey(""));
    }
}
