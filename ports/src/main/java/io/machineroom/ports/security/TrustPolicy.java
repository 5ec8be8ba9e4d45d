package io.machineroom.ports.security;

import java.util.List;

/**
 * How a server's certificate is judged. There is no "do not verify".
 *
 * @param pins SHA-256 of acceptable CA public keys (SubjectPublicKeyInfo), lower-case hex, at most two;
 *     empty: the system's certificate authorities and the wall clock
 * @param notBefore newest signed time seen, Unix seconds; dates of a pinned chain are judged by it
 *     instead of the wall clock
 */
public record TrustPolicy(List<String> pins, long notBefore) {
    public TrustPolicy {
        pins = List.copyOf(pins);
        if (pins.size() > 2 || pins.stream().anyMatch(p -> !p.matches("[0-9a-f]{64}"))) {
            throw new IllegalArgumentException("at most two pins of 64 lower-case hex digits each");
        }
    }

    public static TrustPolicy system() {
        return new TrustPolicy(List.of(), 0);
    }
}
