package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as the small languages meet it: in literals, in arguments and in texts of the data. Strict; nested at most
 * {@value #MAX_DEPTH} deep; the first of two equal keys counts.
 */
final class JsonText {
    static final int MAX_DEPTH = 200;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** A text is no JSON. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * The value of a whole text.
     *
     * @throws Malformed with the place
     */
    static Value read(String text) throws Malformed {
        JsonText reader = new JsonText(text);
        Value value = reader.value();
        if (reader.peek() != 0 || reader.at < text.length()) {
            throw reader.malformed("something behind the value");
        }
        return value;
    }

    private Value value() throws Malformed {
        if (++depth > MAX_DEPTH) {
            throw malformed("more than " + MAX_DEPTH + " levels");
        }
        Value value = switch (peek()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> Value.text(string());
            case 't' -> word("true", Value.bool(true));
            case 'f' -> word("false", Value.bool(false));
            case 'n' -> word("null", Value.nil());
            default -> number();
        };
        depth--;
        return value;
    }

    private Value object() throws Malformed {
        Map<String, Value> fields = new LinkedHashMap<>();
        at++;
        if (peek() == '}') {
            at++;
            return Value.obj(fields);
        }
        while (true) {
            if (peek() != '"') {
                throw malformed("a key must be a text");
            }
            String key = string();
            expect(':');
            fields.putIfAbsent(key, value());
            if (peek() == '}') {
                at++;
                return Value.obj(fields);
            }
            expect(',');
        }
    }

    private Value list() throws Malformed {
        List<Value> items = new ArrayList<>();
        at++;
        if (peek() == ']') {
            at++;
            return new Value.Arr(items);
        }
        while (true) {
            items.add(value());
            if (peek() == ']') {
                at++;
                return new Value.Arr(items);
            }
            expect(',');
        }
    }

    private Value word(String word, Value value) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw malformed("not a value");
        }
        at += word.length();
        return value;
    }

    private Value number() throws Malformed {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.length() > 400 || !digits.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?")) {
            throw malformed("not a value");
        }
        return new Value.Num(new BigDecimal(digits));
    }

    private String string() throws Malformed {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw malformed("a control character in a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        throw malformed("a text without end");
    }

    private char escaped() throws Malformed {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                String code = text.substring(at, Math.min(text.length(), at + 4));
                if (!code.matches("[0-9a-fA-F]{4}")) {
                    throw malformed("\\u needs four hex digits");
                }
                at += 4;
                yield (char) Integer.parseInt(code, 16);
            }
            default -> throw malformed("an escape that JSON does not have");
        };
    }

    private void expect(char c) throws Malformed {
        if (peek() != c) {
            throw malformed("'" + c + "' is missing");
        }
        at++;
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private Malformed malformed(String what) {
        return new Malformed(what + " at character " + (at + 1));
    }

    /** The value as JSON without white space; takes the steps that it costs. */
    static String write(Value value, Budget budget) {
        StringBuilder out = new StringBuilder();
        write(out, value, budget);
        budget.length(out.length());
        return out.toString();
    }

    private static void write(StringBuilder out, Value value, Budget budget) {
        budget.grown(out.length());
        switch (value) {
            case Value.Nil nil -> out.append("null");
            case Value.Bool bool -> out.append(bool.value());
            case Value.Num num -> out.append(Words.number(num.value()));
            case Value.Text text -> {
                budget.length(text.value().length());
                quote(out, text.value());
                budget.grown(out.length());
            }
            case Value.Arr list -> {
                String separator = "[";
                for (Value item : list.items()) {
                    out.append(separator);
                    write(out, item, budget);
                    separator = ",";
                }
                out.append(list.items().isEmpty() ? "[]" : "]");
            }
            case Value.Obj fields -> {
                String separator = "{";
                for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
                    out.append(separator);
                    quote(out, field.getKey());
                    out.append(':');
                    write(out, field.getValue(), budget);
                    separator = ",";
                }
                out.append(fields.fields().isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
