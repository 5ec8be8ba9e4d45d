package io.machineroom.domain.tokens;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The claims of a server token: which node this is and what it may do.
 *
 * @param claims shared claims
 * @param identity node name
 * @param key the node's key
 * @param collectives sub collectives, at least one
 * @param permissions names of granted permissions, sorted
 * @param organisation {@code ou}; empty when the claim is absent
 * @param publishSubjects extra subjects
 */
public record ServerToken(
        Claims claims,
        String identity,
        VerifyKey.Ed25519 key,
        List<String> collectives,
        List<String> permissions,
        String organisation,
        List<String> publishSubjects) {
    /** Value of {@code purpose}. */
    public static final String PURPOSE = "choria_server";

    public ServerToken {
        collectives = List.copyOf(collectives);
        permissions = List.copyOf(permissions);
        publishSubjects = List.copyOf(publishSubjects);
    }

    static Verdict<ServerToken> of(Jwt jwt) {
        if (!jwt.claims().purpose().equals(PURPOSE)) {
            return Verdict.rejected("token.purpose", "it is not a server token");
        }
        Value.Obj all = jwt.all();
        String identity = Claims.text(all, "identity");
        List<String> collectives = all.texts("collectives");
        if (identity.isEmpty() || collectives.isEmpty()) {
            return Verdict.rejected("token.claims", "identity or collectives are missing");
        }
        return ChainOfTrust.key(jwt.claims().publicKey())
                .map(key -> Verdict.verified(new ServerToken(
                        jwt.claims(),
                        identity,
                        key,
                        collectives,
                        granted(all),
                        Claims.text(all, "ou"),
                        all.texts("pub_subjects"))))
                .orElseGet(() -> Verdict.rejected("token.claims", "public_key is not an Ed25519 key in hex"));
    }

    static List<String> granted(Value.Obj all) {
        List<String> out = new ArrayList<>();
        for (Map.Entry<String, Value> e :
                all.obj("permissions").orElse(Value.obj()).fields().entrySet()) {
            if (e.getValue() instanceof Value.Bool(boolean on) && on) {
                out.add(e.getKey());
            }
        }
        return out.stream().sorted().toList();
    }

    static Value.Obj permissions(List<String> names) {
        Value.Obj out = Value.obj();
        for (String name : names) {
            out = out.with(name, Value.bool(true));
        }
        return out;
    }

    /**
     * What to write into a new one.
     *
     * @param identity node name
     * @param key the node's key
     * @param permissions names of granted permissions
     * @param organisation {@code ou}
     */
    public record Draft(String identity, VerifyKey.Ed25519 key, List<String> permissions, String organisation) {
        public Draft {
            permissions = List.copyOf(permissions);
            if (identity.isEmpty()) {
                throw new IllegalArgumentException("a server token needs an identity");
            }
        }

        Value.Obj own() {
            return Value.obj("identity", Value.text(identity), "collectives", Value.arr(Value.text("choria")))
                    .with("permissions", ServerToken.permissions(permissions))
                    .with("ou", Value.text(organisation));
        }
    }
}
