package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the functions that take a predicate, and what may be named inside of one. */
final class ExprPredicates {
    /** How many arguments: list, predicate, and what may follow. */
    private static final Map<String, Integer> MOST = Map.ofEntries(
            Map.entry("all", 2),
            Map.entry("any", 2),
            Map.entry("one", 2),
            Map.entry("none", 2),
            Map.entry("map", 2),
            Map.entry("filter", 2),
            Map.entry("find", 2),
            Map.entry("findIndex", 2),
            Map.entry("findLast", 2),
            Map.entry("findLastIndex", 2),
            Map.entry("count", 2),
            Map.entry("sum", 2),
            Map.entry("groupBy", 2),
            Map.entry("sortBy", 3),
            Map.entry("reduce", 3));

    private static final Set<String> OPTIONAL = Set.of("count", "sum");
    private static final Set<String> FREE = Set.of("map", "sum", "groupBy", "sortBy", "reduce");

    private final ExprParser parser;
    private final ExprTokens in;
    private int inside;

    ExprPredicates(ExprParser parser, ExprTokens in) {
        this.parser = parser;
        this.in = in;
    }

    static boolean isOne(String name) {
        return MOST.containsKey(name);
    }

    boolean inside() {
        return inside > 0;
    }

    ExprCode pointer(Token token) {
        return switch (token.text()) {
            case "#" -> ExprCode.of(token.at(), ExprKind.ANY, ExprFrame::item);
            case "#index" -> ExprCode.of(token.at(), ExprKind.INT, ExprFrame::index);
            case "#acc" -> ExprCode.of(token.at(), ExprKind.ANY, ExprFrame::sum);
            default -> throw in.invalid(token.at(), "unknown pointer " + token.text());
        };
    }

    /** Behind the opening parenthesis, with the list already there when it came through a pipe. */
    ExprCode call(Token name, List<ExprCode> given) {
        List<ExprCode> arguments = new ArrayList<>(given);
        if (arguments.isEmpty()) {
            arguments.add(parser.expression(0));
            if (!in.peek().is(")")) {
                in.expect(",");
            }
        }
        ExprCode predicate = in.peek().is(")") ? null : predicate();
        ExprCode more = null;
        if (in.take(",") && !in.peek().is(")")) {
            more = parser.expression(0);
            in.take(",");
        }
        if (!in.peek().is(")") || (more != null && MOST.getOrDefault(name.text(), 2) < 3)) {
            throw in.invalid(name.at(), "too many arguments to call " + name.text());
        }
        in.expect(")");
        check(name, arguments.getFirst(), predicate);
        return ExprLoops.of(in, name, arguments.getFirst(), predicate, more);
    }

    private void check(Token name, ExprCode list, @Nullable ExprCode predicate) {
        if (predicate == null && !OPTIONAL.contains(name.text())) {
            throw in.invalid(name.at(), "not enough arguments to call " + name.text());
        }
        if (!list.kind().may(ExprKind.ARRAY)) {
            throw in.invalid(list.at(), "builtin " + name.text() + " takes only array (got " + list.kind() + ")");
        }
        if (predicate != null
                && !FREE.contains(name.text())
                && !predicate.kind().may(ExprKind.BOOL)) {
            throw in.invalid(predicate.at(), "predicate should return boolean (got " + predicate.kind() + ")");
        }
    }

    private ExprCode predicate() {
        boolean braces = in.take("{");
        inside++;
        ExprCode code = parser.expression(0);
        inside--;
        if (braces) {
            in.expect("}");
        }
        return code;
    }
}
