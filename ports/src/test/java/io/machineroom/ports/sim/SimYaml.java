package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of YAML that machine definitions are written in: blocks of maps and lists, flow values on one line,
 * quoted and plain scalars, literal blocks. No anchors, tags or folded text; those need the real reader.
 */
public final class SimYaml implements YamlFormat {
    @Override
    public Document read(byte[] document) {
        if (document.length > 1 << 20) {
            throw new PortException.Refused("yaml.too-large", "more than 1 MiB");
        }
        Reader reader = new Reader(new String(document, StandardCharsets.UTF_8).split("\n", -1));
        Value root = reader.document();
        return new Document(root, reader.places, Map.of(), reader.next());
    }

    @Override
    public byte[] write(Value value) {
        StringBuilder out = new StringBuilder();
        block(out, value, "", false);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Indented lines; texts as JSON writes them, which YAML reads. */
    private static void block(StringBuilder out, Value value, String indent, boolean inList) {
        boolean first = inList;
        if (value instanceof Value.Obj obj && !obj.fields().isEmpty()) {
            for (Map.Entry<String, Value> field : obj.fields().entrySet()) {
                out.append(first ? "" : indent)
                        .append(flow(Value.text(field.getKey())))
                        .append(':');
                nested(out, field.getValue(), indent);
                first = false;
            }
        } else if (value instanceof Value.Arr arr && !arr.items().isEmpty()) {
            for (Value item : arr.items()) {
                out.append(first ? "" : indent).append("- ");
                block(out, item, indent + "  ", true);
                first = false;
            }
        } else {
            out.append(flow(value)).append('\n');
        }
    }

    private static void nested(StringBuilder out, Value value, String indent) {
        boolean deep = value instanceof Value.Obj o && !o.fields().isEmpty()
                || value instanceof Value.Arr a && !a.items().isEmpty();
        if (deep) {
            out.append('\n');
            block(out, value, indent + "  ", false);
        } else {
            out.append(' ').append(flow(value)).append('\n');
        }
    }

    private static String flow(Value value) {
        return new String(new SimJson().write(value), StandardCharsets.UTF_8);
    }

    static PortException.Refused invalid(int line, String what) {
        return new PortException.Refused("yaml.invalid", "line " + line + ", column 1: " + what);
    }

    /** Reads lines; an item or a field is taken by cutting its head off the line and reading the rest as a block. */
    private static final class Reader {
        private final String[] lines;
        private final Map<String, Integer> places = new HashMap<>();
        private int at;

        Reader(String[] lines) {
            this.lines = lines;
        }

        Value document() {
            if (skip() && lines[at].startsWith("---")) {
                at++;
            }
            if (!skip()) {
                return Value.nil();
            }
            places.put("", at + 1);
            Value root = block("", indent());
            if (skip()) {
                throw invalid(at + 1, "something follows that belongs nowhere");
            }
            return root;
        }

        /** The line of another document; 0 for none. */
        int next() {
            return at < lines.length && lines[at].startsWith("---") ? at + 1 : 0;
        }

        /** Moves to the next line with content; false at the end of the document. */
        private boolean skip() {
            while (at < lines.length) {
                String bare = lines[at].strip();
                if (!bare.isEmpty() && !bare.startsWith("#")) {
                    return at == 0 || !lines[at].startsWith("---") || places.isEmpty();
                }
                at++;
            }
            return false;
        }

        private int indent() {
            String line = lines[at];
            int indent = line.length() - line.stripLeading().length();
            if (line.substring(0, indent).indexOf('\t') >= 0) {
                throw invalid(at + 1, "a tab at the beginning of a line");
            }
            return indent;
        }

        private String rest() {
            return lines[at].strip();
        }

        private Value block(String path, int indent) {
            String rest = rest();
            if (rest.equals("-") || rest.startsWith("- ")) {
                return sequence(path, indent);
            }
            if (SimYamlScalar.colon(rest) >= 0) {
                return mapping(path, indent);
            }
            Value value = SimYamlScalar.value(rest, at + 1);
            at++;
            return value;
        }

        private Value sequence(String path, int indent) {
            List<Value> items = new ArrayList<>();
            while (skip() && indent() == indent && (rest().equals("-") || rest().startsWith("- "))) {
                String place = path + "[" + items.size() + "]";
                places.put(place, at + 1);
                items.add(cut(place, indent, 1, indent));
            }
            complain(indent);
            return new Value.Arr(items);
        }

        private Value mapping(String path, int indent) {
            Map<String, Value> fields = new LinkedHashMap<>();
            while (skip() && indent() == indent) {
                int colon = SimYamlScalar.colon(rest());
                if (colon < 0) {
                    throw invalid(at + 1, "a key and a colon are wanted");
                }
                int line = at + 1;
                String key = SimYamlScalar.key(rest().substring(0, colon), line);
                String place = path.isEmpty() ? key : path + "." + key;
                places.put(place, line);
                if (fields.put(key, cut(place, indent, colon + 1, indent - 1)) != null) {
                    throw invalid(line, "the key \"" + key + "\" is there twice");
                }
            }
            complain(indent);
            return new Value.Obj(fields);
        }

        private void complain(int indent) {
            if (skip() && indent() > indent) {
                throw invalid(at + 1, "indented too far");
            }
        }

        /** What follows a head of that length: on the line, or below it and further in. */
        private Value cut(String place, int indent, int head, int listIndent) {
            String tail = SimYamlScalar.withoutComment(rest().substring(head)).strip();
            boolean list = head == 1 && rest().startsWith("-");
            if (tail.equals("|") || tail.equals("|-")) {
                at++;
                return literal(indent, tail.length() == 1);
            }
            boolean compact = list && (tail.startsWith("- ") || SimYamlScalar.colon(tail) >= 0);
            if (compact) {
                String line = lines[at];
                int from = line.indexOf(tail, indent + head);
                lines[at] = " ".repeat(from) + line.substring(from);
                return block(place, from);
            }
            if (!tail.isEmpty()) {
                Value value = SimYamlScalar.value(tail, at + 1);
                at++;
                return value;
            }
            at++;
            boolean below = skip() && (indent() > indent || !list && indent() > listIndent && rest().startsWith("-"));
            return below ? block(place, indent()) : Value.nil();
        }

        private Value literal(int indent, boolean keepEnd) {
            StringBuilder out = new StringBuilder();
            int own = -1;
            while (at < lines.length && (lines[at].isBlank() || indent() > indent)) {
                own = own < 0 && !lines[at].isBlank() ? indent() : own;
                out.append(lines[at].isBlank() ? "" : lines[at].substring(own)).append('\n');
                at++;
            }
            String text = out.toString().stripTrailing();
            return Value.text(keepEnd ? text + "\n" : text);
        }
    }
}
