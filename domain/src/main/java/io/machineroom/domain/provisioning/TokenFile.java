package io.machineroom.domain.provisioning;

import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.Verdict;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the provisioning token and says whom to trust for the first connection: the pins of a token that
 * the organisation issuer signed, else the pins file beside it, else the system's authorities.
 */
final class TokenFile {
    private static final int MAX_BYTES = 64 * 1024;

    private final HostFiles files;
    private final TokenVerifier verifier;

    TokenFile(HostFiles files, TokenVerifier verifier) {
        this.files = files;
        this.verifier = verifier;
    }

    /**
     * The token as it lies there now. Its times are not judged here: a node's clock may be wrong, and the
     * other side refuses what has expired.
     *
     * @throws PortException.Refused {@code enrol.no-token}, {@code enrol.no-issuer}, {@code enrol.token},
     *     {@code enrol.pins}
     */
    Found read(EnrolmentSettings settings) {
        byte[] bytes = files.read(settings.tokenFile(), MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused(
                        "enrol.no-token",
                        "provisioning token not found in " + settings.tokenFile() + "; ask the vendor for one"));
        VerifyKey.Ed25519 issuer = settings.issuer()
                .orElseThrow(() -> new PortException.Refused(
                        "enrol.no-issuer", "no issuer key is built in; set vendor.issuer_key"));
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        Verdict<ProvisioningToken> verdict = verifier.unverifiedProvisioning(text)
                .then(t -> verifier.provisioning(text, issuer, beginning(t)))
                .then(TokenFile::enrols);
        ProvisioningToken token = verdict.verified()
                .orElseThrow(() -> new PortException.Refused(
                        "enrol.token", "the provisioning token does not count: " + verdict.rejection()));
        List<String> pins = token.caPins().isEmpty() ? pinsFile(settings) : token.caPins();
        return new Found(token, Secret.of(text), pins);
    }

    /** A moment at which its times hold, if there is one. */
    private static Instant beginning(ProvisioningToken token) {
        long first = Math.max(token.claims().issued(), token.claims().notBefore());
        return Instant.ofEpochSecond(Math.clamp(first, 0, 1L << 40));
    }

    /** Without {@code chpd} the original never enters provisioning: it dials a broker that nobody named, for ever. */
    private static Verdict<ProvisioningToken> enrols(ProvisioningToken token) {
        return token.byDefault()
                ? Verdict.verified(token)
                : Verdict.rejected("token.claims", "it does not turn provisioning on (chpd)");
    }

    private List<String> pinsFile(EnrolmentSettings settings) {
        List<String> pins = new ArrayList<>();
        String content = files.read(settings.pinsFile(), MAX_BYTES)
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .orElse("");
        for (String line : content.split("\n", -1)) {
            String pin = line.strip().toLowerCase(Locale.ROOT);
            if (!pin.isEmpty() && !pin.startsWith("#")) {
                pins.add(pin);
            }
        }
        if (pins.size() > 2 || pins.stream().anyMatch(p -> !p.matches("[0-9a-f]{64}"))) {
            throw new PortException.Refused(
                    "enrol.pins", settings.pinsFile() + " must hold at most two pins of 64 hex digits, one a line");
        }
        return pins;
    }

    /**
     * A token that the organisation issuer signed.
     *
     * @param pins CA pins to trust; empty for the system's authorities
     */
    record Found(ProvisioningToken token, Secret text, List<String> pins) {}
}
