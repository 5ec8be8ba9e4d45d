package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Resolves data with a hierarchy (spec 4.8): {@code data} is the base, {@code overrides} named by {@code hierarchy.order}
 * are merged over it, the first that is there or all of them in depth.
 */
final class Hiera {
    private static final int MAX_DEPTH = 100;

    private final HieraText texts;

    /** A resolver over the facts of a node. */
    Hiera(Value.Obj facts) {
        this.texts = new HieraText(facts);
    }

    /**
     * What comes of a document.
     *
     * @throws PortException.Refused {@code kv.hiera} naming the part that is not as it should be
     */
    Value.Obj resolve(Value.Obj document) {
        Value.Obj hierarchy = map(document, "hierarchy");
        List<String> order = order(hierarchy);
        String merge = hierarchy
                .get("merge")
                .map(Hiera::text)
                .filter(m -> !m.isEmpty())
                .orElse("first");
        if (!merge.equals("first") && !merge.equals("deep")) {
            throw refused("unknown merge mode '" + merge + "': first or deep");
        }
        Value.Obj overrides = map(document, "overrides");
        Value.Obj result = expanded(map(document, "data"));
        for (String entry : order) {
            String name = texts.name(entry).orElse("");
            if (name.isEmpty() || overrides.get(name).isEmpty()) {
                continue;
            }
            Value.Obj override = expanded(map(overrides, name));
            if (merge.equals("first")) {
                return over(result, override);
            }
            result = deep(result, override, 0);
        }
        return result;
    }

    private static List<String> order(Value.Obj hierarchy) {
        if (!(hierarchy.get("order").orElse(Value.nil()) instanceof Value.Arr list)) {
            if (hierarchy.get("order").isPresent()) {
                throw refused("hierarchy.order is not a list");
            }
            return List.of("default");
        }
        return list.items().stream().map(Hiera::text).toList();
    }

    private static String text(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw refused("order and merge of the hierarchy must be texts");
    }

    private static Value.Obj map(Value.Obj of, String key) {
        return switch (of.get(key).orElse(Value.nil())) {
            case Value.Obj map -> map;
            case Value.Nil nil -> Value.obj();
            default -> throw refused("'" + key + "' is not a map");
        };
    }

    private Value.Obj expanded(Value.Obj map) {
        return (Value.Obj) expanded(map, 0);
    }

    private Value expanded(Value value, int depth) {
        if (depth > MAX_DEPTH) {
            throw refused("more than " + MAX_DEPTH + " levels");
        }
        return switch (value) {
            case Value.Text text -> texts.value(text.value());
            case Value.Arr list -> {
                List<Value> items = new ArrayList<>();
                list.items().forEach(item -> items.add(expanded(item, depth + 1)));
                yield new Value.Arr(items);
            }
            case Value.Obj map -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                map.fields().forEach((key, field) -> fields.put(key, expanded(field, depth + 1)));
                yield new Value.Obj(fields);
            }
            default -> value;
        };
    }

    private static Value.Obj over(Value.Obj base, Value.Obj more) {
        Map<String, Value> fields = new LinkedHashMap<>(base.fields());
        fields.putAll(more.fields());
        return new Value.Obj(fields);
    }

    private static Value.Obj deep(Value.Obj base, Value.Obj more, int depth) {
        Map<String, Value> fields = new LinkedHashMap<>(base.fields());
        more.fields().forEach((key, value) -> {
            Value before = fields.get(key);
            fields.put(key, before == null ? value : merged(before, value, depth + 1));
        });
        return new Value.Obj(fields);
    }

    private static Value merged(Value before, Value after, int depth) {
        if (before instanceof Value.Obj base && after instanceof Value.Obj more && depth <= MAX_DEPTH) {
            return deep(base, more, depth);
        }
        if (before instanceof Value.Arr base && after instanceof Value.Arr more) {
            List<Value> all = new ArrayList<>(base.items());
            all.addAll(more.items());
            return new Value.Arr(all);
        }
        return after;
    }

    static PortException.Refused refused(String why) {
        return new PortException.Refused("kv.hiera", "invalid hierarchical data: " + why);
    }
}
