package io.machineroom.app.codec;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns one composed document into a value and remembers line and column of every path. */
final class YamlTree {
    private static final int MAX_COLLECTION_ALIASES = 50;
    private static final int MAX_VALUES = 200_000;
    /** Longest text of which there is only one copy, in characters. */
    private static final int SHARED = 32;

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> columns = new HashMap<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int aliases;
    private int values;

    Map<String, Integer> lines() {
        return lines;
    }

    Map<String, Integer> columns() {
        return columns;
    }

    Value value(Node root) {
        line("", root);
        return value(root, "");
    }

    private Value value(Node node, String path) {
        if (++values > MAX_VALUES) {
            throw SnakeYaml.invalid(node.getStartMark(), "more than " + MAX_VALUES + " values, aliases counted out");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (!seen.add(node) && ++aliases > MAX_COLLECTION_ALIASES) {
            throw SnakeYaml.invalid(
                    node.getStartMark(), "more than " + MAX_COLLECTION_ALIASES + " aliases of lists and maps");
        }
        if (!open.add(node)) {
            throw SnakeYaml.invalid(node.getStartMark(), "an alias within what it stands for");
        }
        Value value = switch (node) {
            case MappingNode map when map.getTag().equals(Tag.MAP) -> mapping(map, path);
            case SequenceNode list when list.getTag().equals(Tag.SEQ) -> sequence(list, path);
            default -> throw unknownTag(node);
        };
        open.remove(node);
        return value;
    }

    private static Value scalar(ScalarNode node) {
        Tag tag = node.getTag();
        String text = node.getValue();
        if (tag.equals(Tag.STR) || tag.equals(Tag.MERGE)) {
            return Value.text(shared(Utf8.wellFormed(text)));
        }
        if (tag.equals(Tag.NULL)) {
            return Value.nil();
        }
        if (tag.equals(Tag.BOOL)) {
            return Value.bool(text.equalsIgnoreCase("true"));
        }
        BigDecimal number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? YamlTypes.number(text) : null;
        if (number == null) {
            throw unknownTag(node);
        }
        return new Value.Num(number);
    }

    private static RuntimeException unknownTag(Node node) {
        return SnakeYaml.invalid(node.getStartMark(), "the tag " + node.getTag().getValue() + " has no meaning here");
    }

    private Value sequence(SequenceNode node, String path) {
        List<Value> items = new ArrayList<>();
        for (Node item : node.getValue()) {
            String at = path + "[" + items.size() + "]";
            line(at, item);
            items.add(value(item, at));
        }
        return new Value.Arr(items);
    }

    private Value mapping(MappingNode node, String path) {
        Map<String, Value> fields = new LinkedHashMap<>();
        Map<String, Value> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merge(tuple.getValueNode(), path, merged);
                continue;
            }
            String key = key(tuple.getKeyNode());
            String at = path.isEmpty() ? key : path + "." + key;
            line(at, tuple.getKeyNode());
            if (fields.put(key, value(tuple.getValueNode(), at)) != null) {
                throw SnakeYaml.invalid(
                        tuple.getKeyNode().getStartMark(), "the key \"" + Utf8.shortened(key) + "\" is there twice");
            }
        }
        merged.forEach(fields::putIfAbsent);
        return new Value.Obj(fields);
    }

    /** Keys of the map itself win over merged ones, earlier merged maps over later ones. */
    private void merge(Node from, String path, Map<String, Value> into) {
        if (from instanceof SequenceNode list) {
            list.getValue().forEach(item -> merge(item, path, into));
        } else if (from instanceof MappingNode map && value(map, path) instanceof Value.Obj obj) {
            obj.fields().forEach(into::putIfAbsent);
        } else {
            throw SnakeYaml.invalid(from.getStartMark(), "<< takes a map or a list of maps");
        }
    }

    /** Words that stand in a thousand manifests are kept once. */
    private static String shared(String text) {
        return text.length() <= SHARED ? text.intern() : text;
    }

    private static String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            return shared(Utf8.wellFormed(scalar.getValue()));
        }
        throw SnakeYaml.invalid(node.getStartMark(), "a key is a text");
    }

    private void line(String path, Node node) {
        node.getStartMark().ifPresent(mark -> {
            lines.put(path, mark.getLine() + 1);
            columns.put(path, mark.getColumn() + 1);
        });
    }
}
