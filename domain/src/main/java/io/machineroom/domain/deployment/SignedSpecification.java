package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The signed list of plugins as it travels: Choria's {@code plugins} and {@code signature}, and our {@code meta} and
 * {@code meta_signature} (docs/protocol.md section 6). Empty texts stand for absent fields. Immutable.
 *
 * @param plugins base64 of the JSON list, exactly as signed
 * @param signature hex Ed25519 signature over the ASCII bytes of {@code plugins}
 * @param meta base64 of the JSON of {@link Meta}
 * @param metaSignature hex signature over {@code mr-list-meta-1.} and {@code meta}
 * @param older whether it came in the older form: key {@code machines}, signature over the decoded list
 */
public record SignedSpecification(String plugins, String signature, String meta, String metaSignature, boolean older) {
    /** Largest {@code plugins} text: 512 Ki characters. */
    public static final int MAX_PLUGINS = 512 * 1024;

    private static final int MAX_META = 16 * 1024;
    private static final String META_PREFIX = "mr-list-meta-1.";
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Finds the four texts in a document, the list under {@code plugins} or, in the older form, {@code machines}; key case
     * does not matter, other keys are left alone.
     *
     * @return empty when it is not an object with one of the two as a text
     */
    public static Optional<SignedSpecification> of(Value document) {
        return of(document, "plugins").or(() -> of(document, "machines"));
    }

