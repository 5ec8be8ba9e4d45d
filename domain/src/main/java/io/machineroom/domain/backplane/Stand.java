package io.machineroom.domain.backplane;

/**
 * How far an epoch and lane of a node is stored, as a receipt says it.
 *
 * @param since first number from which on nothing is missing
 * @param through last number that is stored or void, not below {@code since}
 * @param id id of the event that stands at {@code through}; {@value #VOID} for a void
 */
record Stand(long since, long through, String id) {
    /** Stands for the id where there is no event. */
    static final String VOID = "-";
}
