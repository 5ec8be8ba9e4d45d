package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One value inside a template: a literal or a call. */
sealed interface TemplateNode {
    /** Functions and how many arguments they take. */
    Map<String, Integer> FUNCTIONS = Map.of(
            "lookup", 2,
            "ToUpper", 1,
            "ToLower", 1,
            "Title", 1,
            "Capitalize", 1,
            "StringsJoin", 1,
            "Base64Encode", 1,
            "Base64Decode", 1);

    Value value(Value.Obj document);

    /** A text, number or boolean as written. */
    record Literal(Value given) implements TemplateNode {
        @Override
        public Value value(Value.Obj document) {
            return given;
        }
    }

    /** A function with its arguments. */
    record Call(String function, List<TemplateNode> arguments) implements TemplateNode {
        @Override
        public Value value(Value.Obj document) {
            Value first = arguments.getFirst().value(document);
            if (function.equals("lookup")) {
                return Lookup.find(document, text(first))
                        .filter(found -> !(found instanceof Value.Nil))
                        .orElseGet(() -> arguments.get(1).value(document));
            }
            if (function.equals("StringsJoin")) {
                return join(first);
            }
            String text = text(first);
            return Value.text(
                    switch (function) {
                        case "ToUpper" -> text.toUpperCase(Locale.ROOT);
                        case "ToLower" -> text.toLowerCase(Locale.ROOT);
                        case "Base64Encode" ->
                            Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
                        case "Base64Decode" -> decode(text);
                        default -> Words.title(text);
                    });
        }

        private String text(Value value) {
            if (value instanceof Value.Text text) {
                return text.value();
            }
            if (value instanceof Value.Num || value instanceof Value.Bool) {
                return Words.print(value);
            }
            throw new PortException.Refused("template.failed", function + " wants a text");
        }

        private static Value join(Value value) {
            if (!(value instanceof Value.Arr list)) {
                throw new PortException.Refused("template.failed", "StringsJoin wants a list");
            }
            return Value.text(list.items().stream().map(Words::print).collect(Collectors.joining(", ")));
        }

        private static String decode(String text) {
            try {
                return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new PortException.Refused("template.failed", "Base64Decode was given no base64", e);
            }
        }
    }
}
