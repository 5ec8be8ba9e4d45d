package io.machineroom.domain.provisioning;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a node gets its name when nobody gave it one: the host name, else a part of its key. */
public final class NodeIdentity {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private NodeIdentity() {}

    public static boolean isValid(String identity) {
        return VALID.matcher(identity).matches();
    }

    /**
     * The name to ask for.
     *
     * @param configured what the operator set
     * @param facts {@code host.info.hostname} is looked at; characters that a name cannot hold become dashes
     */
    public static String choose(Optional<String> configured, Value.Obj facts, VerifyKey.Ed25519 key) {
        if (configured.isPresent()) {
            return configured.get();
        }
        String host = facts.obj("host")
                .flatMap(h -> h.obj("info"))
                .flatMap(i -> i.text("hostname"))
                .orElse("")
                .replaceAll("[^A-Za-z0-9._-]", "-");
        String cut = host.length() > 128 ? host.substring(0, 128) : host;
        return isValid(cut) && !cut.equals("localhost")
                ? cut
                : "node-" + key.hexText().substring(0, 12);
    }
}
