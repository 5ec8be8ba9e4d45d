package io.machineroom.domain.tokens;

import io.machineroom.ports.data.Value;
import java.time.Instant;

/**
 * The claims that all kinds of token share. An absent text is empty, an absent time is 0.
 *
 * @param purpose which kind of token it is
 * @param subject {@code sub}
 * @param issuer {@code iss}
 * @param id {@code jti}
 * @param publicKey key of the holder, hex
 * @param trustChain {@code tcs}
 * @param expires {@code exp}, Unix seconds
 * @param issuerExpires {@code issexp}, Unix seconds
 * @param notBefore {@code nbf}, Unix seconds
 * @param issued {@code iat}, Unix seconds
 */
public record Claims(
        String purpose,
        String subject,
        String issuer,
        String id,
        String publicKey,
        String trustChain,
        long expires,
        long issuerExpires,
        long notBefore,
        long issued) {
    /** Prefix of {@code iss} when the organisation's issuer signed. */
    public static final String ORG_PREFIX = "I-";
    /** Prefix of {@code iss} when a chain issuer signed. */
    public static final String CHAIN_PREFIX = "C-";

    static Verdict<Claims> of(Value.Obj all) {
        for (String text : new String[] {"purpose", "sub", "iss", "jti", "public_key", "tcs"}) {
            if (!absent(all, text) && all.text(text).isEmpty()) {
                return Verdict.rejected("token.claims", "claim " + text + " is not a text");
            }
        }
        for (String time : new String[] {"exp", "issexp", "nbf", "iat"}) {
            if (!absent(all, time) && all.whole(time).isEmpty()) {
                return Verdict.rejected("token.claims", "claim " + time + " is not a whole number of seconds");
            }
        }
        if (all.whole("exp").map(exp -> exp <= 0).orElse(false)) {
            return Verdict.rejected("token.expired", "it expired before 1970: exp is not after 0");
        }
        return Verdict.verified(new Claims(
                text(all, "purpose"),
                text(all, "sub"),
                text(all, "iss"),
                text(all, "jti"),
                text(all, "public_key"),
                text(all, "tcs"),
                time(all, "exp"),
                time(all, "issexp"),
                time(all, "nbf"),
                time(all, "iat")));
    }

    /** Whether a chain issuer is named as its issuer. */
    public boolean isChained() {
        return issuer.startsWith(CHAIN_PREFIX);
    }

    /** Whether the chain issuer behind it still stands; false also when there is none. */
    boolean issuerStands(Instant now) {
        long end = expires > 0 ? Math.min(expires, issuerExpires) : issuerExpires;
        return isChained()
                && !trustChain.isEmpty()
                && issuerExpires > 0
                && !now.isAfter(Instant.ofEpochSecond(Math.min(end, Instant.MAX.getEpochSecond())));
    }

    static boolean absent(Value.Obj all, String key) {
        return all.get(key).map(v -> v instanceof Value.Nil).orElse(true);
    }

    static String text(Value.Obj all, String key) {
        return all.text(key).orElse("");
    }

    private static long time(Value.Obj all, String key) {
        return all.whole(key).orElse(0L);
    }
}
