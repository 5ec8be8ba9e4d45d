package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.HostLogin;
import io.nats.client.AuthHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;

/** How to prove to somebody else's NATS who we are. */
final class NatsLogins {
    /** What stands before the 32 bytes of an Ed25519 seed in a PKCS#8 key (RFC 8410). */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private NatsLogins() {}

    static void apply(HostLogin login, Options.Builder options) {
        switch (login) {
            case HostLogin.Anonymous _ -> {}
            case HostLogin.UserPassword user ->
                options.userInfo(user.user().toCharArray(), user.password().useText(String::toCharArray));
            case HostLogin.Token token -> options.token(token.token().useText(String::toCharArray));
            case HostLogin.JwtAndSeed pair ->
                options.authHandler(checked(Nats.staticCredentials(
                        pair.jwt().useText(t -> t.strip().toCharArray()),
                        pair.seed().useText(t -> t.strip().toCharArray()))));
            case HostLogin.Credentials file ->
                options.authHandler(checked(file.content().use(Nats::staticCredentials)));
            case HostLogin.Choria choria -> {
                options.authHandler(choria(choria));
                if (!choria.inboxPrefix().isEmpty()) {
                    options.inboxPrefix(choria.inboxPrefix());
                }
            }
        }
    }

    private static AuthHandler checked(AuthHandler handler) {
        try {
            if (handler.getJWT() != null && handler.getID().length > 0) {
                return handler;
            }
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw unusable();
        }
        throw unusable();
    }

    /** Without the cause: its message may quote the file. */
    private static PortException.Refused unusable() {
        return new PortException.Refused(
                "link.credentials", "the NATS credentials hold no user JWT and seed that belong together");
    }

    private static AuthHandler choria(HostLogin.Choria login) {
        PrivateKey key = login.seed().useText(NatsLogins::key);
        return new AuthHandler() {
            @Override
            public byte[] sign(byte[] nonce) {
                try {
                    Signature signature = Signature.getInstance("Ed25519");
                    signature.initSign(key);
                    signature.update(nonce);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("every Java platform has Ed25519", e);
                }
            }

            @Override
            public char[] getID() {
                return new char[0];
            }

            @Override
            public char[] getJWT() {
                return login.jwt().useText(t -> t.strip().toCharArray());
            }
        };
    }

    private static PrivateKey key(String hex) {
        try {
            byte[] seed = HexFormat.of().parseHex(hex.strip());
            byte[] encoded = java.nio.ByteBuffer.allocate(PKCS8.length + seed.length)
                    .put(PKCS8)
                    .put(seed)
                    .array();
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // without the cause: its message may quote the seed
            throw new PortException.Refused(
                    "link.credentials", "the Choria seed file does not hold an ed25519 seed of 64 hex digits");
        }
    }
}
