package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A part of an expression. */
sealed interface ExpressionNode {
    /** Functions that are always there. */
    Set<String> BUILT_INS = Set.of("len", "lower", "upper", "trim", "int", "float", "string", "hasPrefix", "hasSuffix");

    Value eval(Scope scope);

    /** As written. */
    record Literal(Value given) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            return given;
        }
    }

    /** A value of the scope. */
    record Name(String name) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            return scope.value(name);
        }
    }

    /** A list. */
    record Items(List<ExpressionNode> items) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            return new Value.Arr(items.stream().map(i -> i.eval(scope)).toList());
        }
    }

    /** Negation of a boolean. */
    record Not(ExpressionNode inner) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            return Value.bool(!bool(inner.eval(scope)));
        }
    }

    /** One of two. */
    record Ternary(ExpressionNode condition, ExpressionNode yes, ExpressionNode no) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            return bool(condition.eval(scope)) ? yes.eval(scope) : no.eval(scope);
        }
    }

    /** Something inside something: a missing key is nil, going below nil is an error unless optional. */
    record Member(ExpressionNode of, ExpressionNode index, boolean optional) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            Value value = of.eval(scope);
            Value key = index.eval(scope);
            return switch (value) {
                case Value.Obj fields
                when key instanceof Value.Text t -> fields.get(t.value()).orElse(Value.nil());
                case Value.Arr list when key instanceof Value.Num n && n.isLong() -> item(list, n.asLong());
                case Value.Nil nil when optional || (of instanceof Member m && m.optional()) -> nil;
                default -> throw failed("cannot get " + Words.print(key, new Budget("expression.failed")) + " from " + Expression.kind(value));
            };
        }

        private static Value item(Value.Arr list, long index) {
            long at = index < 0 ? list.items().size() + index : index;
            if (at < 0 || at >= list.items().size()) {
                throw failed("index out of range: " + index);
            }
            return list.items().get((int) at);
        }
    }

    /** A function. */
    record Call(String function, boolean ofScope, List<ExpressionNode> arguments) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            List<Value> given = arguments.stream().map(a -> a.eval(scope)).toList();
            if (ofScope) {
                return scope.call(function, given);
            }
            int wanted = function.startsWith("has") ? 2 : 1;
            if (given.size() != wanted) {
                throw failed(function + " wants " + wanted + " arguments, got " + given.size());
            }
            Value first = given.getFirst();
            return switch (function) {
                case "len" -> length(first);
                case "lower" -> Value.text(text(first).toLowerCase(Locale.ROOT));
                case "upper" -> Value.text(text(first).toUpperCase(Locale.ROOT));
                case "trim" -> Value.text(text(first).strip());
                case "int" -> new Value.Num(convert(first).setScale(0, RoundingMode.DOWN));
                case "float" -> new Value.Num(convert(first));
                case "hasPrefix" -> Value.bool(text(first).startsWith(text(given.get(1))));
                case "hasSuffix" -> Value.bool(text(first).endsWith(text(given.get(1))));
                default -> Value.text(Words.print(first, new Budget("expression.failed")));
            };
        }

        private static Value length(Value value) {
            return Value.num(
                    switch (value) {
                        case Value.Text t ->
                            (long) t.value().codePointCount(0, t.value().length());
                        case Value.Arr a -> (long) a.items().size();
                        case Value.Obj o -> (long) o.fields().size();
                        default -> throw failed("len of " + Expression.kind(value));
                    });
        }

        private static BigDecimal convert(Value value) {
            if (value instanceof Value.Text t && t.value().matches("[+-]?\\d{1,30}(\\.\\d{1,30})?")) {
                return new BigDecimal(t.value());
            }
            return number(value);
        }
    }

    /** Two sides. */
    record Binary(String operator, ExpressionNode left, ExpressionNode right) implements ExpressionNode {
        @Override
        public Value eval(Scope scope) {
            Value a = left.eval(scope);
            return switch (operator) {
                case "&&", "and" -> Value.bool(bool(a) && bool(right.eval(scope)));
                case "||", "or" -> Value.bool(bool(a) || bool(right.eval(scope)));
                case "??" -> a instanceof Value.Nil ? right.eval(scope) : a;
                default -> both(a, right.eval(scope));
            };
        }

        private Value both(Value a, Value b) {
            return switch (operator) {
                case "==" -> Value.bool(a.equals(b));
                case "!=" -> Value.bool(!a.equals(b));
                case "<" -> Value.bool(compare(a, b) < 0);
                case "<=" -> Value.bool(compare(a, b) <= 0);
                case ">" -> Value.bool(compare(a, b) > 0);
                case ">=" -> Value.bool(compare(a, b) >= 0);
                case "in" -> Value.bool(in(a, b));
                case "contains" -> Value.bool(text(a).contains(text(b)));
                case "startsWith" -> Value.bool(text(a).startsWith(text(b)));
                case "endsWith" -> Value.bool(text(a).endsWith(text(b)));
                case "matches" -> Value.bool(matches(text(b), text(a)));
                case "+" ->
                    a instanceof Value.Text t
                            ? Value.text(t.value() + text(b))
                            : new Value.Num(number(a).add(number(b)));
                case "-" -> new Value.Num(number(a).subtract(number(b)));
                case "*" -> new Value.Num(number(a).multiply(number(b), MathContext.DECIMAL128));
                case "%" -> new Value.Num(number(a).remainder(divisor(b)));
                default -> new Value.Num(number(a).divide(divisor(b), MathContext.DECIMAL128));
            };
        }

        private static int compare(Value a, Value b) {
            if (a instanceof Value.Text x && b instanceof Value.Text y) {
                return x.value().compareTo(y.value());
            }
            return number(a).compareTo(number(b));
        }

        private static boolean in(Value a, Value b) {
            return switch (b) {
                case Value.Arr list -> list.items().contains(a);
                case Value.Obj fields -> fields.get(text(a)).isPresent();
                case Value.Nil nil -> false;
                default -> throw failed("cannot look for something in " + Expression.kind(b));
            };
        }

        private static BigDecimal divisor(Value value) {
            BigDecimal number = number(value);
            if (number.signum() == 0) {
                throw failed("division by zero");
            }
            return number;
        }
    }

    /** Unanchored match in RE2's spelling. */
    static boolean matches(String expression, String text) {
        try {
            return Pattern.compile(expression.replace("(?P<", "(?<"))
                    .matcher(text)
                    .find();
        } catch (PatternSyntaxException e) {
            throw new PortException.Refused("expression.failed", "bad regular expression: " + e.getDescription(), e);
        }
    }

    private static boolean bool(Value value) {
        if (value instanceof Value.Bool bool) {
            return bool.value();
        }
        throw failed("expected bool, but got " + Expression.kind(value));
    }

    private static String text(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw failed("expected string, but got " + Expression.kind(value));
    }

    private static BigDecimal number(Value value) {
        if (value instanceof Value.Num number) {
            if (Math.abs(number.value().scale()) > 1_000) {
                throw failed("a number is too large");
            }
            return number.value();
        }
        throw failed("expected number, but got " + Expression.kind(value));
    }

    private static PortException.Refused failed(String what) {
        return new PortException.Refused("expression.failed", what);
    }
}
