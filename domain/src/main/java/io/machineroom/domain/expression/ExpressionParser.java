package io.machineroom.domain.expression;

import io.machineroom.domain.expression.ExpressionLexer.Kind;
import io.machineroom.domain.expression.ExpressionLexer.Token;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads an expression by precedence climbing, with the precedences of the expr language. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 64;
    private static final int NOT = 50;
    private static final int SIGN = 90;
    private static final Map<String, Integer> BINARY = Map.ofEntries(
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
            Map.entry("not", 20),
            Map.entry("contains", 20),
            Map.entry("startsWith", 20),
            Map.entry("endsWith", 20),
            Map.entry("matches", 20),
            Map.entry("+", 30),
            Map.entry("-", 30),
            Map.entry("*", 60),
            Map.entry("/", 60),
            Map.entry("%", 60),
            Map.entry("??", 500));

    private final List<Token> tokens;
    private final Set<String> names;
    private final Set<String> functions;
    private int at;
    private int depth;

    ExpressionParser(String text, Set<String> names, Set<String> functions) {
        this.tokens = new ExpressionLexer(text).tokens();
        this.names = names;
        this.functions = functions;
    }

    ExpressionNode parse() {
        ExpressionNode node = ternary();
        if (peek().kind() != Kind.END) {
            throw invalid("unexpected '" + peek().text() + "'");
        }
        return node;
    }

    private ExpressionNode ternary() {
        if (++depth > MAX_DEPTH) {
            throw invalid("the expression is nested too deeply");
        }
        ExpressionNode condition = binary(0);
        if (take("?")) {
            ExpressionNode yes = ternary();
            expect(":");
            condition = new ExpressionNode.Ternary(condition, yes, ternary());
        }
        depth--;
        return condition;
    }

    private ExpressionNode binary(int least) {
        ExpressionNode left = unary();
        while (true) {
            Token token = peek();
            Integer precedence =
                    token.kind() == Kind.END || token.kind() == Kind.LITERAL ? null : BINARY.get(token.text());
            if (precedence == null || precedence < least) {
                return left;
            }
            at++;
            boolean negated = token.is("not");
            String operator = token.text();
            if (negated) {
                operator = peek().text();
                if (!Set.of("in", "contains", "startsWith", "endsWith", "matches")
                        .contains(operator)) {
                    throw invalid("unexpected 'not'");
                }
                at++;
            }
            ExpressionNode both = new ExpressionNode.Binary(operator, left, binary(precedence + 1));
            left = negated ? new ExpressionNode.Not(both) : both;
        }
    }

    private ExpressionNode unary() {
        if (++depth > MAX_DEPTH) {
            throw invalid("the expression is nested too deeply");
        }
        ExpressionNode node;
        if (take("not") || take("!")) {
            node = new ExpressionNode.Not(binary(NOT));
        } else if (take("-")) {
            node = new ExpressionNode.Binary("-", new ExpressionNode.Literal(Value.num(0)), binary(SIGN));
        } else if (take("+")) {
            node = binary(SIGN);
        } else {
            node = postfix(primary());
        }
        depth--;
        return node;
    }

    private ExpressionNode postfix(ExpressionNode from) {
        ExpressionNode node = from;
        while (true) {
            if (peek().is(".") || peek().is("?.")) {
                boolean optional = next().is("?.");
                Token name = next();
                if (name.kind() != Kind.WORD) {
                    throw invalid("a name must follow '.'");
                }
                node = new ExpressionNode.Member(node, new ExpressionNode.Literal(Value.text(name.text())), optional);
            } else if (take("[")) {
                ExpressionNode index = ternary();
                expect("]");
                node = new ExpressionNode.Member(node, index, false);
            } else {
                return node;
            }
        }
    }

    private ExpressionNode primary() {
        Token token = next();
        if (token.kind() == Kind.LITERAL) {
            return new ExpressionNode.Literal(token.value());
        }
        if (token.is("(")) {
            ExpressionNode inner = ternary();
            expect(")");
            return inner;
        }
        if (token.is("[")) {
            return new ExpressionNode.Items(list("]"));
        }
        if (token.kind() != Kind.WORD) {
            throw invalid("unexpected '" + token.text() + "'");
        }
        return switch (token.text()) {
            case "true" -> new ExpressionNode.Literal(Value.bool(true));
            case "false" -> new ExpressionNode.Literal(Value.bool(false));
            case "nil" -> new ExpressionNode.Literal(Value.nil());
            default -> named(token);
        };
    }

    private ExpressionNode named(Token token) {
        if (take("(")) {
            if (!functions.contains(token.text()) && !ExpressionNode.BUILT_INS.contains(token.text())) {
                throw unknown(token);
            }
            return new ExpressionNode.Call(token.text(), functions.contains(token.text()), list(")"));
        }
        if (!names.contains(token.text())) {
            throw unknown(token);
        }
        return new ExpressionNode.Name(token.text());
    }

    private List<ExpressionNode> list(String end) {
        List<ExpressionNode> items = new ArrayList<>();
        while (!take(end)) {
            items.add(ternary());
            if (!peek().is(end)) {
                expect(",");
            }
        }
        return List.copyOf(items);
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean take(String wanted) {
        if (peek().is(wanted)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String wanted) {
        if (!take(wanted)) {
            throw invalid("expected '" + wanted + "', found '" + peek().text() + "'");
        }
    }

    private PortException.Refused unknown(Token token) {
        return new PortException.Refused(
                "expression.invalid", "unknown name " + token.text() + " (1:" + token.at() + ")");
    }

    private PortException.Refused invalid(String what) {
        return new PortException.Refused("expression.invalid", what + " (1:" + peek().at() + ")");
    }
}
