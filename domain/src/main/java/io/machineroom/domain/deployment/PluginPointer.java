package io.machineroom.domain.deployment;

import io.machineroom.ports.data.Value;
import java.util.Optional;

/**
 * What {@code <name>.current} says about one plugin. Immutable.
 *
 * @param name plugin
 * @param owner machine whose list brought it
 * @param current digest of the version that runs; empty for none
 * @param previous digest of the version before; empty for none
 * @param probation whether the current version has still to prove itself
 * @param attempts how often the current version was put on probation
 * @param failed digest of a version that failed; empty for none
 * @param failedList digest of the list that brought it: it is not tried again for this list
 * @param failedReason code and sentence
 */
public record PluginPointer(
        String name,
        String owner,
        String current,
        String previous,
        boolean probation,
        int attempts,
        String failed,
        String failedList,
        String failedReason) {
    static PluginPointer none(String name, String owner) {
        return new PluginPointer(name, owner, "", "", false, 0, "", "", "");
    }

    static Optional<PluginPointer> of(String name, Value.Obj fields) {
        String current = fields.text("current").orElse("");
        String previous = fields.text("previous").orElse("");
        if (!isDigest(current) || !isDigest(previous)) {
            return Optional.empty();
        }
        return Optional.of(new PluginPointer(
                name,
                fields.text("owner").orElse(""),
                current,
                previous,
                fields.bool("probation").orElse(false),
                fields.whole("attempts").orElse(0L).intValue(),
                fields.text("failed").orElse(""),
                fields.text("failed_list").orElse(""),
                fields.text("failed_reason").orElse("")));
    }

    private static boolean isDigest(String text) {
        return text.isEmpty() || text.matches("[0-9a-f]{64}");
    }

    Value.Obj toValue() {
        return Value.obj("owner", Value.text(owner), "current", Value.text(current), "previous", Value.text(previous))
                .with("probation", Value.bool(probation))
                .with("attempts", Value.num(attempts))
                .with("failed", Value.text(failed))
                .with("failed_list", Value.text(failedList))
                .with("failed_reason", Value.text(failedReason));
    }

    /** The same pointing at a new version, on probation; what never proved itself is no version to go back to. */
    PluginPointer flip(String digest) {
        String proven = probation ? previous : current;
        return new PluginPointer(name, owner, digest, proven, true, 1, failed, failedList, failedReason);
    }

    /** The same after another start during probation. */
    PluginPointer again() {
        return new PluginPointer(name, owner, current, previous, true, attempts + 1, failed, failedList, failedReason);
    }

    /** The same with probation passed. */
    PluginPointer confirm() {
        return new PluginPointer(name, owner, current, previous, false, 0, "", "", "");
    }

    /** The same back at the version before; the current one is marked as failed. */
    PluginPointer rollBack(String list, String reason) {
        return new PluginPointer(name, owner, previous, "", false, 0, current, list, reason);
    }
}
