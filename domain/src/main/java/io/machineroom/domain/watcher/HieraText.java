package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Expression;
import io.machineroom.domain.expression.GoText;
import io.machineroom.domain.expression.Lookup;
import io.machineroom.domain.expression.Scope;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts of hierarchical data with <code>{{ lookup('facts.role') }}</code> or <code>${ … }</code> in them. A text that is
 * nothing but one expression becomes its value, of whatever kind; what is not found is an empty text.
 */
final class HieraText {
    private final Value.Obj document;
    private final Scope scope;

    HieraText(Value.Obj facts) {
        this.document = Value.obj("facts", facts);
        this.scope = Scope.empty().withFunction("lookup", this::lookup);
    }

    private record Part(String text, boolean expression) {}

    /** The name that an entry of the order stands for; empty when one of its expressions is. */
    Optional<String> name(String entry) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts(entry)) {
            String text = part.expression ? print(evaluate(part.text)) : part.text;
            if (part.expression && text.isEmpty()) {
                return Optional.empty();
            }
            out.append(text);
        }
        return Optional.of(out.toString());
    }

    /** A value with its expressions filled in. */
    Value value(String text) {
        List<Part> parts = parts(text);
        if (parts.size() == 1 && parts.getFirst().expression) {
            return evaluate(parts.getFirst().text);
        }
        StringBuilder out = new StringBuilder();
        parts.forEach(part -> out.append(part.expression ? print(evaluate(part.text)) : part.text));
        return Value.text(out.toString());
    }

    private static List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int braces = text.indexOf("{{", at);
            int dollar = text.indexOf("${", at);
            boolean double0 = braces >= 0 && (dollar < 0 || braces < dollar);
            int open = double0 ? braces : dollar;
            String end = double0 ? "}}" : "}";
            int close = open < 0 ? -1 : text.indexOf(end, open + 2);
            if (close < 0) {
                parts.add(new Part(text.substring(at), false));
                return parts;
            }
            if (open > at) {
                parts.add(new Part(text.substring(at, open), false));
            }
            parts.add(new Part(text.substring(open + 2, close), true));
            at = close + end.length();
        }
        return parts;
    }

    private Value evaluate(String expression) {
        try {
            Value value = Expression.parseAny(GoText.trim(expression), scope).value(scope);
            return value instanceof Value.Nil ? Value.text("") : value;
        } catch (PortException.Refused e) {
            throw Hiera.refused("'" + GoText.trim(expression) + "': " + e.getMessage());
        }
    }

    private Value lookup(List<Value> arguments) {
        boolean fits = arguments.size() == 1 || arguments.size() == 2;
        if (!fits || !(arguments.getFirst() instanceof Value.Text query)) {
            throw new PortException.Refused("expression.failed", "lookup wants a path and may have a default");
        }
        return Lookup.find(document, query.value())
                .filter(value -> !(value instanceof Value.Nil))
                .orElse(arguments.size() == 2 ? arguments.get(1) : Value.text(""));
    }

    private static String print(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Num number -> number.value().toPlainString();
            case Value.Bool bool -> Boolean.toString(bool.value());
            case Value.Nil nil -> "";
            default -> throw Hiera.refused("a list or map cannot be part of a text");
        };
    }
}
