package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path, cut after its first part: {@code rest} is what the result of that part is asked next, or null. */
sealed interface PathStep {
    /** What is made of a value, as {@code @reverse}. */
    record Modified(
            PathModifier how,
            String argument,
            @Nullable PathStep inner,
            @Nullable PathStep rest) implements PathStep {}

    /** A value that is written in the path. */
    record Fixed(Value value, @Nullable PathStep rest) implements PathStep {}

    /** Several paths at once, as a list or as a map. */
    record Several(boolean map, List<Named> paths, @Nullable PathStep rest) implements PathStep {}

    /**
     * One of several.
     *
     * @param name its key in the map
     */
    record Named(String name, PathStep path) {}

    /** A name or a place: it means something else in a map than in a list. */
    record Part(InMap inMap, InList inList) implements PathStep {}

    /**
     * Keys of a map.
     *
     * @param more what is asked of each value until one has it
     * @param pipe what is asked of the one value that was found
     */
    record InMap(
            Glob key, @Nullable PathStep more, @Nullable PathStep pipe) {}

    /** Items of a list. */
    sealed interface InList {}

    /** The item at a place; the place is -1 when the text is none. */
    record Place(
            int index, @Nullable PathStep more, @Nullable PathStep pipe) implements InList {}

    /** How many items there are. */
    record Count(@Nullable PathStep pipe) implements InList {}

    /** The answers of all items that have one. */
    record Each(PathStep body, @Nullable PathStep pipe) implements InList {}

    /**
     * The first item, or all items, that meet a condition.
     *
     * @param of what is looked at in each item
     * @param itself whether an item that is neither list nor map is looked at itself
     * @param operator one of {@code = != < <= > >= % !%}; empty when being there is enough
     * @param body what is asked of the items that are found; null is themselves
     */
    record Query(
            PathStep of,
            boolean itself,
            String operator,
            PathOperand operand,
            boolean all,
            @Nullable PathStep body,
            @Nullable PathStep pipe)
            implements InList {}
}
