package io.machineroom.domain.tokens;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Takes compact tokens apart and checks their signature and times. Accepts EdDSA with an Ed25519 key and
 * RS256, RS384, RS512 with an RSA key, nothing else and never one for the other. Stateless.
 */
public final class JwtReader {
    /** Longest token that is looked at, in characters. */
    public static final int MAX_LENGTH = 64 * 1024;

    private final JsonFormat json;
    private final Signatures signatures;

    public JwtReader(JsonFormat json, Signatures signatures) {
        this.json = json;
        this.signatures = signatures;
    }

    /** Takes a token apart; white space around it and line ends inside are dropped. Believes nothing. */
    public Verdict<Jwt> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return malformed("it is longer than " + MAX_LENGTH + " characters");
        }
        String compact = text.strip().replace("\r", "").replace("\n", "");
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3 || compact.indexOf('=') >= 0) {
            return malformed("it is not three base64url parts");
        }
        Value header;
        Value claims;
        byte[] signature;
        try {
            header = json.read(decode(parts[0]), MAX_LENGTH);
            claims = json.read(decode(parts[1]), MAX_LENGTH);
            signature = decode(parts[2]);
        } catch (IllegalArgumentException | PortException.Refused unreadable) {
            return malformed("a part is not base64url of JSON");
        }
        if (!(header instanceof Value.Obj head) || !(claims instanceof Value.Obj all)) {
            return malformed("header or claims are not an object");
        }
        if (head.get("crit").isPresent()) {
            return malformed("its header demands an extension (crit)");
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        return Claims.of(all)
                .then(standard ->
                        Verdict.verified(new Jwt(head.text("alg").orElse(""), all, standard, signed, signature)));
    }

    /**
     * Checks signature and times.
     *
     * @param leeway how far the clocks may be apart; zero for what somebody else shows us
     */
    public Verdict<Jwt> verify(Jwt jwt, VerifyKey key, Instant now, Duration leeway) {
        return checkSignature(jwt, key).then(ok -> checkTimes(ok, now, leeway));
    }

    private Verdict<Jwt> checkSignature(Jwt jwt, VerifyKey key) {
        return switch (jwt.algorithm()) {
            case "EdDSA" ->
                key instanceof VerifyKey.Ed25519 ed
                        ? judge(
                                jwt,
                                jwt.signature().length == 64 && signatures.verify(ed, jwt.signed(), jwt.signature()))
                        : Verdict.rejected("token.key-kind", "it is signed with EdDSA: an Ed25519 key is required");
            case "RS256", "RS384", "RS512" ->
                key instanceof VerifyKey.Rsa rsa
                        ? judge(jwt, signatures.verifyRsa(rsa, shaBits(jwt), jwt.signed(), jwt.signature()))
                        : Verdict.rejected("token.key-kind", "it is signed with RSA: an RSA key is required");
            default -> Verdict.rejected("token.algorithm", "its algorithm is none of EdDSA, RS256, RS384, RS512");
        };
    }

    private static int shaBits(Jwt jwt) {
        return Integer.parseInt(jwt.algorithm().substring(2));
    }

    private static Verdict<Jwt> judge(Jwt jwt, boolean good) {
        return good
                ? Verdict.verified(jwt)
                : Verdict.rejected("token.signature", "its signature does not verify with the key");
    }

    private static Verdict<Jwt> checkTimes(Jwt jwt, Instant now, Duration leeway) {
        Claims claims = jwt.claims();
        if (claims.expires() != 0 && now.getEpochSecond() >= claims.expires() + leeway.toSeconds()) {
            return Verdict.rejected("token.expired", "it expired at " + Instant.ofEpochSecond(claims.expires()));
        }
        if (claims.notBefore() != 0 && now.getEpochSecond() < claims.notBefore() - leeway.toSeconds()) {
            return Verdict.rejected(
                    "token.not-yet-valid", "it is not valid before " + Instant.ofEpochSecond(claims.notBefore()));
        }
        return Verdict.verified(jwt);
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static <T> Verdict<T> malformed(String reason) {
        return Verdict.rejected("token.malformed", reason);
    }
}
