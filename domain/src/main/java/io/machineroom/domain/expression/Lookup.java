package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.Optional;

/**
 * A path into a value, in GJSON's language: keys ({@code a.b}), escapes ({@code x\.y}), wildcards in keys, places and
 * {@code #} in lists, conditions {@code #(age>40)} and {@code #(age>40)#}, pipes, modifiers ({@code @reverse}), several
 * paths at once ({@code {a,b.c}}, {@code [a,b]}) and literals ({@code !"text"}). Immutable; read once, and asked from
 * any thread.
 *
 * <p>No path is wrong: one that is not understood finds nothing, as in the original. One answer takes a bounded number of
 * steps.
 */
public final class Lookup {
    private final String text;
    private final PathStep path;

    private Lookup(String text, PathStep path) {
        this.text = text;
        this.path = path;
    }

    /**
     * Reads a path.
     *
     * @throws PortException.Refused {@code lookup.invalid} when it has more than 4096 characters or far too many parts
     */
    public static Lookup parse(String path) {
        String inner = path.startsWith("..") ? path.substring(2) : path;
        return new Lookup(path, new PathParser().parse(inner));
    }

    /**
     * What is at the path of a value; empty when nothing is.
     *
     * @throws PortException.Refused {@code lookup.invalid} as {@link #parse} and {@link #in} throw it
     */
    public static Optional<Value> find(Value root, String path) {
        return parse(path).in(root);
    }

    /**
     * What is at this path of a value; empty when nothing is.
     *
     * @throws PortException.Refused {@code lookup.invalid} when the answer would take too many steps
     */
    public Optional<Value> in(Value root) {
        return in(root, new Budget("lookup.invalid"));
    }

    Optional<Value> in(Value root, Budget budget) {
        // two dots at the start read a document as lines, and this one is one line
        Value from = text.startsWith("..") ? Value.arr(root) : root;
        return Optional.ofNullable(new PathWalk(budget).get(from, path));
    }

    /** As it was read. */
    @Override
    public String toString() {
        return text;
    }
}
