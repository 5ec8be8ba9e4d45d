package io.machineroom.domain.backplane;

/**
 * How far an epoch and lane of a node is stored, as a receipt says it.
 *
 * @param since first number from which on nothing is missing
 * @param through last number that is stored or void, not below {@code since}
 */
record Stand(long since, long through) {}
