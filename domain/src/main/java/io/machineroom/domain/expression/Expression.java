package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;

/**
 * A condition such as {@code data.size > 3 && get_fact('os.family') == 'Debian'}, in the language of expr: all its
 * operators, predicates, pipes, variables and built-in functions. Names and types are checked when it is read. Immutable;
 * read once, and evaluated from any thread, in a bounded number of steps.
 */
public final class Expression {
    private final ExprCode root;
    private final int variables;
    private final String text;

    private Expression(ExprCode root, int variables, String text) {
        this.root = root;
        this.variables = variables;
        this.text = text;
    }

    /**
     * Reads a condition.
     *
     * @param scope only its names and their kinds matter here
     * @throws PortException.Refused {@code expression.invalid}, as {@code unknown name x (1:4)} or {@code expected bool,
     *     but got int}
     */
    public static Expression parse(String text, Scope scope) {
        Expression expression = parseAny(text, scope);
        ExprKind kind = expression.root.kind();
        if (kind != ExprKind.ANY && kind != ExprKind.BOOL) {
            throw new PortException.Refused("expression.invalid", "expected bool, but got " + kind);
        }
        return expression;
    }

    /**
     * Reads an expression whose value may be of any kind.
     *
     * @throws PortException.Refused {@code expression.invalid}
     */
    public static Expression parseAny(String text, Scope scope) {
        ExprParser parser = new ExprParser(text, scope);
        ExprCode root = parser.parse();
        return new Expression(root, parser.variables(), text);
    }

    /**
     * Evaluates a condition.
     *
     * @param scope has at least the names of the scope that it was read with
     * @throws PortException.Refused {@code expression.failed} when types do not fit or the answer is not a boolean
     */
    public boolean test(Scope scope) {
        Value answer = root.eval(ExprFrame.of(scope, variables));
        if (answer instanceof Value.Bool bool) {
            return bool.value();
        }
        String type = answer instanceof Value.Num ? "float64" : ExprKind.name(answer);
        throw new PortException.Refused("expression.failed", "invalid operation: bool(" + type + ")");
    }

    /**
     * Evaluates.
     *
     * @throws PortException.Refused {@code expression.failed} when types do not fit
     */
    public Value value(Scope scope) {
        return ExprTimes.plain(root.eval(ExprFrame.of(scope, variables)));
    }

    @Override
    public String toString() {
        return text;
    }
}
