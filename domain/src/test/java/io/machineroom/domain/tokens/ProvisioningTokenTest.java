package io.machineroom.domain.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec provisioning 3.1, 3.3 and 4.3, claim by claim. */
class ProvisioningTokenTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final KeyRole ORG = new KeyRole("org", KeyRole.Form.HEX_SEED);

    private final SimKeyring keyring = new SimKeyring(new SimEntropy(7));
    private final VerifyKey.Ed25519 org = keyring.ensure(ORG);
    private final JwtWriter writer = new JwtWriter(new SimJson(), keyring);
    private final TokenVerifier verifier = new TokenVerifier(new SimJson(), new SimSignatures());

    private static Value.Obj good() {
        return Value.obj("cht", Value.text("s3cret"), "chu", Value.text("nats://a.example:4222"))
                .with("chpd", Value.bool(true))
                .with("purpose", Value.text(ProvisioningToken.PURPOSE))
                .with("exp", Value.num(NOW.getEpochSecond() + 60))
                .with("nbf", Value.num(NOW.getEpochSecond()))
                .with("iat", Value.num(NOW.getEpochSecond()));
    }

    private Verdict<ProvisioningToken> judged(Value.Obj claims) {
        return verifier.provisioning(writer.sign(claims, ORG), org, NOW);
    }

    private List<URI> urls(String chu) {
        return judged(good().with("chu", Value.text(chu)))
                .verified()
                .map(ProvisioningToken::urls)
                .orElse(List.of());
    }

    @Test
    void isTakenByPurposeOrSubject() {
        assertEquals("", judged(good()).code());
        Value.Obj bySubject = good().without("purpose").with("sub", Value.text(ProvisioningToken.PURPOSE));
        assertEquals("", judged(bySubject).code());
        assertEquals("token.purpose", judged(good().without("purpose")).code());
    }

    @Test
    void splitsTheWaysInAndKeepsSchemeHostAndPort() {
        assertEquals(
                List.of(URI.create("nats://a.example:4222"), URI.create("tls://b.example:4223")),
                urls(" a.example:4222 , tls://user:pass@b.example:4223/path?x=y "));
        assertEquals(List.of(URI.create("https://gw.example")), urls("HTTPS://gw.example/v1"));
        assertEquals(List.of(URI.create("nats://[::1]:4222")), urls("[::1]:4222"));
    }

    @Test
    void failsWholeForOneBadWayIn() {
        for (String chu : List.of("a.example", "a:1,", ",a:1", "a:1,,b:2", "a:1,nats://b", "nats://:4222", " ")) {
            assertEquals(
                    "token.claims", judged(good().with("chu", Value.text(chu))).code(), chu);
        }
    }

    @Test
    void needsTheSecretAndExactlyOneOfUrlsAndDomain() {
        assertEquals("token.claims", judged(good().without("cht")).code());
        assertEquals("token.claims", judged(good().without("chu")).code());
        Value.Obj both = good().with("chsrv", Value.text("example.net"));
        assertEquals("token.claims", judged(both).code());
        assertEquals(
                "example.net",
                judged(both.without("chu")).verified().orElseThrow().srvDomain());
    }

    @Test
    void takesNoClaimOfAnotherType() {
        for (String name :
                List.of("cht", "chu", "chrd", "chf", "chusr", "chpwd", "ou", "chs", "chpd", "v2", "update")) {
            assertEquals("token.claims", judged(good().with(name, Value.num(1))).code(), name);
            Verdict<ProvisioningToken> absent = judged(good().with(name, Value.nil()));
            boolean needed = name.equals("cht") || name.equals("chu");
            assertEquals(needed ? "token.claims" : "", absent.code(), name);
        }
        assertEquals(
                "token.claims",
                judged(good().with("extensions", Value.text("x"))).code());
        assertEquals(
                Value.obj(),
                judged(good().with("extensions", Value.nil()))
                        .verified()
                        .orElseThrow()
                        .extensions());
    }

    @Test
    void readsAMissingOrganisationAsChoria() {
        assertEquals("choria", judged(good()).verified().orElseThrow().organisation());
        assertEquals(
                "acme",
                judged(good().with("ou", Value.text("acme")))
                        .verified()
                        .orElseThrow()
                        .organisation());
    }

    @Test
    void hasNoExpiryOnlyWithoutTheClaim() {
        assertTrue(judged(good().without("exp")).verified().isPresent());
        assertTrue(judged(good().with("exp", Value.nil())).verified().isPresent());
        for (long exp : new long[] {0, -1, NOW.getEpochSecond()}) {
            assertEquals(
                    "token.expired", judged(good().with("exp", Value.num(exp))).code(), "exp " + exp);
        }
        assertEquals(
                "token.claims", judged(good().with("exp", Value.text("never"))).code());
        assertTrue(judged(good().without("iat").without("nbf")).verified().isPresent());
    }

    @Test
    void isNeverIssuedByAChain() {
        Value.Obj chained = good().with("tcs", Value.text("aa.bb"))
                .with("issexp", Value.num(NOW.getEpochSecond() - 1))
                .with("iss", Value.text("C-x." + org.hexText()));
        assertEquals("token.expired", judged(chained).code());
        assertEquals(
                "token.expired", judged(good().with("tcs", Value.text("aa"))).code());
        assertEquals(
                "",
                judged(chained.with("issexp", Value.num(NOW.getEpochSecond()))).code());
    }
}
