package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import org.jspecify.annotations.Nullable;

/**
 * A part of an expression, ready to be evaluated. Immutable.
 *
 * @param at offset in the text
 * @param kind what its values are
 * @param run makes a value
 * @param constant the value when it is written in the text
 */
record ExprCode(int at, ExprKind kind, Run run, @Nullable Value constant) {
    /** Evaluates. */
    interface Run {
        Value run(ExprFrame frame);
    }

    static ExprCode of(int at, ExprKind kind, Run run) {
        return new ExprCode(at, kind, run, null);
    }

    static ExprCode constant(int at, ExprKind kind, Value value) {
        return new ExprCode(at, kind, frame -> value, value);
    }

    Value eval(ExprFrame frame) {
        frame.budget().spend(1);
        return run.run(frame);
    }
}
