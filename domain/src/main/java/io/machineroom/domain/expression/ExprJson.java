package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.Map;

/** JSON as {@code toJSON} writes it: indented by two, keys in order. */
final class ExprJson {
    private ExprJson() {}

    static String write(Value value, Budget budget) {
        StringBuilder out = new StringBuilder();
        write(out, value, "\n", budget);
        return out.toString();
    }

    private static void write(StringBuilder out, Value value, String line, Budget budget) {
        budget.grown((long) out.length() + line.length());
        String inner = line + "  ";
        switch (value) {
            case Value.Arr list
            when !list.items().isEmpty() -> {
                String before = "[";
                for (Value item : list.items()) {
                    out.append(before).append(inner);
                    write(out, item, inner, budget);
                    before = ",";
                }
                out.append(line).append(']');
            }
            case Value.Obj fields
            when !fields.fields().isEmpty() -> {
                String before = "{";
                for (Map.Entry<String, Value> field : Words.sorted(fields).entrySet()) {
                    out.append(before).append(inner);
                    out.append(scalar(Value.text(field.getKey()), budget)).append(": ");
                    write(out, field.getValue(), inner, budget);
                    before = ",";
                }
                out.append(line).append('}');
            }
            default -> out.append(scalar(value, budget));
        }
    }

    /** Angle brackets and ampersands are escaped, as Go does for pages that hold JSON. */
    private static String scalar(Value value, Budget budget) {
        return JsonText.write(value, budget)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }
}
