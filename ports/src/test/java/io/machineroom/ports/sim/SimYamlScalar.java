package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One flow value of a YAML line: a scalar, {@code [a, b]} or {@code {k: v}}. */
final class SimYamlScalar {
    private final String text;
    private final int line;
    private int at;

    private SimYamlScalar(String text, int line) {
        this.text = text;
        this.line = line;
    }

    /** The value of all of the text, a comment at its end left out. */
    static Value value(String text, int line) {
        String bare = withoutComment(text).strip();
        SimYamlScalar reader = new SimYamlScalar(bare, line);
        boolean plain = bare.isEmpty() || "[{\"'".indexOf(bare.charAt(0)) < 0;
        Value value = plain ? plain(bare) : reader.flow();
        if (!plain && reader.at < bare.length()) {
            throw SimYaml.invalid(line, "something follows a value");
        }
        return value;
    }

    static String key(String text, int line) {
        return text.startsWith("\"") || text.startsWith("'") ? new SimYamlScalar(text, line).quoted() : text.strip();
    }

    /** Where the colon behind a key stands; -1 when the text is no field. */
    static int colon(String text) {
        char quote = 0;
        if (text.startsWith("[") || text.startsWith("{")) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == '"' && c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (i == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '#' && i > 0 && text.charAt(i - 1) == ' ') {
                return -1;
            } else if (c == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                return i;
            }
        }
        return -1;
    }

    static String withoutComment(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean starts = i == 0 || " ,[{:".indexOf(text.charAt(i - 1)) >= 0;
            if (quote == '"' && c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (starts && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '#' && (i == 0 || text.charAt(i - 1) == ' ')) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private Value flow() {
        white();
        return switch (peek()) {
            case '[' -> list();
            case '{' -> map();
            case '"', '\'' -> Value.text(quoted());
            default -> {
                int start = at;
                while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                yield plain(text.substring(start, at).strip());
            }
        };
    }

    private Value list() {
        List<Value> items = new ArrayList<>();
        at++;
        for (white(); peek() != ']'; white()) {
            items.add(flow());
            separator(']');
        }
        at++;
        return new Value.Arr(items);
    }

    private Value map() {
        Map<String, Value> fields = new LinkedHashMap<>();
        at++;
        for (white(); peek() != '}'; white()) {
            int start = at;
            String key;
            if (peek() == '"' || peek() == '\'') {
                key = quoted();
            } else {
                while (peek() != ':') {
                    at++;
                }
                key = text.substring(start, at).strip();
            }
            at++;
            fields.put(key, flow());
            separator('}');
        }
        at++;
        return new Value.Obj(fields);
    }

    private void separator(char end) {
        white();
        if (peek() == ',') {
            at++;
        } else if (peek() != end) {
            throw SimYaml.invalid(line, "a comma is wanted");
        }
    }

    private String quoted() {
        char quote = peek();
        int start = at++;
        for (; peek() != quote || quote == '\'' && text.startsWith("''", at); at++) {
            at += quote == '"' && peek() == '\\' || quote == '\'' && peek() == '\'' ? 1 : 0;
        }
        at++;
        String inner = text.substring(start + 1, at - 1);
        if (quote == '\'') {
            return inner.replace("''", "'");
        }
        try {
            Value read = new SimJson().read(text.substring(start, at).getBytes(StandardCharsets.UTF_8));
            return read instanceof Value.Text t ? t.value() : inner;
        } catch (PortException.Refused e) {
            throw SimYaml.invalid(line, "no such escape");
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw SimYaml.invalid(line, "the value ends too early");
        }
        return text.charAt(at);
    }

    private void white() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static Value plain(String text) {
        if (Set.of("", "~", "null", "Null", "NULL").contains(text)) {
            return Value.nil();
        }
        if (Set.of("true", "True", "TRUE", "false", "False", "FALSE").contains(text)) {
            return Value.bool(text.equalsIgnoreCase("true"));
        }
        String ungrouped = text.startsWith("_") ? text : text.replace("_", "");
        boolean negative = ungrouped.startsWith("-");
        String digits = negative || ungrouped.startsWith("+") ? ungrouped.substring(1) : ungrouped;
        BigInteger whole = null;
        if (digits.matches("0|[1-9][0-9]*")) {
            whole = new BigInteger(digits);
        } else if (digits.matches("0o?[0-7]+")) {
            whole = new BigInteger(digits.replace("o", ""), 8);
        } else if (digits.matches("0x[0-9a-fA-F]+")) {
            whole = new BigInteger(digits.substring(2), 16);
        }
        if (whole != null) {
            return new Value.Num(new BigDecimal(negative ? whole.negate() : whole));
        }
        boolean number = digits.matches("(\\.[0-9]+|[0-9]+\\.[0-9]*)([eE][-+]?[0-9]{1,3})?|[0-9]+[eE][-+]?[0-9]{1,3}");
        return number ? new Value.Num(new BigDecimal(ungrouped)) : Value.text(text);
    }
}
