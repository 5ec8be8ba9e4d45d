package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** The arguments of one call of a built-in function, already of the right kinds. */
record ExprArguments(List<Value> values, Budget budget, ExprMath math) {
    int size() {
        return values.size();
    }

    Value get(int index) {
        return values.get(index);
    }

    String text(int index) {
        if (values.get(index) instanceof Value.Text text) {
            budget.spend(1 + text.value().length() / 64);
            return text.value();
        }
        throw math.failed("a text is missing");
    }

    String text(int index, String fallback) {
        return index < values.size() ? text(index) : fallback;
    }

    BigDecimal number(int index) {
        if (values.get(index) instanceof Value.Num num) {
            return num.value();
        }
        throw math.failed("a number is missing");
    }

    long whole(int index) {
        return math.whole(values.get(index));
    }

    List<Value> list(int index) {
        if (values.get(index) instanceof Value.Arr list) {
            budget.spend(1 + list.items().size());
            return list.items();
        }
        throw math.failed("an array is missing");
    }

    Map<String, Value> map(int index) {
        if (values.get(index) instanceof Value.Obj fields) {
            budget.spend(1 + fields.fields().size());
            return fields.fields();
        }
        throw math.failed("a map is missing");
    }

    /** A text of at most the size that texts may have. */
    Value made(String text) {
        budget.length(text.length());
        return Value.text(text);
    }
}
