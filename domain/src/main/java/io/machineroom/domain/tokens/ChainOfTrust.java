package io.machineroom.domain.tokens;

import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The chain from the organisation's issuer over a chain issuer to a token: three levels at most. The
 * organisation signs {@code <id>.<key>} of a chain issuer; the chain issuer signs
 * {@code <id>.<its own signature part>} of what it issues. Stateless.
 */
public final class ChainOfTrust {
    private final Signatures signatures;

    public ChainOfTrust(Signatures signatures) {
        this.signatures = signatures;
    }

    /** Finds the key that must have signed the token, after everything above it held. */
    public Verdict<VerifyKey.Ed25519> signerOf(Claims claims, VerifyKey.Ed25519 organisation) {
        String missing = missing(claims);
        if (!missing.isEmpty()) {
            return broken("claim " + missing + " is missing");
        }
        Optional<Ksuid> id = Ksuid.parse(claims.id());
        if (id.isEmpty()) {
            return broken("its id is not a valid ksuid");
        }
        if (id.get().seconds() != claims.issued()) {
            return broken("its id is not based on the issued time");
        }
        if (claims.issuer().startsWith(Claims.ORG_PREFIX)) {
            return issuedByOrganisation(claims, organisation);
        }
        return claims.isChained()
                ? issuedByChain(claims, organisation)
                : broken("its issuer is neither I- nor C-: unsupported issuer format");
    }

    /** What the organisation signs for a chain issuer. */
    static byte[] issuerText(String id, String publicKey) {
        return text(id + "." + publicKey);
    }

    /** What a chain issuer signs for a token. */
    static byte[] tokenText(String id, String issuerPart) {
        return text(id + "." + issuerPart);
    }

    private Verdict<VerifyKey.Ed25519> issuedByOrganisation(Claims claims, VerifyKey.Ed25519 organisation) {
        if (!claims.issuer().equals(Claims.ORG_PREFIX + organisation.hexText())) {
            return broken("it names another organisation issuer than the trusted one");
        }
        Optional<byte[]> part = hex(claims.trustChain());
        if (part.isEmpty()) {
            return broken("bad hex in the chain signature");
        }
        return signatures.verify(organisation, issuerText(claims.id(), claims.publicKey()), part.get())
                ? Verdict.verified(organisation)
                : broken("it is not signed by the organisation issuer");
    }

    private Verdict<VerifyKey.Ed25519> issuedByChain(Claims claims, VerifyKey.Ed25519 organisation) {
        if (claims.issuerExpires() == 0) {
            return broken("no issuer expires set (issexp)");
        }
        String[] issuer =
                claims.issuer().substring(Claims.CHAIN_PREFIX.length()).split("\\.", -1);
        if (issuer.length != 2) {
            return broken("invalid issuer content");
        }
        if (issuer[0].isEmpty()) {
            return broken("invalid id in issuer");
        }
        if (issuer[1].isEmpty()) {
            return broken("invalid public key in issuer");
        }
        Optional<VerifyKey.Ed25519> key = key(issuer[1]);
        if (key.isEmpty()) {
            return broken("invalid public key in issuer data");
        }
        String[] parts = claims.trustChain().split("\\.", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return broken("invalid trust chain signature");
        }
        Optional<byte[]> first = hex(parts[0]);
        Optional<byte[]> second = hex(parts[1]);
        if (first.isEmpty() || second.isEmpty()) {
            return broken("bad hex in the chain signature");
        }
        if (!signatures.verify(organisation, issuerText(issuer[0], issuer[1]), first.get())) {
            return broken("its chain issuer is not signed by the organisation issuer");
        }
        return signatures.verify(key.get(), tokenText(claims.id(), parts[0]), second.get())
                ? Verdict.verified(key.get())
                : broken("it is not signed by its chain issuer");
    }

    private static String missing(Claims c) {
        if (c.issuer().isEmpty()) {
            return "iss";
        }
        if (c.publicKey().isEmpty()) {
            return "public_key";
        }
        if (c.trustChain().isEmpty()) {
            return "tcs";
        }
        if (c.id().isEmpty()) {
            return "jti";
        }
        if (c.issued() == 0) {
            return "iat";
        }
        return c.expires() == 0 ? "exp" : "";
    }

    /** A key from 64 hex digits of either case; empty when it is none. */
    static Optional<VerifyKey.Ed25519> key(String text) {
        return isKey(text) ? Optional.of(VerifyKey.hex(text)) : Optional.empty();
    }

    /** Whether a text is exactly 64 hex digits. */
    public static boolean isKey(String text) {
        return text.length() == 64 && text.chars().allMatch(HexFormat::isHexDigit);
    }

    private static Optional<byte[]> hex(String text) {
        if (text.length() != 128 || !text.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().parseHex(text));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> Verdict<T> broken(String reason) {
        return Verdict.rejected("token.chain", reason);
    }
}
