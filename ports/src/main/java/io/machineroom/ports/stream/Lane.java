package io.machineroom.ports.stream;

/**
 * A class of urgency. Numbers and order run per node, epoch and lane; never across lanes. The wire
 * name is the lower-case name.
 */
public enum Lane {
    /** Looked at before every batch. */
    URGENT,
    /** Events of machines and of the life cycle. */
    NORMAL,
    /** Large and patient. */
    BULK,
    /** Only the latest per subject matters, such as inventory. */
    NEWEST;

    private final String wireName = name().toLowerCase(java.util.Locale.ROOT);

    public String wireName() {
        return wireName;
    }

    /**
     * The lane of a wire name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Lane ofWire(String name) {
        return valueOf(name.toUpperCase(java.util.Locale.ROOT));
    }
}
