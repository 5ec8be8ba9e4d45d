package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The functions that are always there, apart from those with a predicate. */
final class ExprBuiltIns {
    private static final Map<String, Entry> ALL = all();

    private ExprBuiltIns() {}

    /** Answers one call. */
    interface Body {
        Value call(ExprArguments given);
    }

    /**
     * One function.
     *
     * @param kind what it answers
     * @param wants one letter for each argument: {@code s} text, {@code n} number, {@code a} list, {@code m} map, {@code l}
     *     what has a length, {@code x} anything; {@code *} behind the last one for any number of them
     * @param least how many arguments there must be
     */
    record Entry(ExprKind kind, String wants, int least, Body body) {
        int most() {
            return wants.endsWith("*") ? Integer.MAX_VALUE : wants.length();
        }

        boolean takes(int index, ExprKind given) {
            return given == ExprKind.ANY
                    || switch (letter(index)) {
                        case 's' -> given == ExprKind.STRING;
                        case 'n' -> given.isNumber();
                        case 'a' -> given == ExprKind.ARRAY;
                        case 'm' -> given == ExprKind.MAP;
                        case 'l' -> given == ExprKind.STRING || given == ExprKind.ARRAY || given == ExprKind.MAP;
                        default -> true;
                    };
        }

        String wanted(int index) {
            return switch (letter(index)) {
                case 's' -> "string";
                case 'n' -> "int";
                case 'a' -> "[]interface {}";
                case 'm' -> "map[string]interface {}";
                default -> "interface {}";
            };
        }

        private char letter(int index) {
            int last = wants.endsWith("*") ? wants.length() - 2 : wants.length() - 1;
            return wants.charAt(Math.min(index, last));
        }
    }

    static Optional<Entry> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Entry> all() {
        Map<String, Entry> all = new HashMap<>();
        ExprTexts.add(all);
        ExprLists.add(all);
        ExprNumbers.add(all);
        ExprTimes.add(all);
        return Map.copyOf(all);
    }
}
