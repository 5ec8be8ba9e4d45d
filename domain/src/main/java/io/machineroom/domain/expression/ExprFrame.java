package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;

/**
 * Where an expression is evaluated.
 *
 * @param variables what {@code let} has named, by place
 * @param item what {@code #} is
 * @param index what {@code #index} is
 * @param sum what {@code #acc} is
 */
record ExprFrame(Scope scope, Budget budget, Value[] variables, Value item, Value index, Value sum) {
    static ExprFrame of(Scope scope, int variables) {
        Value[] places = new Value[variables];
        java.util.Arrays.fill(places, Value.nil());
        return new ExprFrame(scope, new Budget("expression.failed"), places, Value.nil(), Value.nil(), Value.nil());
    }

    ExprFrame with(Value newItem, int newIndex, Value newSum) {
        return new ExprFrame(scope, budget, variables, newItem, Value.num(newIndex), newSum);
    }
}
