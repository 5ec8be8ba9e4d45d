package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an expression may name: values and functions. Values are asked for when they are needed. Built with
 * {@link #with} and {@link #withFunction}; immutable.
 */
public final class Scope {
    private final Map<String, Supplier<Value>> values;
    private final Map<String, Function<List<Value>, Value>> functions;

    private Scope(Map<String, Supplier<Value>> values, Map<String, Function<List<Value>, Value>> functions) {
        this.values = Map.copyOf(values);
        this.functions = Map.copyOf(functions);
    }

    /** Names nothing. */
    public static Scope empty() {
        return new Scope(Map.of(), Map.of());
    }

    /** The same with one more value. */
    public Scope with(String name, Supplier<Value> value) {
        Map<String, Supplier<Value>> copy = new HashMap<>(values);
        copy.put(name, value);
        return new Scope(copy, functions);
    }

    /** The same with one more function; it is given as many arguments as were written. */
    public Scope withFunction(String name, Function<List<Value>, Value> function) {
        Map<String, Function<List<Value>, Value>> copy = new HashMap<>(functions);
        copy.put(name, function);
        return new Scope(values, copy);
    }

    Set<String> names() {
        return values.keySet();
    }

    Set<String> functionNames() {
        return functions.keySet();
    }

    Value value(String name) {
        Supplier<Value> supplier = values.get(name);
        return supplier == null ? Value.nil() : supplier.get();
    }

    Value call(String name, List<Value> arguments) {
        Function<List<Value>, Value> function = functions.get(name);
        return function == null ? Value.nil() : function.apply(arguments);
    }
}
