package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Kind;
import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads values, calls, and the members, items and slices behind them. */
final class ExprTerms {
    private final ExprParser parser;
    private final ExprTokens in;
    private final ExprPredicates predicates;
    private final ExprInside inside;

    ExprTerms(ExprParser parser, ExprTokens in) {
        this.parser = parser;
        this.in = in;
        this.predicates = new ExprPredicates(parser, in);
        this.inside = new ExprInside(in);
    }

    /** A value of a chain; null when a question mark found nothing, so that the rest of the chain is left out. */
    private interface Link {
        @Nullable Value run(ExprFrame frame);
    }

    ExprCode term() {
        Token token = in.next();
        ExprCode code = switch (token.kind()) {
            case NUMBER -> {
                ExprKind kind = ExprTokens.isFraction(token.text()) ? ExprKind.FLOAT : ExprKind.INT;
                yield ExprCode.constant(token.at(), kind, token.value());
            }
            case STRING -> ExprCode.constant(token.at(), ExprKind.STRING, token.value());
            case WORD -> word(token);
            case OPERATOR -> operator(token);
            case END -> throw in.unexpected();
        };
        return behind(code);
    }

    private ExprCode word(Token token) {
        switch (token.text()) {
            case "true", "false" -> {
                return ExprCode.constant(
                        token.at(), ExprKind.BOOL, Value.bool(token.text().equals("true")));
            }
            case "nil" -> {
                return ExprCode.constant(token.at(), ExprKind.NIL, Value.nil());
            }
            default -> {}
        }
        if (in.take("(")) {
            return call(token, new ArrayList<>());
        }
        return parser.variable(token).orElseGet(() -> {
            Optional<Scope.Named> named = parser.scope().value(token.text());
            ExprKind kind = named.map(Scope.Named::kind).orElse(ExprKind.ANY);
            if (named.isEmpty()) {
                throw in.invalid(token.at(), "unknown name " + token.text());
            }
            return ExprCode.of(
                    token.at(),
                    kind,
                    frame -> frame.scope()
                            .value(token.text())
                            .<Value>map(n -> n.value().get())
                            .orElse(Value.nil()));
        });
    }

    private ExprCode operator(Token token) {
        if (token.is("(")) {
            ExprCode inner = parser.expression(0);
            in.expect(")");
            return inner;
        }
        if (token.is("[")) {
            return list(token);
        }
        if (token.is("{")) {
            return map(token);
        }
        if (predicates.inside() && token.text().startsWith("#")) {
            return predicates.pointer(token);
        }
        if (predicates.inside() && token.is(".") && in.peek().kind() == Kind.WORD) {
            Token name = in.next();
            Value key = Value.text(name.text());
            return ExprCode.of(token.at(), ExprKind.ANY, frame -> inside.fetch(frame.item(), key, name.at()));
        }
        throw in.invalid(token.at(), "unexpected token " + token);
    }

    private ExprCode list(Token start) {
        List<ExprCode> items = new ArrayList<>();
        while (!in.take("]")) {
            items.add(parser.expression(0));
            if (!in.peek().is("]")) {
                in.expect(",");
            }
        }
        List<ExprCode> all = List.copyOf(items);
        return ExprCode.of(start.at(), ExprKind.ARRAY, frame -> {
            List<Value> out = new ArrayList<>();
            for (ExprCode item : all) {
                out.add(item.eval(frame));
                frame.budget().weigh(out.getLast());
            }
            return new Value.Arr(out);
        });
    }

    private ExprCode map(Token start) {
        List<Map.Entry<ExprCode, ExprCode>> fields = new ArrayList<>();
        while (!in.take("}")) {
            Token token = in.next();
            ExprCode key = switch (token.kind()) {
                case WORD, STRING, NUMBER -> ExprCode.constant(token.at(), ExprKind.STRING, Value.text(token.text()));
                case OPERATOR, END -> {
                    if (!token.is("(")) {
                        throw in.invalid(
                                token.at(),
                                "a map key must be a quoted string, a number, a identifier, or an"
                                        + " expression enclosed in parentheses (unexpected token " + token + ")");
                    }
                    ExprCode inner = parser.expression(0);
                    in.expect(")");
                    yield inner;
                }
            };
            in.expect(":");
            fields.add(Map.entry(key, parser.expression(0)));
            if (!in.peek().is("}")) {
                in.expect(",");
            }
        }
        List<Map.Entry<ExprCode, ExprCode>> all = List.copyOf(fields);
        return ExprCode.of(start.at(), ExprKind.MAP, frame -> {
            Map<String, Value> out = new LinkedHashMap<>();
            for (Map.Entry<ExprCode, ExprCode> field : all) {
                Value value = field.getValue().eval(frame);
                frame.budget().weigh(value);
                out.put(Words.print(field.getKey().eval(frame), frame.budget()), value);
            }
            return Value.obj(out);
        });
    }

