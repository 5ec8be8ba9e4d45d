package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprBuiltIns.Entry;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;

/** Built-in functions of numbers. */
final class ExprNumbers {
    private ExprNumbers() {}

    static void add(Map<String, Entry> all) {
        all.put("int", new Entry(ExprKind.INT, "x", 1, ExprNumbers::whole));
        all.put("float", new Entry(ExprKind.FLOAT, "x", 1, ExprNumbers::fraction));
        all.put(
                "abs",
                new Entry(ExprKind.ANY, "n", 1, in -> new Value.Num(in.number(0).abs())));
        all.put("ceil", rounded(RoundingMode.CEILING));
        all.put("floor", rounded(RoundingMode.FLOOR));
        all.put("round", rounded(RoundingMode.HALF_UP));
        all.put("max", new Entry(ExprKind.ANY, "x*", 1, in -> extreme(in, BigDecimal::max)));
        all.put("min", new Entry(ExprKind.ANY, "x*", 1, in -> extreme(in, BigDecimal::min)));
        all.put("mean", new Entry(ExprKind.FLOAT, "x*", 1, ExprNumbers::mean));
        all.put("median", new Entry(ExprKind.FLOAT, "x*", 1, ExprNumbers::median));
        all.put("bitand", bits((a, b) -> a & b));
        all.put("bitor", bits((a, b) -> a | b));
        all.put("bitxor", bits((a, b) -> a ^ b));
        all.put("bitnand", bits((a, b) -> a & ~b));
        all.put("bitnot", new Entry(ExprKind.INT, "n", 1, in -> Value.num(~in.whole(0))));
        all.put("bitshl", shift((a, b) -> b > 63 ? 0 : a << b));
        all.put("bitshr", shift((a, b) -> a >> Math.min(b, 63)));
        all.put("bitushr", shift((a, b) -> b > 63 ? 0 : a >>> b));
    }

    private static Entry rounded(RoundingMode mode) {
        return new Entry(ExprKind.FLOAT, "n", 1, in -> {
            BigDecimal number = in.number(0);
            return new Value.Num(number.scale() <= 0 ? number : number.setScale(0, mode));
        });
    }

    private static Entry bits(LongBinaryOperator both) {
        return new Entry(ExprKind.INT, "nn", 2, in -> Value.num(both.applyAsLong(in.whole(0), in.whole(1))));
    }

    private static Entry shift(LongBinaryOperator both) {
        return new Entry(ExprKind.INT, "nn", 2, in -> {
            if (in.whole(1) < 0) {
                throw in.math().failed("invalid operation: negative shift count " + in.whole(1));
            }
            return Value.num(both.applyAsLong(in.whole(0), in.whole(1)));
        });
    }

    private static Value whole(ExprArguments in) {
        BigDecimal number = switch (in.get(0)) {
            case Value.Num num -> num.value();
            case Value.Text text -> parse(in, text.value(), "[+-]?\\d{1,19}", "int");
            default -> throw in.math().failed("invalid operation: int(" + ExprKind.name(in.get(0)) + ")");
        };
        Value.Num cut = new Value.Num(number.scale() <= 0 ? number : number.setScale(0, RoundingMode.DOWN));
        if (!cut.isLong()) {
            throw in.math().failed("invalid operation: int of a number that is out of range");
        }
        return cut;
    }

    private static Value fraction(ExprArguments in) {
        return switch (in.get(0)) {
            case Value.Num num -> num;
            case Value.Text text ->
                new Value.Num(parse(
                        in,
                        text.value(),
                        "[+-]?(\\d{1,300}\\.?\\d{0,300}|\\.\\d{1,300})([eE][+-]?\\d{1,3})?",
                        "float"));
            default -> throw in.math().failed("invalid operation: float(" + ExprKind.name(in.get(0)) + ")");
        };
    }

    private static BigDecimal parse(ExprArguments in, String text, String form, String name) {
        if (text.length() > 1000 || !text.matches(form)) {
            throw in.math().failed("invalid operation: " + name + "(" + GoText.quote(shown(text)) + ")");
        }
        return new BigDecimal(text);
    }

    private static String shown(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    /** Lists among the arguments count as their items. */
    private static List<BigDecimal> numbers(ExprArguments in) {
        List<BigDecimal> out = new ArrayList<>();
        List<Value> open = new ArrayList<>(in.values().reversed());
        while (!open.isEmpty()) {
            in.budget().spend(1);
            switch (open.removeLast()) {
                case Value.Num num -> out.add(num.value());
                case Value.Arr list -> open.addAll(list.items().reversed());
                case Value other ->
                    throw in.math()
                            .failed("invalid argument for a function of numbers (type " + ExprKind.name(other) + ")");
            }
        }
        return out;
    }

    private static Value extreme(ExprArguments in, BinaryOperator<BigDecimal> better) {
        return numbers(in).stream().reduce(better).<Value>map(Value.Num::new).orElse(Value.nil());
    }

    private static Value mean(ExprArguments in) {
        List<BigDecimal> numbers = numbers(in);
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return numbers.isEmpty()
                ? Value.num(0)
                : new Value.Num(sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL64));
    }

    private static Value median(ExprArguments in) {
        List<BigDecimal> numbers = new ArrayList<>(numbers(in));
        numbers.sort(BigDecimal::compareTo);
        int half = numbers.size() / 2;
        if (numbers.isEmpty()) {
            return Value.num(0);
        }
        return new Value.Num(
                numbers.size() % 2 == 1
                        ? numbers.get(half)
                        : numbers.get(half - 1).add(numbers.get(half)).divide(BigDecimal.TWO, MathContext.DECIMAL64));
    }

    static PortException.Refused refused(String why, Throwable cause) {
        return new PortException.Refused("expression.failed", why, cause);
    }
}
