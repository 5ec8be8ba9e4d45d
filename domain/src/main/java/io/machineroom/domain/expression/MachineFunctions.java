package io.machineroom.domain.expression;

import io.machineroom.domain.expression.TemplateFunctions.Context;
import io.machineroom.domain.expression.TemplateFunctions.Entry;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The functions that templates of machines have besides those of the engine. */
final class MachineFunctions {
    private static final System.Logger LOG = System.getLogger(MachineFunctions.class.getName());

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

    private MachineFunctions() {}

    static Map<String, Entry> added(Map<String, Entry> to) {
        Map<String, Entry> all = new HashMap<>(to);
        all.put("lookup", Entry.of(2, MachineFunctions::lookup));
        all.put("ToUpper", texts(Words::upper));
        all.put("ToLower", texts(Words::lower));
        all.put("Title", texts(Words::title));
        all.put("Capitalize", texts(Words::title));
        all.put("StringsJoin", Entry.of(1, MachineFunctions::join));
        all.put(
                "Base64Encode",
                texts(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        all.put("Base64Decode", texts(MachineFunctions::decode));
        return all;
    }

    private static Entry texts(UnaryOperator<String> change) {
        return Entry.of(1, (context, arguments) -> {
            String text = text(arguments.getFirst());
            context.budget().length(2L * text.length());
            return Value.text(change.apply(text));
        });
    }

    /** Null counts as missing, so that the default has a use there as well. */
    private static Value lookup(Context context, List<Value> arguments) {
        String path = text(arguments.getFirst());
        Optional<Value> found = Lookup.parse(path)
                .in(context.document(), context.budget())
                .filter(value -> !(value instanceof Value.Nil));
        if (found.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, () -> "Query did not match any data, returning default: " + path);
        }
        return found.orElse(arguments.get(1));
    }

    private static Value join(Context context, List<Value> arguments) {
        if (!(arguments.getFirst() instanceof Value.Arr list)) {
            throw failed("wrong type for value; expected []string; got " + Words.type(arguments.getFirst()));
        }
        context.budget().weigh(list);
        return Value.text(list.items().stream()
                .map(item -> Words.print(item, context.budget()))
                .collect(Collectors.joining(", ")));
    }

    private static String decode(String text) {
        String plain = text.replace("\r", "").replace("\n", "");
        try {
            if (plain.length() % 4 == 0) {
                return new String(Base64.getDecoder().decode(plain), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("template.failed", illegal(plain), e);
        }
        throw failed(illegal(plain));
    }

    private static String illegal(String text) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) < 0x80 && BASE64.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return "illegal base64 data at input byte " + at;
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Num number -> Words.number(number.value());
            case Value.Bool bool -> Boolean.toString(bool.value());
            default -> throw failed("wrong type for value; expected string; got " + Words.type(value));
        };
    }

    private static PortException.Refused failed(String message) {
        return new PortException.Refused("template.failed", message);
    }
}
