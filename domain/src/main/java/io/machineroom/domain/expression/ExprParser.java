package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExprTokens.Kind;
import io.machineroom.domain.expression.ExprTokens.Token;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions by precedence climbing; values and what stands behind them are read by {@link ExprTerms}. */
final class ExprParser {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_PARTS = 3_000;
    private static final int NOT = 50;
    private static final int SIGN = 90;
    private static final Set<String> NEGATABLE = Set.of("in", "matches", "contains", "startsWith", "endsWith");
    private static final Set<String> ORDERS = Set.of("<", "<=", ">", ">=");
    private static final Map<String, Integer> BINARY = Map.ofEntries(
            Map.entry("|", 0),
            Map.entry("||", 10),
            Map.entry("or", 10),
            Map.entry("&&", 15),
            Map.entry("and", 15),
            Map.entry("==", 20),
            Map.entry("!=", 20),
            Map.entry("<", 20),
            Map.entry("<=", 20),
            Map.entry(">", 20),
            Map.entry(">=", 20),
            Map.entry("in", 20),
            Map.entry("contains", 20),
            Map.entry("startsWith", 20),
            Map.entry("endsWith", 20),
            Map.entry("matches", 20),
            Map.entry("..", 25),
            Map.entry("+", 30),
            Map.entry("-", 30),
            Map.entry("*", 60),
            Map.entry("/", 60),
            Map.entry("%", 60),
            Map.entry("**", 100),
            Map.entry("^", 100),
            Map.entry("??", 500));

    private final ExprTokens in;
    private final Scope scope;
    private final ExprTerms terms;
    private final ExprOperators operators;
    private final List<Variable> visible = new ArrayList<>();
    private int variables;
    private int depth;
    private int parts;

    ExprParser(String text, Scope scope) {
        this.in = new ExprTokens(text);
        this.scope = scope;
        this.operators = new ExprOperators(in);
        this.terms = new ExprTerms(this, in);
    }

    private record Variable(String name, int place, ExprKind kind) {}

    ExprCode parse() {
        ExprCode code = expression(0);
        if (in.peek().kind() != Kind.END) {
            throw in.unexpected();
        }
        in.done();
        return code;
    }

    /** How many variables there are at most. */
    int variables() {
        return variables;
    }

    Scope scope() {
        return scope;
    }

    /** Counts what would be evaluated one inside the other. */
    void part(int at) {
        if (++parts > MAX_PARTS) {
            throw in.invalid(at, "more than " + MAX_PARTS + " parts");
        }
    }

    Optional<ExprCode> variable(Token token) {
        for (Variable variable : visible.reversed()) {
            if (variable.name().equals(token.text())) {
                int place = variable.place();
                return Optional.of(ExprCode.of(token.at(), variable.kind(), frame -> frame.variables()[place]));
            }
        }
        return Optional.empty();
    }

    ExprCode expression(int least) {
        if (++depth > MAX_DEPTH) {
            throw in.invalid(in.peek().at(), "more than " + MAX_DEPTH + " levels");
        }
        ExprCode code;
        if (least == 0 && in.peek().is("let") && in.peek(1).kind() == Kind.WORD) {
            code = variableDeclaration();
        } else if (least == 0 && in.peek().is("if")) {
            code = choice();
        } else {
            code = binaries(unary(), least);
            code = least == 0 ? ternary(code) : code;
        }
        depth--;
        return code;
    }

    private ExprCode variableDeclaration() {
        in.next();
        Token name = in.next();
        if (visible.stream().anyMatch(v -> v.name().equals(name.text()))) {
            throw in.invalid(name.at(), "cannot redeclare variable " + name.text());
        }
        if (scope.value(name.text()).isPresent() || scope.function(name.text()).isPresent()) {
            throw in.invalid(name.at(), "cannot redeclare " + name.text());
        }
        if (ExprBuiltIns.find(name.text()).isPresent() || ExprPredicates.isOne(name.text())) {
            throw in.invalid(name.at(), "cannot redeclare builtin " + name.text());
        }
        in.expect("=");
        ExprCode value = expression(0);
        in.expect(";");
        int place = variables++;
        visible.add(new Variable(name.text(), place, value.kind()));
        ExprCode body = expression(0);
        visible.removeLast();
        return ExprCode.of(name.at(), body.kind(), frame -> {
            frame.variables()[place] = value.eval(frame);
            return body.eval(frame);
        });
    }

    private ExprCode choice() {
        int at = in.next().at();
        ExprCode condition = expression(0);
        in.expect("{");
        ExprCode yes = expression(0);
        in.expect("}");
        in.expect("else");
        ExprCode no;
        if (in.peek().is("if")) {
            no = expression(0);
        } else {
            in.expect("{");
            no = expression(0);
            in.expect("}");
        }
        return operators.choice(at, condition, yes, no);
    }

    private ExprCode ternary(ExprCode first) {
        ExprCode code = first;
        while (in.peek().is("?")) {
            int at = in.next().at();
            if (in.take(":")) {
                code = operators.choice(at, code, code, expression(0));
            } else {
                ExprCode yes = expression(0);
                in.expect(":");
                code = operators.choice(at, code, yes, expression(0));
            }
        }
        return code;
    }

    private ExprCode unary() {
        Token token = in.peek();
        part(token.at());
        if (in.take("not") || in.take("!")) {
            return terms.behind(operators.not(token.at(), expression(NOT)));
        }
        if (in.take("-") || in.take("+")) {
            return terms.behind(operators.sign(token.at(), token.text(), expression(SIGN)));
        }
        return terms.term();
    }

    private ExprCode binaries(ExprCode first, int least) {
        ExprCode left = first;
        while (true) {
            Token token = in.peek();
            boolean negated = token.is("not") && NEGATABLE.contains(in.peek(1).text());
            Token operator = negated ? in.peek(1) : token;
            boolean possible = operator.kind() == Kind.OPERATOR || operator.kind() == Kind.WORD;
            Integer precedence = possible ? BINARY.get(operator.text()) : null;
            if (precedence == null || precedence < least) {
                return left;
            }
            part(operator.at());
            in.next();
            if (negated) {
                in.next();
            }
            if (operator.is("|")) {
                left = terms.behind(terms.piped(left));
                continue;
            }
            if (ORDERS.contains(operator.text())) {
                left = orders(left, operator, precedence);
                continue;
            }
            boolean fromRight = precedence == 100;
            ExprCode both = operators.binary(operator, left, expression(fromRight ? precedence : precedence + 1));
            left = negated ? operators.not(operator.at(), both) : both;
        }
    }

    /** {@code 1 < x < 3} means both. */
    private ExprCode orders(ExprCode first, Token operator, int precedence) {
        ExprCode right = expression(precedence + 1);
        ExprCode all = operators.binary(operator, first, right);
        while (ORDERS.contains(in.peek().text()) && in.peek().kind() == Kind.OPERATOR) {
            Token next = in.next();
            part(next.at());
            ExprCode last = expression(precedence + 1);
            ExprCode one = operators.binary(next, right, last);
            Token and = new Token(Kind.OPERATOR, "&&", Value.nil(), next.at());
            all = operators.binary(and, all, one);
            right = last;
        }
        return all;
    }
}
