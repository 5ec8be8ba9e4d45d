package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Checks account JWTs of NATS before a broker is given them: one that it cannot read keeps it from starting at all. */
final class AccountPapers {
    private static final int SIGNATURE = 64;

    private final JsonFormat json;
    private final Signatures signatures;

    AccountPapers(JsonFormat json, Signatures signatures) {
        this.json = json;
        this.signatures = signatures;
    }

    /** Who an operator JWT is about: {@code O…}; empty when it is none. */
    Optional<String> operator(String operatorJwt) {
        return claims(operatorJwt).flatMap(c -> c.text("sub")).filter(n -> n.startsWith("O"));
    }

    /**
     * Checks that this operator signed it for that account.
     *
     * @throws PortException.Refused {@code customer.account}
     */
    void check(String operatorJwt, String accountNkey, String accountJwt) {
        String operator = operator(operatorJwt).orElse("");
        Value.Obj claims = claims(accountJwt).orElse(Value.obj());
        require(claims.text("sub").orElse("").equals(accountNkey), "is about another account");
        require(claims.text("iss").orElse("").equals(operator), "is signed by another operator");
        require(
                claims.obj("nats").flatMap(n -> n.text("type")).orElse("").equals("account"),
                "is of another type than account");
        require(signed(operator, accountJwt), "has a signature that does not verify");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new PortException.Refused(
                    "customer.account",
                    "the account " + otherwise + "; use the offline directory that this backplane was made with");
        }
    }

    private boolean signed(String operator, String jwt) {
        int dot = jwt.lastIndexOf('.');
        Optional<VerifyKey.Ed25519> key = PublicNkey.read(PublicNkey.OPERATOR, operator);
        Optional<byte[]> signature = decode(jwt.substring(dot + 1)).filter(s -> s.length == SIGNATURE);
        return dot > 0
                && key.isPresent()
                && signature.isPresent()
                && signatures.verify(
                        key.get(), jwt.substring(0, dot).getBytes(StandardCharsets.US_ASCII), signature.get());
    }

    private Optional<Value.Obj> claims(String jwt) {
        String[] parts = jwt.split("\\.", -1);
        return parts.length == 3
                ? decode(parts[1])
                        .map(json::read)
                        .filter(Value.Obj.class::isInstance)
                        .map(Value.Obj.class::cast)
                : Optional.empty();
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(base64));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }
}
