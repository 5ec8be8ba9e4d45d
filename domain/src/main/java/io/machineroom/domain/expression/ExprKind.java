package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;

/** What is known about a part of an expression before it is evaluated. */
enum ExprKind {
    ANY("interface {}"),
    NIL("nil"),
    BOOL("bool"),
    INT("int"),
    FLOAT("float64"),
    STRING("string"),
    ARRAY("[]interface {}"),
    MAP("map[string]interface {}"),
    TIME("time.Time"),
    DURATION("time.Duration"),
    ZONE("*time.Location");

    private final String shown;

    ExprKind(String shown) {
        this.shown = shown;
    }

    boolean isNumber() {
        return this == INT || this == FLOAT;
    }

    boolean may(ExprKind other) {
        return this == ANY || this == other || (isNumber() && other.isNumber());
    }

    static ExprKind of(Value value) {
        return switch (value) {
            case Value.Nil nil -> NIL;
            case Value.Bool bool -> BOOL;
            case Value.Num num -> num.isLong() ? INT : FLOAT;
            case Value.Text text -> STRING;
            case Value.Arr list -> ARRAY;
            case Value.Obj fields -> ExprTimes.kind(fields);
        };
    }

    /** What the original calls the type of a value; numbers came from JSON, unless something counted them. */
    static String name(Value value) {
        return value instanceof Value.Nil ? "<nil>" : of(value).toString();
    }

    @Override
    public String toString() {
        return shown;
    }
}