    private static Optional<SignedSpecification> of(Value document, String list) {
        if (!(document instanceof Value.Obj given)) {
            return Optional.empty();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : new String[] {list, "signature", "meta", "meta_signature"}) {
            Value value = given.fields().get(name);
            if (value == null) {
                value = given.fields().entrySet().stream()
                        .filter(e -> e.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(Value.text(""));
            }
            if (!(value instanceof Value.Text text)) {
                return Optional.empty();
            }
            texts.put(name, text.value());
        }
        if (texts.getOrDefault(list, "").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SignedSpecification(
                texts.getOrDefault(list, ""),
                texts.getOrDefault("signature", ""),
                texts.getOrDefault("meta", ""),
                texts.getOrDefault("meta_signature", ""),
                list.equals("machines")));
    }

    /**
     * Signs a list in Choria's form only.
     *
     * @param list exact bytes of the list file
     * @param signer pure Ed25519 over the bytes it is given
     */
    public static SignedSpecification sign(byte[] list, Function<byte[], byte[]> signer) {
        String plugins = Base64.getEncoder().encodeToString(list);
        return new SignedSpecification(plugins, HEX.formatHex(signer.apply(ascii(plugins))), "", "", false);
    }

    /**
     * Signs a list with its meta; the digest in {@code wanted} is replaced by the right one.
     *
     * @param list exact bytes of the list file
     * @param signer pure Ed25519 over the bytes it is given, with the same key for both signatures
     */
    public static SignedSpecification sign(
            byte[] list, Meta wanted, JsonFormat json, Signatures signatures, Function<byte[], byte[]> signer) {
        SignedSpecification plain = sign(list, signer);
        String digest = signatures.sha256(ascii(plain.plugins));
        String meta = Base64.getEncoder()
                .encodeToString(json.write(wanted.forDigest(digest).toValue()));
        String metaSignature = HEX.formatHex(signer.apply(ascii(META_PREFIX + meta)));
        return new SignedSpecification(plain.plugins, plain.signature, meta, metaSignature, false);
    }

    /** The exact bytes of the list, unchecked; empty when they are not base64. */
    public Optional<byte[]> list() {
        return Optional.ofNullable(decode(plugins));
    }

    /** The document; absent fields are left out. */
    public Value.Obj toValue() {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(older ? "machines" : "plugins", Value.text(plugins));
        putUnlessEmpty(fields, "signature", signature);
        putUnlessEmpty(fields, "meta", meta);
        putUnlessEmpty(fields, "meta_signature", metaSignature);
        return Value.obj(fields);
    }

    /**
     * Checks signatures, meta and target, and whether it may be adopted. Changes nothing.
     *
     * @param key the vendor's machine signing key
     */
    public Verdict verify(VerifyKey.Ed25519 key, Policy policy, Signatures signatures, JsonFormat json) {
        if (plugins.length() > MAX_PLUGINS || meta.length() > MAX_META) {
            return new Rejected("spec.too-large", "the list is larger than " + MAX_PLUGINS + " characters");
        }
        if (signature.isEmpty()) {
            return new Rejected("spec.unsigned", "the list has no signature");
        }
        byte[] list = decode(plugins);
        if (older && list == null) {
            return new Rejected("spec.malformed", "machines is not base64");
        }
        if (!signed(signatures, key, older ? list : ascii(plugins), signature)) {
            return new Rejected("spec.signature", "the signature does not verify with key " + key.hexText());
        }
        if (list == null) {
            return new Rejected("spec.malformed", "plugins is not base64");
        }
        String digest = signatures.sha256(ascii(plugins));
        if (meta.isEmpty()) {
            return policy.metaRequired()
                    ? new Rejected(
                            "spec.meta-missing", "the list has no meta, and this node was enrolled with a serial")
                    : new Verified(list, digest, null);
        }
        if (!signed(signatures, key, ascii(META_PREFIX + meta), metaSignature)) {
            return new Rejected("spec.meta-signature", "the signature of meta does not verify");
        }
        Meta read = readMeta(json);
        if (read == null) {
            return new Rejected("spec.malformed", "meta lacks a field or holds a wrong one");
        }
        if (!read.pluginsSha256().equals(digest)) {
            return new Rejected("spec.meta-signature", "meta belongs to another list");
        }
        return policy.judge(read, digest).<Verdict>map(r -> r).orElseGet(() -> new Verified(list, digest, read));
    }

    private @Nullable Meta readMeta(JsonFormat json) {
        byte[] bytes = decode(meta);
        if (bytes == null) {
            return null;
        }
        try {
            return json.read(bytes, MAX_META) instanceof Value.Obj fields ? Meta.of(fields) : null;
        } catch (PortException.Refused e) {
            return null;
        }
    }

    private static boolean signed(Signatures signatures, VerifyKey.Ed25519 key, byte @Nullable [] text, String hex) {
        byte[] raw;
        try {
            raw = HEX.parseHex(hex);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return text != null && raw.length == 64 && signatures.verify(key, text, raw);
    }

    private static byte @Nullable [] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void putUnlessEmpty(Map<String, Value> fields, String name, String text) {
        if (!text.isEmpty()) {
            fields.put(name, Value.text(text));
        }
    }

    /**
     * What protects a list against replay and freezing.
     *
     * @param serial grows with every list
     * @param issued Unix seconds
     * @param expires Unix seconds; not adopted from then on
     * @param customer target customer
     * @param site target site; empty for all
     * @param pluginsSha256 SHA-256 hex of the base64 text of {@code plugins}
     */
    public record Meta(long serial, long issued, long expires, String customer, String site, String pluginsSha256) {
        private static @Nullable Meta of(Value.Obj fields) {
            Optional<Long> serial = fields.whole("serial");
            Optional<Long> issued = fields.whole("issued");
            Optional<Long> expires = fields.whole("expires");
            Optional<String> customer = fields.text("customer");
            Optional<String> digest = fields.text("plugins_sha256");
            if (serial.isEmpty() || issued.isEmpty() || expires.isEmpty() || customer.isEmpty() || digest.isEmpty()) {
                return null;
            }
            return new Meta(
                    serial.get(),
                    issued.get(),
                    expires.get(),
                    customer.get(),
                    fields.text("site").orElse(""),
                    digest.get());
        }

        private Meta forDigest(String digest) {
            return new Meta(serial, issued, expires, customer, site, digest);
        }

        private Value.Obj toValue() {
            return Value.obj("serial", Value.num(serial), "issued", Value.num(issued))
                    .with("expires", Value.num(expires))
                    .with("customer", Value.text(customer))
                    .with("site", Value.text(site))
                    .with("plugins_sha256", Value.text(pluginsSha256));
        }
    }

    /**
     * What this node accepts.
     *
     * @param customer its customer
     * @param site its site, may be empty
     * @param now Unix seconds: wall clock, never earlier than the newest signed time seen
     * @param lowestSerial lowest acceptable serial: of the enrolment, or the highest adopted
     * @param adoptedDigest digest of the list adopted with that very serial; empty when none was
     * @param metaRequired whether lists without meta are refused
     */
    public record Policy(
            String customer, String site, long now, long lowestSerial, String adoptedDigest, boolean metaRequired) {
        private Optional<Rejected> judge(Meta meta, String digest) {
            if (!meta.customer().equals(customer)
                    || !(meta.site().isEmpty() || meta.site().equals(site))) {
                return Optional.of(new Rejected(
                        "spec.wrong-target", "the list is for '" + meta.customer() + "/" + meta.site() + "'"));
            }
            if (meta.serial() < lowestSerial) {
                return Optional.of(
                        new Rejected("spec.replayed", "serial " + meta.serial() + " is lower than " + lowestSerial));
            }
            boolean same = digest.equals(adoptedDigest);
            if (meta.serial() == lowestSerial && !adoptedDigest.isEmpty() && !same) {
                return Optional.of(new Rejected(
                        "spec.serial-reused", "serial " + meta.serial() + " was adopted with another list"));
            }
            boolean adopted = same && meta.serial() == lowestSerial;
            if (!adopted && meta.expires() <= now) {
                return Optional.of(
                        new Rejected("spec.expired", "the list expired at " + Instant.ofEpochSecond(meta.expires())));
            }
            return Optional.empty();
        }
    }

    /** What came of the check. */
    public sealed interface Verdict {}

    /**
     * A list that may be adopted.
     *
     * @param list exact bytes of the list
     * @param digest SHA-256 hex of the base64 text
     * @param meta null when it has none
     */
    public record Verified(
            byte[] list, String digest, @Nullable Meta meta) implements Verdict {}

    /**
     * A list that changes nothing.
     *
     * @param code stable dotted code
     * @param reason sentence for people
     */
    public record Rejected(String code, String reason) implements Verdict {}
}
