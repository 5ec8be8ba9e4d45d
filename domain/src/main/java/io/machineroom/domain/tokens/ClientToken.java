package io.machineroom.domain.tokens;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.util.List;

/**
 * The claims of a client token. One with an organisation's signature over its key is a chain issuer.
 *
 * @param claims shared claims
 * @param callerId who it is; empty when the kind was not checked
 * @param permissions names of granted permissions, sorted
 * @param organisation {@code ou}; empty when the claim is absent
 */
public record ClientToken(Claims claims, String callerId, List<String> permissions, String organisation) {
    /** Value of {@code purpose}. */
    public static final String PURPOSE = "choria_client_id";
    /** Permission of a chain issuer that enrols nodes. */
    public static final String PROVISIONER = "provisioner";

    public ClientToken {
        permissions = List.copyOf(permissions);
    }

    static Verdict<ClientToken> of(Jwt jwt, boolean checkPurpose) {
        String caller = Claims.text(jwt.all(), "callerid");
        if (checkPurpose && !jwt.claims().purpose().equals(PURPOSE)) {
            return Verdict.rejected("token.purpose", "it is not a client token");
        }
        if (checkPurpose && caller.isEmpty()) {
            return Verdict.rejected("token.claims", "callerid is missing");
        }
        return Verdict.verified(
                new ClientToken(jwt.claims(), caller, ServerToken.granted(jwt.all()), Claims.text(jwt.all(), "ou")));
    }

    /** The holder's key, when the claim holds one. */
    public java.util.Optional<VerifyKey.Ed25519> key() {
        return ChainOfTrust.key(claims.publicKey());
    }

    /**
     * What to write into a new one.
     *
     * @param callerId who it is
     * @param key the holder's key
     * @param permissions names of granted permissions
     * @param organisation {@code ou}
     */
    public record Draft(String callerId, VerifyKey.Ed25519 key, List<String> permissions, String organisation) {
        public Draft {
            permissions = List.copyOf(permissions);
            if (callerId.isEmpty()) {
                throw new IllegalArgumentException("a client token needs a caller id");
            }
        }

        Value.Obj own() {
            return Value.obj("callerid", Value.text(callerId), "ou", Value.text(organisation))
                    .with("permissions", ServerToken.permissions(permissions));
        }
    }
}
