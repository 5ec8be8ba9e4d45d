package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;

/**
 * A condition such as {@code data.size > 3 && get_fact('os.family') == 'Debian'}: literals, lists, member access
 * ({@code a.b}, {@code a?.b}, {@code a["b"]}, {@code a[-1]}), {@code not and or}, comparisons, {@code in},
 * {@code contains startsWith endsWith matches}, {@code + - * / %}, {@code ?:}, {@code ??}, calls of the scope's
 * functions and of {@code len lower upper trim int float string hasPrefix hasSuffix}. Closures, pipes, ranges and
 * {@code let} are refused. Names are checked when it is read. Immutable; parsed once.
 */
public final class Expression {
    private final ExpressionNode root;
    private final String text;

    private Expression(ExpressionNode root, String text) {
        this.root = root;
        this.text = text;
    }

    /**
     * Reads an expression.
     *
     * @param scope only its names matter here
     * @throws PortException.Refused {@code expression.invalid} with column
     */
    public static Expression parse(String text, Scope scope) {
        ExpressionNode root = new ExpressionParser(text, scope.names(), scope.functionNames()).parse();
        if (root instanceof ExpressionNode.Literal literal && !(literal.given() instanceof Value.Bool)) {
            throw new PortException.Refused("expression.invalid", "expected bool, but got " + kind(literal.given()));
        }
        return new Expression(root, text);
    }

    /**
     * Evaluates a condition.
     *
     * @throws PortException.Refused {@code expression.failed} when types do not fit or the answer is not a boolean
     */
    public boolean test(Scope scope) {
        Value answer = root.eval(scope);
        if (answer instanceof Value.Bool bool) {
            return bool.value();
        }
        throw new PortException.Refused("expression.failed", "expected bool, but got " + kind(answer));
    }

    @Override
    public String toString() {
        return text;
    }

    static String kind(Value value) {
        return switch (value) {
            case Value.Nil nil -> "nil";
            case Value.Bool bool -> "bool";
            case Value.Num n -> n.isLong() ? "int" : "float64";
            case Value.Text text -> "string";
            case Value.Arr arr -> "array";
            case Value.Obj obj -> "map";
        };
    }
}
