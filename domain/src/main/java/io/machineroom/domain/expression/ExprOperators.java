package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.data.Value;

/** Checks the kinds of both sides of an operator, and makes its code. */
final class ExprOperators {
    private final ExprTokens in;

    ExprOperators(ExprTokens in) {
        this.in = in;
    }

    ExprCode not(int at, ExprCode inner) {
        if (!inner.kind().may(ExprKind.BOOL)) {
            throw in.invalid(at, "invalid operation: ! (mismatched type " + inner.kind() + ")");
        }
        return ExprCode.of(at, ExprKind.BOOL, frame -> Value.bool(!bool(inner, frame)));
    }

    ExprCode sign(int at, String sign, ExprCode inner) {
        if (inner.kind() != ExprKind.ANY && !inner.kind().isNumber()) {
            throw in.invalid(at, "invalid operation: " + sign + " (mismatched type " + inner.kind() + ")");
        }
        Value constant = inner.constant();
        if (constant instanceof Value.Num num) {
            return ExprCode.constant(
                    at,
                    inner.kind(),
                    sign.equals("-") ? new Value.Num(num.value().negate()) : num);
        }
        return ExprCode.of(at, inner.kind(), frame -> {
            if (inner.eval(frame) instanceof Value.Num num) {
                return sign.equals("-") ? new Value.Num(num.value().negate()) : num;
            }
            throw in.failed(at, "invalid operation: " + sign + " " + inner.kind());
        });
    }

    ExprCode choice(int at, ExprCode condition, ExprCode yes, ExprCode no) {
        if (!condition.kind().may(ExprKind.BOOL)) {
            throw in.invalid(at, "non-bool expression (type " + condition.kind() + ") used as condition");
        }
        ExprKind kind = yes.kind() == no.kind() ? yes.kind() : ExprKind.ANY;
        return ExprCode.of(at, kind, frame -> bool(condition, frame) ? yes.eval(frame) : no.eval(frame));
    }

    private boolean bool(ExprCode code, ExprFrame frame) {
        Value value = code.eval(frame);
        if (value instanceof Value.Bool bool) {
            return bool.value();
        }
        throw in.failed(code.at(), "invalid operation: bool(" + ExprKind.name(value) + ")");
    }

    ExprCode binary(Token token, ExprCode left, ExprCode right) {
        String operator = token.text();
        int at = token.at();
        ExprKind kind = kind(operator, left.kind(), right.kind());
        if (kind == null) {
            throw in.invalid(
                    at,
                    "invalid operation: " + operator + " (mismatched types " + left.kind() + " and " + right.kind()
                            + ")");
        }
        return ExprCode.of(
                at,
                kind,
                switch (operator) {
                    case "&&", "and" -> frame -> Value.bool(bool(left, frame) && bool(right, frame));
                    case "||", "or" -> frame -> Value.bool(bool(left, frame) || bool(right, frame));
                    case "??" ->
                        frame -> {
                            Value value = left.eval(frame);
                            return value instanceof Value.Nil ? right.eval(frame) : value;
                        };
                    case "matches" -> matches(at, left, right);
                    default ->
                        frame -> {
                            ExprMath math = new ExprMath(frame.budget(), why -> in.failed(at, why));
                            return math.binary(operator, left.eval(frame), right.eval(frame));
                        };
                });
    }

    /** A constant expression is read once, and a wrong one is told when the whole is read. */
    private ExprCode.Run matches(int at, ExprCode text, ExprCode pattern) {
        if (pattern.constant() instanceof Value.Text constant) {
            Regex regex = Regex.parse(constant.value());
            return frame -> text.eval(frame) instanceof Value.Text given
                    ? Value.bool(regex.find(given.value(), frame.budget()))
                    : Value.bool(false);
        }
        return frame -> {
            Value given = text.eval(frame);
            Value regex = pattern.eval(frame);
            if (given instanceof Value.Nil || regex instanceof Value.Nil) {
                return Value.bool(false);
            }
            if (given instanceof Value.Text t && regex instanceof Value.Text r) {
                return Value.bool(Regex.parse(r.value(), "expression.failed").find(t.value(), frame.budget()));
            }
            throw in.failed(at, "invalid operation: " + ExprKind.name(given) + " matches " + ExprKind.name(regex));
        };
    }

