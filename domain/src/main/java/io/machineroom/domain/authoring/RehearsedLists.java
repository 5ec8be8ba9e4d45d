package io.machineroom.domain.authoring;

import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists of plugins that a script gives in plain: a map whose only key is {@code plugins} or {@code machines}, with a
 * list of maps. They become what a node gets, signed by the rehearsal itself.
 */
record RehearsedLists(RehearsedArtifacts artifacts, JsonFormat json) {
    /** Stands for the key of the build where nobody names one; no signature of life holds for it. */
    private static final VerifyKey.Ed25519 STAND_IN = new VerifyKey.Ed25519("00".repeat(32));

    /** A value with every plain list in it signed. */
    Value signed(Value value) {
        if (!(value instanceof Value.Obj map)) {
            return value;
        }
        return plain(map, "plugins")
                .map(this::sign)
                .or(() -> plain(map, "machines").map(this::signOlder))
                .orElseGet(() -> signedItems(map));
    }

    /** A map, such as data of a machine, with every plain list in its values signed. */
    Value.Obj signedItems(Value.Obj map) {
        Value.Obj out = map;
        for (Map.Entry<String, Value> item : map.fields().entrySet()) {
            out = out.with(item.getKey(), signed(item.getValue()));
        }
        return out;
    }

    private static Optional<Value.Arr> plain(Value.Obj map, String key) {
        boolean alone = map.fields().size() == 1;
        return alone
                        && map.fields().get(key) instanceof Value.Arr list
                        && list.items().stream().allMatch(Value.Obj.class::isInstance)
                ? Optional.of(list)
                : Optional.empty();
    }

    private Value.Obj sign(Value.Arr list) {
        return SignedSpecification.sign(json.write(list), artifacts::sign).toValue();
    }

    private Value.Obj signOlder(Value.Arr list) {
        byte[] bytes = json.write(list);
        String text = new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
        String signature = HexFormat.of().formatHex(artifacts.sign(bytes));
        return new SignedSpecification(text, signature, "", "", true).toValue();
    }

    /** The key of the build: the script's, else a stand-in unless the machines name keys of their own. */
    Optional<VerifyKey.Ed25519> key(Optional<VerifyKey.Ed25519> given, List<Sheet> sheets) {
        boolean own = sheets.stream()
                .flatMap(sheet -> sheet.definition().stream())
                .flatMap(machine -> machine.watchers().stream())
                .anyMatch(w -> w.properties().fields().keySet().stream().anyMatch("public_key"::equalsIgnoreCase));
        return given.or(() -> own ? Optional.empty() : Optional.of(STAND_IN));
    }
}
