package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an expression may name: values and functions. Values are asked for when they are needed. Immutable.
 */
public final class Scope {
    private final Map<String, Named> values;
    private final Map<String, Called> functions;
    private final Optional<Supplier<ZonedDateTime>> clock;

    private Scope(Map<String, Named> values, Map<String, Called> functions, Optional<Supplier<ZonedDateTime>> clock) {
        this.values = Map.copyOf(values);
        this.functions = Map.copyOf(functions);
        this.clock = clock;
    }

    /** A value and what is known about it when an expression is read. */
    record Named(ExprKind kind, Supplier<? extends Value> value) {}

    /**
     * A function.
     *
     * @param kind what it answers
     * @param text whether it wants exactly one text
     */
    record Called(ExprKind kind, boolean text, Function<List<Value>, Value> function) {}

    /** Names nothing. */
    public static Scope empty() {
        return new Scope(Map.of(), Map.of(), Optional.empty());
    }

    /** The same with one more value of any kind. */
    public Scope with(String name, Supplier<? extends Value> value) {
        return with(name, new Named(ExprKind.ANY, value));
    }

    /** The same with one more map. */
    public Scope withMap(String name, Supplier<Value.Obj> value) {
        return with(name, new Named(ExprKind.MAP, value));
    }

    /** The same with one more text. */
    public Scope withText(String name, Supplier<String> value) {
        return with(name, new Named(ExprKind.STRING, () -> Value.text(value.get())));
    }

    private Scope with(String name, Named value) {
        Map<String, Named> copy = new HashMap<>(values);
        copy.put(name, value);
        return new Scope(copy, functions, clock);
    }

    /** The same with one more function; it is given as many arguments as were written. */
    public Scope withFunction(String name, Function<List<Value>, Value> function) {
        return withFunction(name, new Called(ExprKind.ANY, false, function));
    }

    /** The same with a function of exactly one text, which is checked when an expression is read. */
    public Scope withQuery(String name, Function<String, Value> function) {
        return withFunction(name, new Called(ExprKind.ANY, true, given -> function.apply(text(given))));
    }

    /** The same with a condition on exactly one text, which is checked when an expression is read. */
    public Scope withCondition(String name, java.util.function.Predicate<String> condition) {
        return withFunction(name, new Called(ExprKind.BOOL, true, given -> Value.bool(condition.test(text(given)))));
    }

    private Scope withFunction(String name, Called function) {
        Map<String, Called> copy = new HashMap<>(functions);
        copy.put(name, function);
        return new Scope(values, copy, clock);
    }

    /** The same with the time, in the zone of the host, for {@code now()}; without it there is no such function. */
    public Scope withClock(Supplier<ZonedDateTime> now) {
        return new Scope(values, functions, Optional.of(now));
    }

    private static String text(List<Value> given) {
        return given.getFirst() instanceof Value.Text text ? text.value() : "";
    }

    Optional<Named> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    Optional<Called> function(String name) {
        return Optional.ofNullable(functions.get(name));
    }

    Optional<Supplier<ZonedDateTime>> clock() {
        return clock;
    }
}
