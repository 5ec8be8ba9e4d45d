package io.machineroom.app.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML by snakeyaml-engine, with the types of {@link YamlTypes}. No objects are made, only values. */
public final class SnakeYaml implements YamlFormat {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 64;

    private final YamlTypes types = new YamlTypes();

    @Override
    public Document read(byte[] document) {
        if (document.length > MAX_BYTES) {
            throw new PortException.Refused(
                    "yaml.too-large", "the YAML document has " + document.length + " bytes, allowed are " + MAX_BYTES);
        }
        String decoded = Utf8.decode(document, "yaml.invalid");
        String text = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        LoadSettings settings = LoadSettings.builder()
                .setSchema(types)
                .setCodePointLimit(MAX_BYTES)
                .setUseMarks(true)
                .build();
        try {
            int next = checkDepth(new Parse(settings).parseString(text).iterator());
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(text).iterator();
            if (!documents.hasNext()) {
                return new Document(Value.nil(), Map.of());
            }
            YamlTree tree = new YamlTree();
            Value root = tree.value(documents.next());
            return new Document(root, tree.lines(), tree.columns(), next);
        } catch (MarkedYamlEngineException e) {
            throw invalid(e.getProblemMark(), String.valueOf(e.getProblem()));
        } catch (ReaderException e) {
            String before = text.substring(0, text.offsetByCodePoints(0, Math.min(e.getPosition(), text.length())));
            int line = before.length() - before.replace("\n", "").length() + 1;
            int column = before.length() - before.lastIndexOf('\n');
            throw new PortException.Refused(
                    "yaml.invalid",
                    "line %d, column %d: the character U+%04X is not allowed"
                            .formatted(line, column, e.getCodePoint()));
        } catch (YamlEngineException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw invalid(Optional.empty(), "not YAML: " + why);
        }
    }

    /**
     * The composer recurses, the parser does not: so this looks before the composer leaps. Returns the line of the next document,
     * 0 for none.
     */
    private static int checkDepth(Iterator<Event> events) {
        int depth = 0;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentEndEvent end) {
                return next(events, end);
            }
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw invalid(event.getStartMark(), "nested deeper than " + MAX_DEPTH);
            }
        }
        return 0;
    }

    private static int next(Iterator<Event> events, Event end) {
        try {
            Event next = events.next();
            return next instanceof DocumentStartEvent ? line(next) : 0;
        } catch (YamlEngineException e) {
            // whatever it is, it is not read
            return line(end);
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    static PortException.Refused invalid(Optional<Mark> at, String what) {
        String place = at.map(m -> "line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ": ")
                .orElse("");
        return new PortException.Refused("yaml.invalid", place + what);
    }

    @Override
    public byte[] write(Value value) {
        DumpSettings settings = DumpSettings.builder()
                .setSchema(types)
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .setWidth(1_000_000)
                .build();
        StringBuilder out = new StringBuilder();
        new Dump(settings).dumpNode(node(value), new StreamDataWriter() {
            @Override
            public void write(String text) {
                out.append(text);
            }

            @Override
            public void write(String text, int offset, int length) {
                out.append(text, offset, offset + length);
            }
        });
        return out.toString().getBytes(UTF_8);
    }

    private static Node node(Value value) {
        return switch (value) {
            case Value.Nil nil -> new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
            case Value.Bool bool -> new ScalarNode(Tag.BOOL, String.valueOf(bool.value()), ScalarStyle.PLAIN);
            case Value.Num num -> number(Numbers.print(num.value()));
            case Value.Text text -> text(text.value());
            case Value.Arr arr -> {
                List<Node> items = new ArrayList<>();
                arr.items().forEach(item -> items.add(node(item)));
                yield new SequenceNode(Tag.SEQ, items, items.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
            case Value.Obj obj -> {
                List<NodeTuple> fields = new ArrayList<>();
                obj.fields().forEach((key, field) -> fields.add(new NodeTuple(text(key), node(field))));
                yield new MappingNode(Tag.MAP, fields, fields.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
            }
        };
    }

    private static Node number(String text) {
        boolean whole = text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
        return new ScalarNode(whole ? Tag.INT : Tag.FLOAT, text, ScalarStyle.PLAIN);
    }

    private static Node text(String text) {
        String clean = Utf8.wellFormed(text);
        ScalarStyle style = ScalarStyle.PLAIN;
        if (YamlTypes.oldBoolean(clean)) {
            style = ScalarStyle.SINGLE_QUOTED;
        } else if (clean.indexOf('\n') >= 0) {
            style = ScalarStyle.DOUBLE_QUOTED;
        }
        return new ScalarNode(Tag.STR, clean, style);
    }
}
