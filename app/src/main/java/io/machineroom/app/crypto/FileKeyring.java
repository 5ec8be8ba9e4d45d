package io.machineroom.app.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * Keys as seed files in one directory: {@code <name>.seed} holds 64 hex digits without a line end (Choria's
 * tools count them), {@code <name>.nkey} an nkey seed; mode 0600, written whole.
 *
 * <p>White space behind a seed is accepted on reading. A file is read at each use, so that a replaced or
 * erased key counts at once; that costs less than the signature.
 */
public final class FileKeyring implements Keyring {
    private static final int SEED_BYTES = 32;
    private static final int MAX_FILE_BYTES = 1_024;

    private final FileTree files;
    private final Entropy entropy;

    public FileKeyring(FileTree files, Entropy entropy) {
        this.files = files;
        this.entropy = entropy;
    }

    private static String file(KeyRole role) {
        return role.name() + (role.form() == KeyRole.Form.HEX_SEED ? ".seed" : ".nkey");
    }

    @Override
    public boolean has(KeyRole role) {
        return files.info(file(role)).isPresent();
    }

    @Override
    public synchronized VerifyKey.Ed25519 ensure(KeyRole role) {
        Ed25519PrivateKeyParameters key = key(role);
        if (key == null) {
            byte[] seed = entropy.bytes(SEED_BYTES);
            files.replace(file(role), spelled(role, seed).getBytes(US_ASCII), 0600);
            key = new Ed25519PrivateKeyParameters(seed, 0);
        }
        return verifyKey(key);
    }

    private static String spelled(KeyRole role, byte[] seed) {
        return role.form() == KeyRole.Form.HEX_SEED ? HexFormat.of().formatHex(seed) : Nkeys.seed(role.form(), seed);
    }

    @Override
    public Optional<VerifyKey.Ed25519> publicKey(KeyRole role) {
        return Optional.ofNullable(key(role)).map(FileKeyring::verifyKey);
    }

    @Override
    public Optional<String> publicNkey(KeyRole role) {
        if (role.form() == KeyRole.Form.HEX_SEED) {
            return Optional.empty();
        }
        return Optional.ofNullable(key(role))
                .map(key -> Nkeys.publicKey(role.form(), key.generatePublicKey().getEncoded()));
    }

    @Override
    public byte[] sign(KeyRole role, byte[] data) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, needed(role));
        signer.update(data, 0, data.length);
        return signer.generateSignature();
    }

    @Override
    public Secret seedForCredentials(KeyRole role) {
        return Secret.of(spelled(role, needed(role).getEncoded()));
    }

    @Override
    public synchronized void erase(KeyRole role) {
        files.delete(file(role));
    }

    private Ed25519PrivateKeyParameters needed(KeyRole role) {
        Ed25519PrivateKeyParameters key = key(role);
        if (key == null) {
            throw new PortException.Refused("key.missing", "there is no key " + files.path(file(role)));
        }
        return key;
    }

    private @Nullable Ed25519PrivateKeyParameters key(KeyRole role) {
        Optional<byte[]> content = files.read(file(role), MAX_FILE_BYTES);
        if (content.isEmpty()) {
            return null;
        }
        String text = new String(content.get(), US_ASCII).stripTrailing();
        byte[] seed = role.form() == KeyRole.Form.HEX_SEED ? hex(text) : Nkeys.seedBytes(role.form(), text);
        if (seed == null) {
            throw new PortException.Corrupted(
                    "key.damaged", files.path(file(role)) + " holds no seed; restore it or enrol anew");
        }
        return new Ed25519PrivateKeyParameters(seed, 0);
    }

    private static byte @Nullable [] hex(String text) {
        return text.matches("[0-9a-fA-F]{64}") ? HexFormat.of().parseHex(text) : null;
    }

    private static VerifyKey.Ed25519 verifyKey(Ed25519PrivateKeyParameters key) {
        return VerifyKey.hex(HexFormat.of().formatHex(key.generatePublicKey().getEncoded()));
    }
}
