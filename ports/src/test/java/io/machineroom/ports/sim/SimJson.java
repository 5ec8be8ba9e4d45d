package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small strict JSON reader and writer, so that the domain can be tested without a library. */
public final class SimJson implements JsonFormat {
    @Override
    public Value read(byte[] document, int maxBytes) {
        if (document.length > maxBytes) {
            throw new PortException.Refused("json.too-large", document.length + " bytes, allowed are " + maxBytes);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
            return new Reader(text).document();
        } catch (CharacterCodingException e) {
            throw new PortException.Refused("json.invalid", "the document is not UTF-8", e);
        }
    }

    @Override
    public byte[] write(Value value) {
        StringBuilder out = new StringBuilder();
        print(out, value, "", "");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] pretty(Value value) {
        StringBuilder out = new StringBuilder();
        print(out, value, "\n", "  ");
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void print(StringBuilder out, Value value, String line, String indent) {
        switch (value) {
            case Value.Nil nil -> out.append("null");
            case Value.Bool bool -> out.append(bool.value());
            case Value.Num num -> out.append(number(num.value()));
            case Value.Text text -> quote(out, text.value());
            case Value.Arr arr -> {
                out.append('[');
                for (Iterator<Value> items = arr.items().iterator(); items.hasNext(); ) {
                    print(out.append(line).append(indent), items.next(), deeper(line, indent), indent);
                    out.append(items.hasNext() ? "," : line);
                }
                out.append(']');
            }
            case Value.Obj obj -> {
                out.append('{');
                for (Iterator<Map.Entry<String, Value>> all =
                                obj.fields().entrySet().iterator();
                        all.hasNext(); ) {
                    Map.Entry<String, Value> field = all.next();
                    quote(out.append(line).append(indent), field.getKey());
                    print(out.append(indent.isEmpty() ? ":" : ": "), field.getValue(), deeper(line, indent), indent);
                    out.append(all.hasNext() ? "," : line);
                }
                out.append('}');
            }
        }
    }

    private static String deeper(String line, String indent) {
        return line.isEmpty() ? "" : line + indent;
    }

    private static String number(BigDecimal number) {
        int digits = number.precision() - number.scale();
        return digits <= 21 && digits > -6 ? number.toPlainString() : number.toString();
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 32) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(lone(c) ? 0xFFFD : c);
                    }
                }
            }
        });
        out.append('"');
    }

    private static boolean lone(int c) {
        return c >= 0xD800 && c <= 0xDFFF;
    }

    /** Reads one text. */
    private static final class Reader {
        private final String text;
        private int at;
        private int depth;

        Reader(String text) {
            this.text = text;
        }

        Value document() {
            Value value = value();
            white();
            if (at < text.length()) {
                throw invalid("something follows the document");
            }
            return value;
        }

        private Value value() {
            white();
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> new Value.Text(string());
                case 't' -> word("true", Value.bool(true));
                case 'f' -> word("false", Value.bool(false));
                case 'n' -> word("null", Value.nil());
                default -> number();
            };
        }

        private Value word(String word, Value value) {
            if (!text.startsWith(word, at)) {
                throw invalid("not JSON");
            }
            at += word.length();
            return value;
        }

        private Value object() {
            enter();
            Map<String, Value> fields = new LinkedHashMap<>();
            white();
            while (peek() != '}') {
                if (!fields.isEmpty()) {
                    expect(',');
                    white();
                }
                int place = at;
                String key = string();
                white();
                expect(':');
                if (fields.put(key, value()) != null) {
                    at = place;
                    throw invalid("the key \"" + key + "\" is there twice");
                }
                white();
            }
            leave();
            return new Value.Obj(fields);
        }

        private Value array() {
            enter();
            List<Value> items = new ArrayList<>();
            white();
            while (peek() != ']') {
                if (!items.isEmpty()) {
                    expect(',');
                }
                items.add(value());
                white();
            }
            leave();
            return new Value.Arr(items);
        }

        private void enter() {
            at++;
            if (++depth > 64) {
                throw invalid("nested deeper than 64");
            }
        }

        private void leave() {
            at++;
            depth--;
        }

        private String string() {
            expect('"');
            StringBuilder out = new StringBuilder();
            while (peek() != '"') {
                char c = text.charAt(at++);
                if (c < 32) {
                    throw invalid("a control character in a text");
                }
                out.append(c == '\\' ? escaped() : c);
            }
            at++;
            StringBuilder clean = new StringBuilder();
            out.codePoints().forEach(c -> clean.appendCodePoint(lone(c) ? 0xFFFD : c));
            return clean.toString();
        }

        private char escaped() {
            char c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    String hex = text.substring(at, Math.min(text.length(), at + 4));
                    if (!hex.matches("[0-9a-fA-F]{4}")) {
                        throw invalid("four hex digits follow \\u");
                    }
                    at += 4;
                    yield (char) Integer.parseInt(hex, 16);
                }
                default -> throw invalid("no such escape");
            };
        }

        private Value number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String number = text.substring(start, at);
            at = start;
            boolean spelled =
                    number.length() <= 256 && number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,7})?");
            int e = Math.max(number.indexOf('e'), number.indexOf('E'));
            if (!spelled || (e > 0 && Math.abs(Integer.parseInt(number.substring(e + 1))) > 1_000)) {
                throw invalid("not JSON");
            }
            at += number.length();
            return new Value.Num(new BigDecimal(number));
        }

        private void white() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char peek() {
            if (at >= text.length()) {
                throw invalid("the document ends too early");
            }
            return text.charAt(at);
        }

        private void expect(char c) {
            if (peek() != c) {
                throw invalid("not JSON");
            }
            at++;
        }

        private PortException.Refused invalid(String what) {
            String before = text.substring(0, Math.min(at, text.length()));
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            int column = before.length() - before.lastIndexOf('\n');
            return new PortException.Refused("json.invalid", "line " + line + ", column " + column + ": " + what);
        }
    }
}
