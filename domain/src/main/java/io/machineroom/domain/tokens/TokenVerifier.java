package io.machineroom.domain.tokens;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks whole tokens of each kind: signature, times, kind, claims and the chain above them. Stateless;
 * the key is the organisation issuer's unless said otherwise.
 */
public final class TokenVerifier {
    /** Leeway when a node checks its own token: the clocks may be that far apart. */
    public static final Duration OWN_LEEWAY = Duration.ofSeconds(5);

    private final JwtReader reader;
    private final ChainOfTrust chain;

    public TokenVerifier(JsonFormat json, Signatures signatures) {
        this.reader = new JwtReader(json, signatures);
        this.chain = new ChainOfTrust(signatures);
    }

    /** Reads a provisioning token like a configuration file: nothing about it is believed. */
    public Verdict<ProvisioningToken> unverifiedProvisioning(String text) {
        return reader.parse(text).then(ProvisioningToken::of);
    }

    /** A provisioning token; it must be signed by the key itself, no chain is followed. */
    public Verdict<ProvisioningToken> provisioning(String text, VerifyKey key, Instant now) {
        return reader.parse(text)
                .then(jwt -> reader.verify(jwt, key, now, Duration.ZERO))
                .then(jwt -> issuerStands(
                        jwt, now, Duration.ZERO, !jwt.claims().trustChain().isEmpty()))
                .then(ProvisioningToken::of);
    }

    /** A server token that somebody shows. */
    public Verdict<ServerToken> server(String text, VerifyKey key, Instant now) {
        return server(text, key, now, Duration.ZERO);
    }

    /** The node's own server token, with {@link #OWN_LEEWAY}. */
    public Verdict<ServerToken> ownServer(String text, VerifyKey key, Instant now) {
        return server(text, key, now, OWN_LEEWAY);
    }

    private Verdict<ServerToken> server(String text, VerifyKey key, Instant now, Duration leeway) {
        return reader.parse(text)
                .then(jwt -> chained(jwt, key, now, leeway))
                .then(jwt -> ServerToken.of(jwt)
                        .then(token -> issuerStands(
                                        jwt,
                                        now,
                                        leeway,
                                        !jwt.claims().trustChain().isEmpty())
                                .then(ok -> Verdict.verified(token))));
    }

    /** A client token; signed by the key or by a chain issuer below it. */
    public Verdict<ClientToken> client(String text, VerifyKey key, Instant now) {
        return client(text, key, now, true);
    }

    /** As {@link #client}, for a token of any kind: a missing caller id stays empty. */
    public Verdict<ClientToken> anyAsClient(String text, VerifyKey key, Instant now) {
        return client(text, key, now, false);
    }

    private Verdict<ClientToken> client(String text, VerifyKey key, Instant now, boolean purpose) {
        return reader.parse(text)
                .then(jwt -> chained(jwt, key, now, Duration.ZERO))
                .then(jwt -> {
                    Claims claims = jwt.claims();
                    boolean ask = !claims.trustChain().isEmpty() && claims.isChained();
                    return issuerStands(jwt, now, Duration.ZERO, ask).then(ok -> ClientToken.of(ok, purpose));
                });
    }

    /** A chain issuer: a client token in I- form whose key the organisation signed, with a permission. */
    public Verdict<ClientToken> chainIssuer(
            String text, VerifyKey.Ed25519 organisation, String permission, Instant now) {
        return reader.parse(text)
                .then(jwt -> jwt.claims().issuer().startsWith(Claims.ORG_PREFIX)
                        ? Verdict.verified(jwt)
                        : Verdict.<Jwt>rejected("token.chain", "it is not issued by an organisation issuer (I-)"))
                .then(jwt -> chain.signerOf(jwt.claims(), organisation)
                        .then(signer -> reader.verify(jwt, signer, now, Duration.ZERO)))
                .then(jwt -> ClientToken.of(jwt, true))
                .then(token -> token.permissions().contains(permission)
                                && token.key().isPresent()
                        ? Verdict.verified(token)
                        : Verdict.rejected("token.permission", "it lacks a key or the permission " + permission));
    }

    private Verdict<Jwt> chained(Jwt jwt, VerifyKey key, Instant now, Duration leeway) {
        if (jwt.algorithm().equals("EdDSA")
                && jwt.claims().isChained()
                && key instanceof VerifyKey.Ed25519 organisation) {
            return chain.signerOf(jwt.claims(), organisation).then(signer -> reader.verify(jwt, signer, now, leeway));
        }
        return reader.verify(jwt, key, now, leeway);
    }

    private static Verdict<Jwt> issuerStands(Jwt jwt, Instant now, Duration leeway, boolean asked) {
        return !asked || jwt.claims().issuerStands(now.minus(leeway))
                ? Verdict.verified(jwt)
                : Verdict.rejected("token.expired", "its chain issuer has expired or is not named");
    }
}
