package io.machineroom.domain.provisioning;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Keeps the enrolment in {@code enrolment.json}, mode 0600, with a SHA-256 over its content. The one
 * atomic replacement of that file is the commit: before it the node is not enrolled, after it it is.
 * What does not fit is moved aside as {@code enrolment.damaged-<n>} and never thrown away.
 */
public final class EnrolmentStore {
    /** Name of the file in the configuration directory. */
    public static final String FILE = "enrolment.json";

    private static final System.Logger LOG = System.getLogger(EnrolmentStore.class.getName());
    private static final String PROTOCOL = "io.machineroom.enrolment-file.v1";
    private static final String NONCE_FILE = "enrolment.nonce";
    private static final int MAX_BYTES = 1 << 20;

    private final FileTree files;
    private final JsonFormat json;
    private final Signatures signatures;
    private final Keyring keyring;

    /**
     * A store.
     *
     * @param files the configuration directory
     */
    public EnrolmentStore(FileTree files, JsonFormat json, Signatures signatures, Keyring keyring) {
        this.files = files;
        this.json = json;
        this.signatures = signatures;
        this.keyring = keyring;
    }

    /**
     * What is there. A damaged enrolment is moved aside before this returns.
     *
     * @throws PortException.Unavailable {@code file.disk}
     */
    public Loaded load() {
        Optional<byte[]> bytes;
        try {
            bytes = files.read(FILE, MAX_BYTES);
        } catch (PortException.Refused tooLarge) {
            return damaged("it is not a readable file of at most 1 MiB");
        }
        if (bytes.isEmpty()) {
            return new None();
        }
        try {
            Enrolment enrolment = parse(bytes.get());
            String fault = keyFault(enrolment);
            return fault.isEmpty() ? new Present(enrolment) : damaged(fault);
        } catch (PortException.Refused | IllegalArgumentException broken) {
            return damaged(String.valueOf(broken.getMessage()));
        }
    }

    /**
     * Commits an enrolment.
     *
     * @throws PortException.Unavailable {@code file.disk}; the node is not enrolled, or was before
     */
    public void save(Enrolment enrolment) {
        Value.Obj content = EnrolmentText.write(enrolment);
        Value document = Value.obj(
                "protocol",
                Value.text(PROTOCOL),
                "sha256",
                Value.text(signatures.sha256(json.write(content))),
                "content",
                content);
        files.replace(FILE, json.pretty(document), 0600);
    }

    /** The nonce of this node's attempts: the same until an answer was accepted. */
    public String nonce(java.util.function.Supplier<String> fresh) {
        Optional<String> kept = files.read(NONCE_FILE, 1024)
                .map(b -> new String(b, java.nio.charset.StandardCharsets.US_ASCII).strip())
                .filter(n -> n.matches("[0-9a-f]{64}"));
        if (kept.isPresent()) {
            return kept.get();
        }
        String made = fresh.get();
        files.replace(NONCE_FILE, made.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0600);
        return made;
    }

    /** The nonce has served. */
    public void forgetNonce() {
        files.delete(NONCE_FILE);
    }

    private Enrolment parse(byte[] bytes) {
        if (!(json.read(bytes, MAX_BYTES) instanceof Value.Obj document)) {
            throw new IllegalArgumentException("it is not an object");
        }
        Value.Obj content = document.obj("content").orElse(Value.obj());
        if (!document.text("protocol").equals(Optional.of(PROTOCOL))) {
            throw new IllegalArgumentException("its protocol is not " + PROTOCOL);
        }
        if (!document.text("sha256").equals(Optional.of(signatures.sha256(json.write(content))))) {
            throw new IllegalArgumentException("its checksum does not fit its content");
        }
        return EnrolmentText.read(content, "");
    }

    private String keyFault(Enrolment enrolment) {
        try {
            if (!keyring.publicKey(KeyRole.IDENTITY).equals(Optional.of(enrolment.publicKey()))) {
                return "the identity key (server.seed) is missing or another one";
            }
            if (!keyring.publicNkey(KeyRole.NATS_USER).equals(Optional.of(enrolment.nodeKey()))) {
                return "the NATS user key (nats.nkey) is missing or another one";
            }
            return "";
        } catch (PortException.Corrupted key) {
            return String.valueOf(key.getMessage());
        }
    }

    private Damaged damaged(String reason) {
        int n = 1;
        while (files.info("enrolment.damaged-" + n).isPresent()) {
            n++;
        }
        String evidence = "enrolment.damaged-" + n;
        files.rename(FILE, evidence);
        LOG.log(Level.ERROR, "the enrolment is damaged and kept as {0}: {1}", evidence, reason);
        return new Damaged(evidence, reason);
    }

    /** What was found. */
    public sealed interface Loaded {}

    /** Never enrolled. */
    public record None() implements Loaded {}

    /** Enrolled. */
    public record Present(Enrolment enrolment) implements Loaded {}

    /**
     * Was enrolled once.
     *
     * @param evidence name of the file that was kept
     */
    public record Damaged(String evidence, String reason) implements Loaded {}
}
