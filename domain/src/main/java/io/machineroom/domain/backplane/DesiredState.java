package io.machineroom.domain.backplane;

import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What should run, per customer: the signed list in force and those before it, in
 * {@code desired/<customer>/machines.json} and {@code history/}. Changed by the desk only; everybody reads
 * the newest published state.
 */
final class DesiredState {
    /** Key of the signed list. */
    static final String KEY = "machines";

    private static final int MAX_BYTES = 2 << 20;

    private final FileTree files;
    private final JsonFormat json;
    private final Signatures signatures;
    private final TimeSource time;
    private final VerifyKey.Ed25519 signer;
    private volatile Map<String, Current> current = Map.of();

    DesiredState(FileTree files, JsonFormat json, Signatures signatures, TimeSource time, VerifyKey.Ed25519 signer) {
        this.files = files;
        this.json = json;
        this.signatures = signatures;
        this.time = time;
        this.signer = signer;
    }

    /**
     * The list of a customer.
     *
     * @param revision counts changes from 1
     * @param serial serial of the newest list that verified; 0 while there is none
     * @param digest digest of that list
     * @param checked whether this document verified
     * @param document bytes as nodes get them
     */
    record Current(long revision, long serial, String digest, boolean checked, byte[] document) {}

    /** Reads the files of these customers; before the desk starts. */
    void load(List<String> customers) {
        Map<String, Current> all = new HashMap<>();
        for (String customer : customers) {
            Optional<byte[]> file = files.read(path(customer), MAX_BYTES);
            if (file.isPresent()) {
                all.put(customer, read(customer, file.get()));
            }
        }
        current = all;
    }

    private Current read(String customer, byte[] bytes) {
        try {
            Value.Obj saved = (Value.Obj) json.read(bytes);
            return new Current(
                    saved.whole("revision").orElseThrow(),
                    saved.whole("serial").orElse(0L),
                    saved.text("digest").orElse(""),
                    saved.bool("checked").orElse(false),
                    Base64.getDecoder().decode(saved.text("document").orElseThrow()));
        } catch (PortException.Refused | NoSuchElementException | ClassCastException | IllegalArgumentException e) {
            throw new PortException.Corrupted(
                    "desired.damaged", path(customer) + " cannot be read; restore it from its history/", e);
        }
    }

    Optional<Current> of(String customer) {
        return Optional.ofNullable(current.get(customer));
    }

    /** Lowest serial that a node enrolled now may accept. */
    long lowestSerial(String customer) {
        return of(customer).map(Current::serial).filter(s -> s > 0).orElse(1L);
    }

    /**
     * Puts a list in force, durably.
     *
     * @param unchecked whether to take it although it does not verify
     * @return the new state
     * @throws PortException.Refused the code of the check, {@code spec.…}; {@code deploy.customer}
     */
    Current deploy(String customer, byte[] document, boolean unchecked) {
        Current before = of(customer).orElse(new Current(0, 0, "", true, new byte[0]));
        long serial = before.serial();
        String digest = before.digest();
        if (!unchecked) {
            SignedSpecification.Verified verified = verify(customer, document, before);
            serial = verified.meta() == null ? serial : verified.meta().serial();
            digest = verified.digest();
        }
        Current next = new Current(before.revision() + 1, serial, digest, !unchecked, document.clone());
        byte[] file = json.pretty(saved(next));
        files.replace("desired/" + customer + "/history/" + next.revision() + ".json", file, 0600);
        files.replace(path(customer), file, 0600);
        Map<String, Current> copy = new HashMap<>(current);
        copy.put(customer, next);
        current = copy;
        return next;
    }

    private SignedSpecification.Verified verify(String customer, byte[] document, Current before) {
        SignedSpecification list = SignedSpecification.of(json.read(document, MAX_BYTES))
                .orElseThrow(() -> new PortException.Refused("spec.malformed", "it holds no field 'plugins'"));
        SignedSpecification.Policy policy = new SignedSpecification.Policy(
                customer,
                site(list),
                time.wall().getEpochSecond(),
                Math.max(1, before.serial()),
                before.digest(),
                true);
        return switch (list.verify(signer, policy, signatures, json)) {
            case SignedSpecification.Verified verified -> verified;
            case SignedSpecification.Rejected rejected ->
                throw new PortException.Refused(rejected.code(), rejected.reason());
        };
    }

    /** The site the list says it is for: any will do here. */
    private String site(SignedSpecification list) {
        try {
            byte[] meta = Base64.getDecoder().decode(list.meta());
            return json.read(meta, MAX_BYTES) instanceof Value.Obj fields
                    ? fields.text("site").orElse("")
                    : "";
        } catch (PortException.Refused | IllegalArgumentException e) {
            return "";
        }
    }

    private Value.Obj saved(Current next) {
        return Value.obj("revision", Value.num(next.revision()), "serial", Value.num(next.serial()))
                .with("digest", Value.text(next.digest()))
                .with("checked", Value.bool(next.checked()))
                .with("stored", Value.text(time.wall().toString()))
                .with("document", Value.text(Base64.getEncoder().encodeToString(next.document())));
    }

    private static String path(String customer) {
        return "desired/" + customer + "/machines.json";
    }
}