    /** What an operator answers; null when it is not for these kinds. */
    private static @org.jspecify.annotations.Nullable ExprKind kind(String operator, ExprKind a, ExprKind b) {
        boolean any = a == ExprKind.ANY || b == ExprKind.ANY;
        boolean numbers = number(a) && number(b);
        return switch (operator) {
            case "&&", "and", "||", "or" -> a.may(ExprKind.BOOL) && b.may(ExprKind.BOOL) ? ExprKind.BOOL : null;
            case "==", "!=" -> any || a == ExprKind.NIL || b == ExprKind.NIL || a.may(b) ? ExprKind.BOOL : null;
            case "<", "<=", ">", ">=" -> ordered(a) && ordered(b) && (any || a.may(b)) ? ExprKind.BOOL : null;
            case "in" ->
                b == ExprKind.ANY || b == ExprKind.ARRAY || b == ExprKind.MAP || b == ExprKind.NIL
                        ? ExprKind.BOOL
                        : null;
            case "contains", "startsWith", "endsWith", "matches" ->
                a.may(ExprKind.STRING) && b.may(ExprKind.STRING) ? ExprKind.BOOL : null;
            case ".." -> a.may(ExprKind.INT) && b.may(ExprKind.INT) ? ExprKind.ARRAY : null;
            case "??" -> a == b ? a : a == ExprKind.NIL ? b : ExprKind.ANY;
            case "%" -> numbers && a != ExprKind.FLOAT && b != ExprKind.FLOAT ? ExprKind.INT : null;
            case "/", "**", "^" -> numbers ? ExprKind.FLOAT : null;
            default -> sum(operator, a, b);
        };
    }

    private static @org.jspecify.annotations.Nullable ExprKind sum(String operator, ExprKind a, ExprKind b) {
        if (a == ExprKind.ANY || b == ExprKind.ANY) {
            ExprKind known = a == ExprKind.ANY ? b : a;
            boolean texts = operator.equals("+") && known == ExprKind.STRING;
            boolean times = known == ExprKind.TIME || known == ExprKind.DURATION;
            return number(known) || texts || times ? ExprKind.ANY : null;
        }
        if (a.isNumber() && b.isNumber()) {
            return a == ExprKind.INT && b == ExprKind.INT ? ExprKind.INT : ExprKind.FLOAT;
        }
        boolean plus = operator.equals("+");
        if (plus && a == ExprKind.STRING && b == ExprKind.STRING) {
            return ExprKind.STRING;
        }
        if (operator.equals("*")) {
            boolean scaled = (a == ExprKind.DURATION && b.isNumber()) || (b == ExprKind.DURATION && a.isNumber());
            return scaled ? ExprKind.DURATION : null;
        }
        if (a == ExprKind.DURATION && b == ExprKind.DURATION) {
            return ExprKind.DURATION;
        }
        if (b == ExprKind.DURATION && a == ExprKind.TIME) {
            return ExprKind.TIME;
        }
        if (plus) {
            return a == ExprKind.DURATION && b == ExprKind.TIME ? ExprKind.TIME : null;
        }
        return a == ExprKind.TIME && b == ExprKind.TIME ? ExprKind.DURATION : null;
    }

    private static boolean number(ExprKind kind) {
        return kind == ExprKind.ANY || kind.isNumber();
    }

    private static boolean ordered(ExprKind kind) {
        return number(kind) || kind == ExprKind.STRING || kind == ExprKind.TIME || kind == ExprKind.DURATION;
    }
}
