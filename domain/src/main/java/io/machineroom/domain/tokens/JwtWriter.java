package io.machineroom.domain.tokens;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes compact tokens signed with an Ed25519 key of the keyring. Stateless. */
public final class JwtWriter {
    private static final Value.Obj HEADER = Value.obj("alg", Value.text("EdDSA"), "typ", Value.text("JWT"));

    private final JsonFormat json;
    private final Keyring keyring;

    public JwtWriter(JsonFormat json, Keyring keyring) {
        this.json = json;
        this.keyring = keyring;
    }

    /**
     * Signs the claims as they are.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code key.missing}
     */
    public String sign(Value.Obj claims, KeyRole role) {
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        String signed = url.encodeToString(json.write(HEADER)) + "." + url.encodeToString(json.write(claims));
        byte[] signature = keyring.sign(role, signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + url.encodeToString(signature);
    }
}
