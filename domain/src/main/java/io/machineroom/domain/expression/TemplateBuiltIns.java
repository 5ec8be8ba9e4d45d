package io.machineroom.domain.expression;

import io.machineroom.domain.expression.TemplateFunctions.Context;
import io.machineroom.domain.expression.TemplateFunctions.Entry;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions of the template engine itself; {@code and} and {@code or} are evaluated by {@link TemplateRun}. */
final class TemplateBuiltIns {
    private TemplateBuiltIns() {}

    static Map<String, Entry> entries() {
        Map<String, Entry> all = new HashMap<>();
        all.put("and", Entry.atLeast(1, (context, given) -> given.getLast()));
        all.put("or", Entry.atLeast(1, (context, given) -> given.getLast()));
        all.put("not", Entry.of(1, (context, given) -> Value.bool(!isTrue(given.getFirst()))));
        all.put("len", Entry.of(1, (context, given) -> length(given.getFirst())));
        all.put("index", Entry.atLeast(1, (context, given) -> index(given)));
        all.put("slice", Entry.atLeast(1, (context, given) -> slice(given)));
        all.put("print", Entry.atLeast(0, (context, given) -> Value.text(GoFormat.print(given, context.budget()))));
        all.put("println", Entry.atLeast(0, (context, given) -> Value.text(GoFormat.println(given, context.budget()))));
        all.put("printf", Entry.atLeast(1, TemplateBuiltIns::printf));
        all.put("html", Entry.atLeast(0, (context, given) -> escaped(context, given, TemplateBuiltIns::html)));
        all.put("js", Entry.atLeast(0, (context, given) -> escaped(context, given, TemplateBuiltIns::script)));
        all.put(
                "urlquery",
                Entry.atLeast(0, (context, given) -> Value.text(url(GoFormat.print(given, context.budget())))));
        all.put("call", Entry.atLeast(1, (context, given) -> {
            throw failed("non-function of type " + Words.type(given.getFirst()));
        }));
        all.put("eq", Entry.atLeast(1, (context, given) -> Value.bool(equalsAny(given))));
        all.put("ne", Entry.of(2, (context, given) -> Value.bool(!same(given.get(0), given.get(1)))));
        all.put("lt", Entry.of(2, (context, given) -> Value.bool(compare(given) < 0)));
        all.put("le", Entry.of(2, (context, given) -> Value.bool(compare(given) <= 0)));
        all.put("gt", Entry.of(2, (context, given) -> Value.bool(compare(given) > 0)));
        all.put("ge", Entry.of(2, (context, given) -> Value.bool(compare(given) >= 0)));
        return all;
    }

    static boolean isTrue(Value value) {
        return switch (value) {
            case Value.Nil nil -> false;
            case Value.Bool bool -> bool.value();
            case Value.Num num -> num.value().signum() != 0;
            case Value.Text text -> !text.value().isEmpty();
            case Value.Arr list -> !list.items().isEmpty();
            case Value.Obj fields -> !fields.fields().isEmpty();
        };
    }

    private static Value printf(Context context, List<Value> given) {
        if (given.getFirst() instanceof Value.Text format) {
            return Value.text(new GoFormat(format.value(), given.subList(1, given.size()), context.budget()).format());
        }
        throw failed("wrong type for value; expected string; got " + Words.type(given.getFirst()));
    }

    /** Texts are measured in bytes. */
    private static Value length(Value value) {
        return switch (value) {
            case Value.Text text -> Value.num(text.value().getBytes(StandardCharsets.UTF_8).length);
            case Value.Arr list -> Value.num(list.items().size());
            case Value.Obj fields -> Value.num(fields.fields().size());
            default -> throw failed("len of type " + Words.type(value));
        };
    }

    private static Value index(List<Value> given) {
        Value at = given.getFirst();
        for (Value key : given.subList(1, given.size())) {
            at = switch (at) {
                case Value.Obj fields
                when key instanceof Value.Text name -> fields.get(name.value()).orElse(Value.nil());
                case Value.Arr list -> list.items().get(place(key, list.items().size() - 1));
                case Value.Text text -> {
                    byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
                    yield Value.num(bytes[place(key, bytes.length - 1)] & 0xff);
                }
                case Value.Nil nil -> throw failed("index of untyped nil");
                case Value.Obj fields -> throw failed("value has type " + Words.type(key) + "; should be string");
                default -> throw failed("can't index item of type " + Words.type(at));
            };
        }
        return at;
    }

