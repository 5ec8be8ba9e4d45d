package io.machineroom.domain.tokens;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** Issues tokens of each kind with keys of the keyring. Stateless. */
public final class TokenWriter {
    /** {@code iss} of a provisioning token. */
    public static final String ISSUER_NAME = "Machine Room";

    private final JwtWriter writer;
    private final Keyring keyring;
    private final Entropy entropy;

    public TokenWriter(JsonFormat json, Keyring keyring, Entropy entropy) {
        this.writer = new JwtWriter(json, keyring);
        this.keyring = keyring;
        this.entropy = entropy;
    }

    /** A provisioning token, signed by the organisation issuer. */
    public String provisioning(ProvisioningToken.Draft draft, KeyRole organisation, Instant now, Duration validity) {
        long issued = now.getEpochSecond();
        Value.Obj claims = draft.own()
                .with("purpose", Value.text(ProvisioningToken.PURPOSE))
                .with("iss", Value.text(ISSUER_NAME))
                .with("sub", Value.text(ProvisioningToken.PURPOSE));
        return writer.sign(times(claims, issued, issued + positive(validity), newId(issued)), organisation);
    }

    /** A chain issuer: the organisation vouches for another key. */
    public String chainIssuer(ClientToken.Draft draft, KeyRole organisation, Instant now, Duration validity) {
        long issued = now.getEpochSecond();
        String id = newId(issued);
        String key = draft.key().hexText();
        byte[] part = keyring.sign(organisation, ChainOfTrust.issuerText(id, key));
        Value.Obj claims = draft.own()
                .with("purpose", Value.text(ClientToken.PURPOSE))
                .with("tcs", Value.text(HexFormat.of().formatHex(part)))
                .with("public_key", Value.text(key))
                .with(
                        "iss",
                        Value.text(Claims.ORG_PREFIX + publicKey(organisation).hexText()));
        return writer.sign(times(claims, issued, issued + positive(validity), id), organisation);
    }

    /**
     * A server token from a chain issuer; it never outlives its issuer.
     *
     * @param chainIssuer role of the chain issuer's key
     * @param chainToken the chain issuer's own, verified token
     */
    public String server(
            ServerToken.Draft draft, KeyRole chainIssuer, ClientToken chainToken, Instant now, Duration validity) {
        Claims above = chainToken.claims();
        if (above.expires() == 0 || above.trustChain().isEmpty()) {
            throw new IllegalArgumentException("a chain issuer has an expiry and a trust chain signature");
        }
        long issued = now.getEpochSecond();
        String id = newId(issued);
        byte[] part = keyring.sign(chainIssuer, ChainOfTrust.tokenText(id, above.trustChain()));
        Value.Obj claims = draft.own()
                .with("purpose", Value.text(ServerToken.PURPOSE))
                .with(
                        "tcs",
                        Value.text(above.trustChain() + "." + HexFormat.of().formatHex(part)))
                .with("public_key", Value.text(draft.key().hexText()))
                .with("issexp", Value.num(above.expires()))
                .with("iss", Value.text(Claims.CHAIN_PREFIX + above.id() + "." + above.publicKey()));
        long expires = Math.min(issued + positive(validity), above.expires());
        return writer.sign(times(claims, issued, expires, id), chainIssuer);
    }

    private static Value.Obj times(Value.Obj claims, long issued, long expires, String id) {
        return claims.with("exp", Value.num(expires))
                .with("nbf", Value.num(issued))
                .with("iat", Value.num(issued))
                .with("jti", Value.text(id));
    }

    private String newId(long issued) {
        return Ksuid.of(issued, entropy).text();
    }

    private VerifyKey.Ed25519 publicKey(KeyRole role) {
        return keyring.publicKey(role)
                .orElseThrow(() -> new PortException.Refused(
                        "key.missing", "there is no key " + role.name() + "; make one with init"));
    }

    private static long positive(Duration validity) {
        if (validity.toSeconds() < 1) {
            throw new IllegalArgumentException("a token is valid for at least a second");
        }
        return validity.toSeconds();
    }
}
