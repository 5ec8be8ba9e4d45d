package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a template may call. There are always the functions of the engine ({@code printf eq len …}); the caller adds its
 * own, as the machines do with {@code lookup}. Immutable.
 */
public final class TemplateFunctions {
    private static final int ANY = Integer.MAX_VALUE;
    private static final TemplateFunctions ENGINE = new TemplateFunctions(TemplateBuiltIns.entries());
    private static final TemplateFunctions MACHINES = new TemplateFunctions(MachineFunctions.added(ENGINE.entries));

    private final Map<String, Entry> entries;

    private TemplateFunctions(Map<String, Entry> entries) {
        this.entries = Map.copyOf(entries);
    }

    /** What a function works with, apart from its arguments. */
    record Context(Value document, Budget budget) {}

    /** A function that also sees what the template is filled in with. */
    interface Body {
        Value call(Context context, List<Value> arguments);
    }

    /**
     * One function.
     *
     * @param least how many arguments it wants at least
     * @param most how many at most
     */
    record Entry(int least, int most, Body body) {
        static Entry of(int arguments, Body body) {
            return new Entry(arguments, arguments, body);
        }

        static Entry atLeast(int arguments, Body body) {
            return new Entry(arguments, ANY, body);
        }
    }

    /** Only the functions of the engine. */
    public static TemplateFunctions engine() {
        return ENGINE;
    }

    /** With {@code lookup ToUpper ToLower Title Capitalize StringsJoin Base64Encode Base64Decode}. */
    public static TemplateFunctions machines() {
        return MACHINES;
    }

    /**
     * The same with one more.
     *
     * @param arguments how many it wants; other numbers fail when the template is filled in
     * @param function may throw {@link io.machineroom.ports.PortException}; its message is told with the place
     */
    public TemplateFunctions with(String name, int arguments, Function<List<Value>, Value> function) {
        Map<String, Entry> copy = new HashMap<>(entries);
        copy.put(name, Entry.of(arguments, (context, given) -> function.apply(given)));
        return new TemplateFunctions(copy);
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }
}
