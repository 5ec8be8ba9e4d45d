package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a function with a predicate.
 *
 * @param predicate null when each item is itself what is looked at
 * @param more the third argument
 */
record ExprLoops(
        ExprTokens in,
        Token name,
        ExprCode list,
        @Nullable ExprCode predicate,
        @Nullable ExprCode more) {
    static ExprCode of(
            ExprTokens in, Token name, ExprCode list, @Nullable ExprCode predicate, @Nullable ExprCode more) {
        ExprKind kind = switch (name.text()) {
            case "all", "any", "one", "none" -> ExprKind.BOOL;
            case "count" -> ExprKind.INT;
            case "map", "filter", "sortBy" -> ExprKind.ARRAY;
            case "groupBy" -> ExprKind.MAP;
            default -> ExprKind.ANY;
        };
        ExprLoops loop = new ExprLoops(in, name, list, predicate, more);
        return ExprCode.of(name.at(), kind, loop::run);
    }

    private Value run(ExprFrame frame) {
        if (!(list.eval(frame) instanceof Value.Arr given)) {
            throw in.failed(list.at(), "builtin " + name.text() + " takes only array");
        }
        List<Value> items = given.items();
        frame.budget().spend(items.size());
        return switch (name.text()) {
            case "all" -> Value.bool(search(frame, items, false, true) < 0);
            case "any" -> Value.bool(search(frame, items, true, true) >= 0);
            case "none" -> Value.bool(search(frame, items, true, true) < 0);
            case "one" -> Value.bool(count(frame, items) == 1);
            case "count" -> Value.num(count(frame, items));
            case "find", "findLast" -> {
                int at = search(frame, items, true, name.text().equals("find"));
                yield at < 0 ? Value.nil() : items.get(at);
            }
            case "findIndex", "findLastIndex" -> {
                int at = search(frame, items, true, name.text().equals("findIndex"));
                yield at < 0 ? Value.nil() : Value.num(at);
            }
            case "filter" -> filter(frame, items);
            case "map" -> new Value.Arr(mapped(frame, items));
            case "sum" -> sum(frame, items);
            case "groupBy" -> groups(frame, items);
            case "sortBy" -> sorted(frame, items);
            default -> reduce(frame, items);
        };
    }

    private Value each(ExprFrame frame, List<Value> items, int at) {
        return predicate == null ? items.get(at) : predicate.eval(frame.with(items.get(at), at, Value.nil()));
    }

    private boolean holds(ExprFrame frame, List<Value> items, int at) {
        Value value = each(frame, items, at);
        if (value instanceof Value.Bool bool) {
            return bool.value();
        }
        throw in.failed(name.at(), "predicate should return boolean (got " + ExprKind.name(value) + ")");
    }

    private int search(ExprFrame frame, List<Value> items, boolean wanted, boolean fromStart) {
        for (int i = 0; i < items.size(); i++) {
            int at = fromStart ? i : items.size() - 1 - i;
            if (holds(frame, items, at) == wanted) {
                return at;
            }
        }
        return -1;
    }

    private int count(ExprFrame frame, List<Value> items) {
        int count = 0;
        for (int i = 0; i < items.size(); i++) {
            count += holds(frame, items, i) ? 1 : 0;
        }
        return count;
    }

    private Value filter(ExprFrame frame, List<Value> items) {
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (holds(frame, items, i)) {
                out.add(items.get(i));
            }
        }
        return new Value.Arr(out);
    }

    private List<Value> mapped(ExprFrame frame, List<Value> items) {
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            out.add(each(frame, items, i));
            frame.budget().weigh(out.getLast());
        }
        return out;
    }

    private Value sum(ExprFrame frame, List<Value> items) {
        ExprMath math = math(frame);
        Value sum = Value.num(0);
        for (Value item : mapped(frame, items)) {
            sum = math.binary("+", sum, item);
        }
        return sum;
    }

    private ExprMath math(ExprFrame frame) {
        return new ExprMath(frame.budget(), why -> in.failed(name.at(), why));
    }

    private Value groups(ExprFrame frame, List<Value> items) {
        Map<String, List<Value>> groups = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String key = Words.print(each(frame, items, i), frame.budget());
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(items.get(i));
        }
        Map<String, Value> out = new LinkedHashMap<>();
        groups.forEach((key, group) -> out.put(key, new Value.Arr(group)));
        return Value.obj(out);
    }

    private Value sorted(ExprFrame frame, List<Value> items) {
        List<Value> keys = mapped(frame, items);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            order.add(i);
        }
        ExprMath math = math(frame);
        Comparator<Integer> by = (a, b) -> {
            frame.budget().spend(1);
            return math.compare("<", keys.get(a), keys.get(b));
        };
        order.sort(ExprCalls.descending(more == null ? null : more.eval(frame), math) ? by.reversed() : by);
        return new Value.Arr(order.stream().map(items::get).toList());
    }

    private Value reduce(ExprFrame frame, List<Value> items) {
        if (predicate == null || (more == null && items.isEmpty())) {
            throw in.failed(name.at(), "reduce of an empty array without a start");
        }
        Value sum = more == null ? items.getFirst() : more.eval(frame);
        for (int i = more == null ? 1 : 0; i < items.size(); i++) {
            sum = predicate.eval(frame.with(items.get(i), i, sum));
            frame.budget().weigh(sum);
        }
        return sum;
    }
}