    /** What the left side of a pipe is given to. */
    ExprCode piped(ExprCode left) {
        Token name = in.next();
        if (name.kind() != Kind.WORD) {
            throw in.invalid(name.at(), "unexpected token " + name);
        }
        in.expect("(");
        return call(name, new ArrayList<>(List.of(left)));
    }

    private ExprCode call(Token name, List<ExprCode> given) {
        if (ExprPredicates.isOne(name.text())) {
            return predicates.call(name, given);
        }
        while (!in.take(")")) {
            given.add(parser.expression(0));
            if (!in.peek().is(")")) {
                in.expect(",");
            }
        }
        List<ExprCode> arguments = List.copyOf(given);
        Optional<Scope.Called> called = parser.scope().function(name.text());
        return called.isPresent()
                ? ExprCalls.ofScope(in, name, called.get(), arguments)
                : ExprCalls.builtIn(in, name, parser.scope(), arguments);
    }

    /** The members, items, slices and methods behind a value. */
    ExprCode behind(ExprCode first) {
        Link link = first::eval;
        ExprKind kind = first.kind();
        boolean chain = false;
        while (true) {
            Token token = in.peek();
            boolean optional = token.is("?.");
            boolean bracket = token.is("[") || (optional && in.peek(1).is("["));
            if (!bracket && !optional && !token.is(".")) {
                break;
            }
            parser.part(token.at());
            in.next();
            Link before = asked(link, optional);
            if (bracket) {
                if (optional) {
                    in.next();
                }
                boolean slice = inside.slices();
                link = slice ? slice(before, token.at()) : item(before, kind, token.at());
                kind = slice && (kind == ExprKind.ARRAY || kind == ExprKind.STRING) ? kind : ExprKind.ANY;
            } else {
                Token name = in.next();
                if (name.kind() != Kind.WORD) {
                    throw in.invalid(name.at(), "unexpected token " + name);
                }
                link = in.take("(") ? method(before, name) : member(before, kind, name);
                kind = ExprKind.ANY;
            }
            chain = true;
        }
        if (!chain) {
            return first;
        }
        Link last = link;
        return ExprCode.of(first.at(), kind, frame -> {
            Value value = last.run(frame);
            return value == null ? Value.nil() : value;
        });
    }

    private static Link asked(Link link, boolean optional) {
        return optional
                ? frame -> {
                    Value value = link.run(frame);
                    return value instanceof Value.Nil ? null : value;
                }
                : link;
    }

    private Link member(Link of, ExprKind kind, Token name) {
        if (kind != ExprKind.ANY && kind != ExprKind.MAP) {
            throw in.invalid(name.at(), "type " + kind + " has no field " + name.text());
        }
        Value key = Value.text(name.text());
        return frame -> {
            Value value = of.run(frame);
            return value == null ? null : inside.fetch(value, key, name.at());
        };
    }

    private Link method(Link of, Token name) {
        List<ExprCode> given = new ArrayList<>();
        while (!in.take(")")) {
            given.add(parser.expression(0));
            if (!in.peek().is(")")) {
                in.expect(",");
            }
        }
        return frame -> {
            Value value = of.run(frame);
            if (value == null) {
                return null;
            }
            List<Value> arguments =
                    given.stream().map(argument -> argument.eval(frame)).toList();
            Value answer = ExprTimes.method(value, name.text(), arguments);
            if (answer == null) {
                throw in.failed(name.at(), "cannot fetch " + name.text() + " from " + ExprKind.name(value));
            }
            return answer;
        };
    }

    private Link item(Link of, ExprKind kind, int at) {
        ExprCode index = parser.expression(0);
        in.expect("]");
        if (kind == ExprKind.BOOL || kind.isNumber()) {
            throw in.invalid(at, "type " + kind + "[" + index.kind() + "] is undefined");
        }
        return frame -> {
            Value value = of.run(frame);
            return value == null ? null : inside.fetch(value, index.eval(frame), at);
        };
    }

    private Link slice(Link of, int at) {
        ExprCode from = in.peek().is(":") ? null : parser.expression(0);
        in.expect(":");
        ExprCode to = in.peek().is("]") ? null : parser.expression(0);
        in.expect("]");
        return frame -> {
            Value value = of.run(frame);
            if (value == null) {
                return null;
            }
            ExprMath math = new ExprMath(frame.budget(), why -> in.failed(at, why));
            long start = from == null ? 0 : math.whole(from.eval(frame));
            long end = to == null ? Long.MAX_VALUE : math.whole(to.eval(frame));
            return inside.slice(value, start, end, frame.budget(), at);
        };
    }
}
