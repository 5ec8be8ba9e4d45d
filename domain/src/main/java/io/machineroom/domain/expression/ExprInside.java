package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Kind;
import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.data.Value;

/** What is inside of values: members, items and slices. */
record ExprInside(ExprTokens in) {
    /** Whether the bracket that was just opened holds a colon of its own, which no question mark belongs to. */
    boolean slices() {
        int nested = 0;
        int questions = 0;
        for (int i = 0; in.peek(i).kind() != Kind.END; i++) {
            Token token = in.peek(i);
            boolean operator = token.kind() == Kind.OPERATOR;
            if (operator && "([{".contains(token.text())) {
                nested++;
            } else if (operator && ")]}".contains(token.text()) && --nested < 0) {
                return false;
            } else if (token.is("?") && nested == 0) {
                questions++;
            } else if (token.is(":") && nested == 0 && --questions < 0) {
                return true;
            }
        }
        return false;
    }

    /** Part of a list or of a text; negative places count from behind. */
    Value slice(Value of, long start, long end, Budget budget, int at) {
        if (of instanceof Value.Arr list) {
            int[] bounds = ExprCalls.bounds(start, end, list.items().size());
            budget.spend(bounds[1] - bounds[0]);
            return new Value.Arr(list.items().subList(bounds[0], bounds[1]));
        }
        if (of instanceof Value.Text text) {
            int[] bounds = ExprCalls.bounds(start, end, text.value().length());
            budget.length(bounds[1] - bounds[0]);
            return Value.text(text.value().substring(bounds[0], bounds[1]));
        }
        throw in.failed(at, "cannot slice " + ExprKind.name(of));
    }

    /** A missing key is nothing; a place outside of a list is an error. */
    Value fetch(Value of, Value key, int at) {
        if (of instanceof Value.Arr list && key instanceof Value.Num num && num.isLong()) {
            int size = list.items().size();
            long index = num.asLong() < 0 ? size + num.asLong() : num.asLong();
            if (index < 0 || index >= size) {
                throw in.failed(at, "index out of range: " + num.asLong() + " (array length is " + size + ")");
            }
            return list.items().get((int) index);
        }
        if (of instanceof Value.Obj fields && ExprKind.of(of) == ExprKind.MAP) {
            String name =
                    key instanceof Value.Text text ? text.value() : Words.print(key, new Budget("expression.failed"));
            return fields.get(name).orElse(Value.nil());
        }
        String shown = Words.print(key, new Budget("expression.failed"));
        throw in.failed(at, "cannot fetch " + shown + " from " + ExprKind.name(of));
    }
}
