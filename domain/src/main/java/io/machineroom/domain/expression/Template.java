package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with {@code {{ lookup "facts.x" "default" }}} in it. Of Go's template language it has: literals, pipelines,
 * parentheses, comments, trim markers, and the functions {@code lookup ToUpper ToLower Title Capitalize StringsJoin
 * Base64Encode Base64Decode}. Everything else ({@code if}, {@code range}, variables, {@code printf}) is refused when
 * the template is read. Immutable; parsed once.
 */
public final class Template {
    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @throws PortException.Refused {@code template.invalid} naming what is not understood
     */
    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        boolean trim = false;
        while (at <= text.length()) {
            int open = text.indexOf("{{", at);
            String plain = text.substring(at, open < 0 ? text.length() : open);
            plain = trim ? plain.stripLeading() : plain;
            if (open < 0) {
                parts.add(new Plain(plain));
                break;
            }
            int close = closing(text, open + 2);
            String inner = text.substring(open + 2, close);
            boolean trimBefore =
                    inner.length() > 1 && inner.charAt(0) == '-' && Character.isWhitespace(inner.charAt(1));
            trim = inner.length() > 1
                    && inner.endsWith("-")
                    && Character.isWhitespace(inner.charAt(inner.length() - 2));
            parts.add(new Plain(trimBefore ? plain.stripTrailing() : plain));
            inner = inner.substring(trimBefore ? 1 : 0, inner.length() - (trim ? 1 : 0))
                    .strip();
            if (!(inner.startsWith("/*") && inner.endsWith("*/"))) {
                parts.add(new Filled(new TemplateParser(inner).parse()));
            }
            at = close + 2;
        }
        return new Template(parts);
    }

    /** Whether nothing has to be filled in. */
    public boolean isPlain() {
        return parts.stream().allMatch(Plain.class::isInstance);
    }

    /**
     * Fills in.
     *
     * @throws PortException.Refused {@code template.failed}, {@code lookup.invalid}
     */
    public String expand(Value.Obj facts, Value.Obj data) {
        Value.Obj document = Value.obj("facts", facts, "data", data);
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Plain plain -> out.append(plain.text());
                case Filled filled -> out.append(Words.print(filled.node().value(document)));
            }
        }
        return out.toString();
    }

    /** Reads and fills in at once. */
    public static String expand(String text, Value.Obj facts, Value.Obj data) {
        return text.contains("{{") ? parse(text).expand(facts, data) : text;
    }

    private static int closing(String text, int from) {
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote == '"') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '`') {
                quote = c;
            } else if (text.startsWith("/*", i)) {
                int end = text.indexOf("*/", i);
                i = end < 0 ? text.length() : end + 1;
            } else if (text.startsWith("}}", i)) {
                return i;
            }
        }
        throw new PortException.Refused("template.invalid", "a '{{' is never closed");
    }

    private sealed interface Part {}

    private record Plain(String text) implements Part {}

    private record Filled(TemplateNode node) implements Part {}
}