    private static int place(Value index, int most) {
        if (!(index instanceof Value.Num num) || !num.isLong()) {
            throw failed("cannot index slice/array with type " + Words.type(index));
        }
        if (num.asLong() < 0 || num.asLong() > most) {
            throw failed("index out of range: " + num.asLong());
        }
        return (int) num.asLong();
    }

    private static Value slice(List<Value> given) {
        if (given.size() > 4) {
            throw failed("too many slice indexes: " + (given.size() - 1));
        }
        boolean list = given.getFirst() instanceof Value.Arr;
        byte[] bytes = given.getFirst() instanceof Value.Text text
                ? text.value().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        if (!list && !(given.getFirst() instanceof Value.Text)) {
            throw failed("can't slice item of type " + Words.type(given.getFirst()));
        }
        if (!list && given.size() == 4) {
            throw failed("cannot 3-index slice a string");
        }
        List<Value> items = given.getFirst() instanceof Value.Arr arr ? arr.items() : List.of();
        int size = list ? items.size() : bytes.length;
        int from = given.size() > 1 ? place(given.get(1), size) : 0;
        int to = given.size() > 2 ? place(given.get(2), size) : size;
        int most = given.size() > 3 ? place(given.get(3), size) : size;
        if (from > to || to > most) {
            throw failed("invalid slice index: " + from + " > " + to);
        }
        return list
                ? new Value.Arr(items.subList(from, to))
                : Value.text(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    private static boolean equalsAny(List<Value> given) {
        if (given.size() < 2) {
            throw failed("missing argument for comparison");
        }
        return given.subList(1, given.size()).stream().anyMatch(other -> same(given.getFirst(), other));
    }

    private static boolean same(Value a, Value b) {
        if (a instanceof Value.Arr || a instanceof Value.Obj || b instanceof Value.Arr || b instanceof Value.Obj) {
            throw failed("non-comparable type " + Words.type(a instanceof Value.Arr || a instanceof Value.Obj ? a : b));
        }
        boolean comparable = a.getClass() == b.getClass() || a instanceof Value.Nil || b instanceof Value.Nil;
        if (!comparable) {
            throw failed("incompatible types for comparison");
        }
        return a.equals(b);
    }

    private static int compare(List<Value> given) {
        Value a = given.get(0);
        Value b = given.get(1);
        if (a instanceof Value.Num x && b instanceof Value.Num y) {
            return x.value().compareTo(y.value());
        }
        if (a instanceof Value.Text x && b instanceof Value.Text y) {
            return GoText.compare(x.value(), y.value());
        }
        boolean basic = (a instanceof Value.Num || a instanceof Value.Text)
                && (b instanceof Value.Num || b instanceof Value.Text);
        throw failed(basic ? "incompatible types for comparison" : "invalid type for comparison");
    }

    /** What replaces one character; null when it stays. */
    private interface Escape {
        @org.jspecify.annotations.Nullable String of(char c);
    }

    private static Value escaped(Context context, List<Value> given, Escape escape) {
        String text = GoFormat.print(given, context.budget());
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            String replaced = escape.of(text.charAt(i));
            out.append(replaced == null ? String.valueOf(text.charAt(i)) : replaced);
        }
        context.budget().grown(out.length());
        return Value.text(out.toString());
    }

    private static @org.jspecify.annotations.Nullable String html(char c) {
        return switch (c) {
            case '"' -> "&#34;";
            case '\'' -> "&#39;";
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case 0 -> "\uFFFD";
            default -> null;
        };
    }

    private static @org.jspecify.annotations.Nullable String script(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\'' -> "\\'";
            case '"' -> "\\\"";
            case '<', '>', '&', '=' -> String.format("\\u%04X", (int) c);
            default -> c < ' ' ? String.format("\\u%04X", (int) c) : null;
        };
    }

    private static String url(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : c == ' ' ? "+" : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }

    private static PortException.Refused failed(String message) {
        return new PortException.Refused("template.failed", message);
    }
}
