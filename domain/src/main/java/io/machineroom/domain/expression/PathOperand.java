package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a condition in a path. It has no type of its own: a number is compared with it as a number, a text
 * as a text; what is no number counts as 0 there. {@code ~true ~false ~null ~*} ask for what counts as such.
 */
final class PathOperand {
    private static final Set<String> YES = Set.of("1", "t", "true");
    private static final Set<String> NO = Set.of("0", "f", "false");

    private final String text;
    private final BigDecimal number;
    private final Glob glob;

    PathOperand(String text) {
        this.text = text;
        this.number = text.length() <= 400 && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?")
                ? new BigDecimal(text)
                : BigDecimal.ZERO;
        this.glob = Glob.parse(text);
    }

    boolean holds(String operator, @Nullable Value found, Budget budget) {
        if (text.startsWith("~")) {
            Boolean like = like(found);
            return like != null && (operator.isEmpty() || truth(like, operator, "true"));
        }
        if (found == null) {
            return false;
        }
        if (operator.isEmpty()) {
            return true;
        }
        return switch (found) {
            case Value.Text t -> texts(t.value(), operator, budget);
            case Value.Num n -> ordered(n.value().compareTo(number), operator);
            case Value.Bool b -> truth(b.value(), operator, text);
            case Value.Nil nil -> false;
            case Value.Arr list -> false;
            case Value.Obj fields -> false;
        };
    }

    private boolean texts(String given, String operator, Budget budget) {
        return switch (operator) {
            case "%" -> glob.matches(given, budget);
            case "!%" -> !glob.matches(given, budget);
            default -> ordered(GoText.compare(given, text), operator);
        };
    }

    private static boolean ordered(int order, String operator) {
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> false;
        };
    }

    private static boolean truth(boolean given, String operator, String wanted) {
        return switch (operator) {
            case "=" -> wanted.equals(Boolean.toString(given));
            case "!=" -> !wanted.equals(Boolean.toString(given));
            case ">" -> given && wanted.equals("false");
            case ">=" -> given;
            case "<" -> !given && wanted.equals("true");
            case "<=" -> !given;
            default -> false;
        };
    }

    private @Nullable Boolean like(@Nullable Value found) {
        return switch (text) {
            case "~*" -> found != null;
            case "~null" -> found == null || found instanceof Value.Nil;
            case "~true" ->
                switch (found) {
                    case Value.Bool b -> b.value();
                    case Value.Num n -> n.value().signum() != 0;
                    case Value.Text t -> YES.contains(t.value().toLowerCase(Locale.ROOT));
                    case null, default -> false;
                };
            case "~false" ->
                switch (found) {
                    case null -> true;
                    case Value.Nil nil -> true;
                    case Value.Bool b -> !b.value();
                    case Value.Num n -> n.value().signum() == 0;
                    case Value.Text t -> NO.contains(t.value().toLowerCase(Locale.ROOT));
                    default -> false;
                };
            default -> null;
        };
    }
}
