package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks the arguments of calls, and makes their code. */
final class ExprCalls {
    private ExprCalls() {}

    static ExprCode ofScope(ExprTokens in, Token name, Scope.Called called, List<ExprCode> arguments) {
        if (called.text()) {
            count(in, name, arguments.size(), 1, 1);
            ExprCode argument = arguments.getFirst();
            if (!argument.kind().may(ExprKind.STRING)) {
                throw cannotUse(in, name, argument, "string");
            }
        }
        return ExprCode.of(name.at(), called.kind(), frame -> {
            List<Value> given = values(arguments, frame);
            if (called.text() && !(given.getFirst() instanceof Value.Text)) {
                throw in.failed(
                        name.at(),
                        "cannot use " + ExprKind.name(given.getFirst()) + " as argument (type string) to call "
                                + name.text());
            }
            Optional<Scope.Called> function = frame.scope().function(name.text());
            return function.map(f -> f.function().apply(given)).orElse(Value.nil());
        });
    }

    static ExprCode builtIn(ExprTokens in, Token name, Scope scope, List<ExprCode> arguments) {
        if (name.text().equals("now") && scope.clock().isPresent()) {
            count(in, name, arguments.size(), 0, 0);
            Supplier<ZonedDateTime> fallback = scope.clock().get();
            return ExprCode.of(
                    name.at(),
                    ExprKind.TIME,
                    frame -> ExprTimes.of(frame.scope().clock().orElse(fallback).get()));
        }
        Optional<ExprBuiltIns.Entry> found = ExprBuiltIns.find(name.text());
        if (found.isEmpty()) {
            throw in.invalid(name.at(), "unknown name " + name.text());
        }
        ExprBuiltIns.Entry entry = found.get();
        count(in, name, arguments.size(), entry.least(), entry.most());
        for (int i = 0; i < arguments.size(); i++) {
            if (!entry.takes(i, arguments.get(i).kind())) {
                throw name.text().equals("len")
                        ? in.invalid(
                                name.at(),
                                "invalid argument for len (type "
                                        + arguments.get(i).kind() + ")")
                        : cannotUse(in, name, arguments.get(i), entry.wanted(i));
            }
        }
        return ExprCode.of(name.at(), entry.kind(), frame -> {
            ExprMath math = new ExprMath(frame.budget(), why -> in.failed(name.at(), why));
            List<Value> given = values(arguments, frame);
            for (int i = 0; i < given.size(); i++) {
                if (!entry.takes(i, ExprKind.of(given.get(i)))) {
                    throw in.failed(
                            name.at(),
                            "invalid argument for " + name.text() + " (type " + ExprKind.name(given.get(i)) + ")");
                }
            }
            return entry.body().call(new ExprArguments(given, frame.budget(), math));
        });
    }

    private static void count(ExprTokens in, Token name, int given, int least, int most) {
        if (given < least) {
            throw in.invalid(name.at(), "not enough arguments to call " + name.text());
        }
        if (given > most) {
            throw in.invalid(name.at(), "too many arguments to call " + name.text());
        }
    }

    private static PortException.Refused cannotUse(ExprTokens in, Token name, ExprCode argument, String wanted) {
        return in.invalid(
                argument.at(),
                "cannot use " + argument.kind() + " as argument (type " + wanted + ") to call " + name.text());
    }

    private static List<Value> values(List<ExprCode> arguments, ExprFrame frame) {
        List<Value> out = new ArrayList<>();
        for (ExprCode argument : arguments) {
            out.add(argument.eval(frame));
        }
        return out;
    }

    /** The ends of a slice: negative ones count from behind, and none is outside. */
    static int[] bounds(long from, long to, int size) {
        long start = Math.clamp(from < 0 ? from + size : from, 0, size);
        long end = Math.clamp(to < 0 ? to + size : to, 0, size);
        return new int[] {(int) Math.min(start, end), (int) end};
    }

    /** Whether the order {@code "desc"} was asked for. */
    static boolean descending(@Nullable Value order, ExprMath math) {
        return switch (order) {
            case null -> false;
            case Value.Text text when text.value().equalsIgnoreCase("desc") -> true;
            case Value.Text text when text.value().equalsIgnoreCase("asc") -> false;
            default -> throw math.failed("invalid order, expected asc or desc");
        };
    }
}
