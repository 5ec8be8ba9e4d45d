package io.machineroom.domain.deployment;

import io.machineroom.ports.data.Value;
import java.util.Optional;

/**
 * The list that a node follows, and how far it came.
 *
 * @param serial highest serial adopted; -1 when none had one
 * @param digest digest of the list with that serial, or of the last one
 * @param signedTime newest issue time of an adopted list, Unix seconds
 * @param document the list as it came
 */
record AdoptedList(long serial, String digest, long signedTime, Optional<SignedSpecification> document) {
    static AdoptedList none() {
        return new AdoptedList(-1, "", 0, Optional.empty());
    }

    static Optional<AdoptedList> of(Value value) {
        if (!(value instanceof Value.Obj fields)) {
            return Optional.empty();
        }
        Optional<Long> serial = fields.whole("serial");
        Optional<Long> signed = fields.whole("signed_time");
        Optional<String> digest = fields.text("digest");
        Optional<SignedSpecification> document = fields.get("document").flatMap(SignedSpecification::of);
        if (serial.isEmpty() || signed.isEmpty() || digest.isEmpty() || document.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AdoptedList(serial.get(), digest.get(), signed.get(), document));
    }

    Value.Obj toValue() {
        Value.Obj fields = Value.obj(
                "serial", Value.num(serial), "digest", Value.text(digest), "signed_time", Value.num(signedTime));
        return document.map(d -> fields.with("document", d.toValue())).orElse(fields);
    }

    /** The same after another list. */
    AdoptedList next(SignedSpecification list, SignedSpecification.Verified verified) {
        SignedSpecification.Meta meta = verified.meta();
        return new AdoptedList(
                meta == null ? serial : meta.serial(),
                verified.digest(),
                meta == null ? signedTime : Math.max(signedTime, meta.issued()),
                Optional.of(list));
    }
}
