package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Map;

/**
 * Text with {@code {{ lookup "facts.x" "default" }}} in it: Go's template language with all its actions and functions,
 * over values. Immutable; read once, and filled in from any thread.
 *
 * <p>Whole numbers print plainly, and {@code lookup} takes null for missing. Nothing is escaped for HTML. One filling in is
 * bounded in steps and to 4 Mi characters.
 */
public final class Template {
    /** The longest text that is read, in characters. */
    public static final int MAX_LENGTH = 1024 * 1024;

    private final String text;
    private final List<TemplateNode> nodes;
    private final Map<String, List<TemplateNode>> named;

    private Template(String text, List<TemplateNode> nodes, Map<String, List<TemplateNode>> named) {
        this.text = text;
        this.nodes = nodes;
        this.named = named;
    }

    /**
     * Reads a template with the functions of machines.
     *
     * @throws PortException.Refused {@code template.invalid} with line and column
     */
    public static Template parse(String text) {
        return parse(text, TemplateFunctions.machines());
    }

    /**
     * Reads a template.
     *
     * @throws PortException.Refused {@code template.invalid} with line and column, as {@code template:1:4: …}
     */
    public static Template parse(String text, TemplateFunctions functions) {
        if (text.length() > MAX_LENGTH) {
            throw new PortException.Refused(
                    "template.invalid", "a template of more than " + MAX_LENGTH + " characters");
        }
        TemplateParser parser = new TemplateParser(text, functions);
        return new Template(text, parser.parse(), parser.named());
    }

    /** Whether nothing has to be filled in. */
    public boolean isPlain() {
        return nodes.stream().allMatch(TemplateNode.Text.class::isInstance);
    }

    /**
     * Fills in; {@code lookup} finds both below {@code facts} and {@code data}.
     *
     * @throws PortException.Refused {@code template.failed} with line and column, or what a function throws
     */
    public String expand(Value.Obj facts, Value.Obj data) {
        return expand(Value.obj("facts", facts, "data", data));
    }

    /**
     * Fills in with a whole document for {@code lookup}; the dot is nothing at first.
     *
     * @throws PortException.Refused as {@link #expand(Value.Obj, Value.Obj)} throws it
     */
    public String expand(Value.Obj document) {
        return new TemplateRun(text, named, document).fill(nodes);
    }

    /** Reads and fills in at once. */
    public static String expand(String text, Value.Obj facts, Value.Obj data) {
        return text.contains("{{") ? parse(text).expand(facts, data) : text;
    }

    /** As it was read. */
    @Override
    public String toString() {
        return text;
    }
}
