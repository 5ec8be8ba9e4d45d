package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What operators do with values. */
final class ExprMath {
    private static final int MAX_DIGITS = 400;
    private static final int MAX_RANGE = 1_000_000;

    private final Budget budget;
    private final Function<String, PortException.Refused> failed;

    ExprMath(Budget budget, Function<String, PortException.Refused> failed) {
        this.budget = budget;
        this.failed = failed;
    }

    Value binary(String operator, Value a, Value b) {
        return switch (operator) {
            case "==" -> Value.bool(same(a, b));
            case "!=" -> Value.bool(!same(a, b));
            case "<" -> Value.bool(compare(operator, a, b) < 0);
            case "<=" -> Value.bool(compare(operator, a, b) <= 0);
            case ">" -> Value.bool(compare(operator, a, b) > 0);
            case ">=" -> Value.bool(compare(operator, a, b) >= 0);
            case "in" -> Value.bool(in(a, b));
            case "contains", "startsWith", "endsWith" -> Value.bool(texts(operator, a, b));
            case ".." -> range(a, b);
            default -> arithmetic(operator, a, b);
        };
    }

    boolean same(Value a, Value b) {
        if (a instanceof Value.Arr || a instanceof Value.Obj) {
            budget.weigh(a);
        }
        return a.equals(b);
    }

    int compare(String operator, Value a, Value b) {
        if (a instanceof Value.Num x && b instanceof Value.Num y) {
            return x.value().compareTo(y.value());
        }
        if (a instanceof Value.Text x && b instanceof Value.Text y) {
            budget.spend(x.value().length() / 64);
            return GoText.compare(x.value(), y.value());
        }
        ZonedDateTime from = ExprTimes.time(a);
        ZonedDateTime to = ExprTimes.time(b);
        if (from != null && to != null) {
            return from.toInstant().compareTo(to.toInstant());
        }
        Duration less = ExprTimes.duration(a);
        Duration more = ExprTimes.duration(b);
        if (less != null && more != null) {
            return less.compareTo(more);
        }
        throw mismatched(operator, a, b);
    }

    private boolean in(Value a, Value b) {
        return switch (b) {
            case Value.Arr list -> {
                budget.spend(list.items().size());
                yield list.items().stream().anyMatch(item -> same(item, a));
            }
            case Value.Obj fields
            when a instanceof Value.Text key -> fields.get(key.value()).isPresent();
            case Value.Obj fields -> fields.get(Words.print(a, budget)).isPresent();
            case Value.Nil nil -> false;
            default -> throw failed.apply("operator \"in\" not defined on " + ExprKind.name(b));
        };
    }

    private boolean texts(String operator, Value a, Value b) {
        if (a instanceof Value.Nil || b instanceof Value.Nil) {
            return false;
        }
        if (!(a instanceof Value.Text text) || !(b instanceof Value.Text part)) {
            throw mismatched(operator, a, b);
        }
        budget.spend(1 + text.value().length() / 64 * (1 + part.value().length() / 64));
        return switch (operator) {
            case "contains" -> text.value().contains(part.value());
            case "startsWith" -> text.value().startsWith(part.value());
            default -> text.value().endsWith(part.value());
        };
    }

    private Value range(Value a, Value b) {
        long from = whole(a);
        long to = whole(b);
        if (to < from) {
            return Value.arr();
        }
        if (to - from >= MAX_RANGE || to - from < 0) {
            throw failed.apply("memory budget exceeded");
        }
        // a number takes more room than a step
        budget.spend(4 * (to - from));
        List<Value> out = new ArrayList<>();
        for (long i = from; i <= to; i++) {
            out.add(Value.num(i));
        }
        return new Value.Arr(out);
    }

    long whole(Value value) {
        if (value instanceof Value.Num num && num.isLong()) {
            return num.asLong();
        }
        throw failed.apply("invalid operation: int(" + ExprKind.name(value) + ")");
    }

    private Value arithmetic(String operator, Value a, Value b) {
        if (a instanceof Value.Num x && b instanceof Value.Num y) {
            return number(numbers(operator, x.value(), y.value()));
        }
        if (operator.equals("+") && a instanceof Value.Text x && b instanceof Value.Text y) {
            budget.length((long) x.value().length() + y.value().length());
            return Value.text(x.value() + y.value());
        }
        try {
            Value times = ExprTimes.arithmetic(operator, a, b);
            if (times != null) {
                return times;
            }
        } catch (java.time.DateTimeException | ArithmeticException e) {
            throw new PortException.Refused("expression.failed", "a time is out of range", e);
        }
        throw mismatched(operator, a, b);
    }

    private BigDecimal numbers(String operator, BigDecimal x, BigDecimal y) {
        return switch (operator) {
            case "+" -> x.add(y);
            case "-" -> x.subtract(y);
            case "*" -> x.multiply(y);
            case "/" -> {
                if (y.signum() == 0) {
                    throw failed.apply("division by zero");
                }
                yield x.divide(y, MathContext.DECIMAL64);
            }
            case "%" -> {
                if (!new Value.Num(x).isLong() || !new Value.Num(y).isLong()) {
                    throw failed.apply("invalid operation: float64 % float64");
                }
                if (y.signum() == 0) {
                    throw failed.apply("integer divide by zero");
                }
                yield x.remainder(y);
            }
            default -> fraction(Math.pow(x.doubleValue(), y.doubleValue()));
        };
    }

    BigDecimal fraction(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw failed.apply("a number is out of range");
        }
        return BigDecimal.valueOf(number);
    }

    /** No number grows without end. */
    Value number(BigDecimal number) {
        budget.spend(1 + number.precision() / 64);
        if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > 10_000) {
            throw failed.apply("a number is out of range");
        }
        return new Value.Num(number);
    }

    PortException.Refused mismatched(String operator, Value a, Value b) {
        return failed.apply("invalid operation: " + ExprKind.name(a) + " " + operator + " " + ExprKind.name(b));
    }

    PortException.Refused failed(String why) {
        return failed.apply(why);
    }
}
