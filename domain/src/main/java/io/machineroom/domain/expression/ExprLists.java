package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprBuiltIns.Entry;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Built-in functions of lists and maps. */
final class ExprLists {
    private ExprLists() {}

    static void add(Map<String, Entry> all) {
        all.put("len", new Entry(ExprKind.INT, "l", 1, ExprLists::length));
        all.put("type", new Entry(ExprKind.STRING, "x", 1, in -> Value.text(type(in.get(0)))));
        all.put(
                "first",
                any("a", in -> in.list(0).isEmpty() ? Value.nil() : in.list(0).getFirst()));
        all.put(
                "last",
                any("a", in -> in.list(0).isEmpty() ? Value.nil() : in.list(0).getLast()));
        all.put("get", new Entry(ExprKind.ANY, "xx", 2, ExprLists::get));
        all.put("take", list("an", 2, ExprLists::take));
        all.put("reverse", list("a", 1, in -> new Value.Arr(in.list(0).reversed())));
        all.put("concat", list("a*", 1, ExprLists::concat));
        all.put("flatten", list("a", 1, in -> new Value.Arr(flat(in.list(0), new ArrayList<>(), in.budget()))));
        all.put("uniq", list("a", 1, ExprLists::unique));
        all.put("sort", list("as", 1, ExprLists::sort));
        all.put("keys", list("m", 1, in -> Value.texts(List.copyOf(in.map(0).keySet()))));
        all.put("values", list("m", 1, in -> new Value.Arr(List.copyOf(in.map(0).values()))));
        all.put(
                "toPairs",
                list(
                        "m",
                        1,
                        in -> new Value.Arr(in.map(0).entrySet().stream()
                                .<Value>map(field -> Value.arr(Value.text(field.getKey()), field.getValue()))
                                .toList())));
        all.put("fromPairs", new Entry(ExprKind.MAP, "a", 1, ExprLists::fromPairs));
    }

    private static Entry any(String wants, ExprBuiltIns.Body body) {
        return new Entry(ExprKind.ANY, wants, 1, body);
    }

    private static Entry list(String wants, int least, ExprBuiltIns.Body body) {
        return new Entry(ExprKind.ARRAY, wants, least, body);
    }

    private static Value length(ExprArguments in) {
        return Value.num(
                switch (in.get(0)) {
                    case Value.Text text ->
                        text.value().codePointCount(0, text.value().length());
                    case Value.Arr list -> list.items().size();
                    case Value.Obj fields -> fields.fields().size();
                    default -> throw in.math().failed("invalid argument for len");
                });
    }

    private static String type(Value value) {
        return switch (ExprKind.of(value)) {
            case NIL -> "nil";
            case BOOL -> "bool";
            case INT -> "int";
            case FLOAT -> "float";
            case STRING -> "string";
            case ARRAY -> "array";
            case MAP -> "map";
            case TIME -> "time.Time";
            case DURATION -> "time.Duration";
            case ZONE -> "time.Location";
            case ANY -> "unknown";
        };
    }

    /** Nothing instead of an error when there is no such key or place. */
    private static Value get(ExprArguments in) {
        Value key = in.get(1);
        return switch (in.get(0)) {
            case Value.Obj fields
            when key instanceof Value.Text name -> fields.get(name.value()).orElse(Value.nil());
            case Value.Arr list
            when key instanceof Value.Num num && num.isLong() -> {
                int size = list.items().size();
                long at = num.asLong() < 0 ? size + num.asLong() : num.asLong();
                yield at < 0 || at >= size ? Value.nil() : list.items().get((int) at);
            }
            default -> Value.nil();
        };
    }

    private static Value take(ExprArguments in) {
        List<Value> items = in.list(0);
        long count = in.whole(1);
        if (count < 0) {
            throw in.math().failed("cannot take " + count + " elements");
        }
        return new Value.Arr(items.subList(0, (int) Math.min(count, items.size())));
    }

    private static Value concat(ExprArguments in) {
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            out.addAll(in.list(i));
        }
        return new Value.Arr(out);
    }

    private static List<Value> flat(List<Value> items, List<Value> out, Budget budget) {
        for (Value item : items) {
            budget.spend(1);
            if (item instanceof Value.Arr inner) {
                flat(inner.items(), out, budget);
            } else {
                out.add(item);
            }
        }
        return out;
    }

    private static Value unique(ExprArguments in) {
        in.list(0).forEach(in.budget()::weigh);
        return new Value.Arr(List.copyOf(new LinkedHashSet<>(in.list(0))));
    }

    private static Value sort(ExprArguments in) {
        List<Value> out = new ArrayList<>(in.list(0));
        boolean descending = ExprCalls.descending(in.size() > 1 ? in.get(1) : null, in.math());
        out.sort((a, b) -> {
            in.budget().spend(1);
            return descending ? in.math().compare("<", b, a) : in.math().compare("<", a, b);
        });
        return new Value.Arr(out);
    }

    private static Value fromPairs(ExprArguments in) {
        Map<String, Value> out = new LinkedHashMap<>();
        for (Value pair : in.list(0)) {
            if (!(pair instanceof Value.Arr two) || two.items().size() != 2) {
                throw in.math().failed("a pair must be an array of two");
            }
            out.put(
                    Words.print(two.items().getFirst(), in.budget()),
                    two.items().getLast());
        }
        return Value.obj(out);
    }
}
