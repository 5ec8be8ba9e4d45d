package io.machineroom.domain.tokens;

import io.machineroom.ports.data.Value;

/**
 * A compact JSON web token, taken apart and not yet believed. Its text never shows in {@code toString}.
 *
 * @param algorithm {@code alg} of the header
 * @param all every claim
 * @param claims the claims that all kinds share
 * @param signed the bytes under the signature
 * @param signature the signature
 */
public record Jwt(String algorithm, Value.Obj all, Claims claims, byte[] signed, byte[] signature) {
    @Override
    public String toString() {
        return "Jwt[" + algorithm + ", " + claims.purpose() + "]";
    }
}
