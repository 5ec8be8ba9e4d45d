package io.machineroom.ports.watcher;

/**
 * A kind of watcher. Built-in kinds and a vendor's own implement the same interface.
 */
public interface WatcherType {
    /** What {@code type:} names in a machine: lower-case letters, digits and underscores. */
    String name();

    /** Version in event types, {@code v1}. */
    default String eventVersion() {
        return "v1";
    }

    /**
     * Whether a check is over in well under a millisecond and waits for nothing but the local disk, and the watcher never
     * wakes itself. Such watchers of one machine share a task and are asked one after the other.
     */
    default boolean quick() {
        return false;
    }

    /** The rules about {@code interval:} for this kind. */
    IntervalRule interval();

    /**
     * Makes a watcher. Reads every property it knows through {@code properties}; what stays unread is
     * reported as unknown, and so are the problems that the reader noted. Must not block or act.
     *
     * @throws UnsupportedOperationException when this build cannot run such a watcher, whatever its properties; the message
     *     says why, and is told after all faults of the properties and the interval
     */
    Watcher create(Properties properties, WatcherContext context);

    /**
     * When a watcher is asked.
     *
     * @param minimum smallest interval
     * @param fallback interval used when none is given; null for none
     * @param required whether one must be given
     * @param atStart whether it is asked once when the machine starts
     * @param onStateChange whether it is asked when its machine changed state
     */
    record IntervalRule(
            java.time.Duration minimum,
            java.time.@org.jspecify.annotations.Nullable Duration fallback,
            boolean required,
            boolean atStart,
            boolean onStateChange) {}
}
