package io.machineroom.ports.stream;

/**
 * One record handed out by a {@link Source}.
 *
 * @param position where the source stood
 * @param stamp its place in the node's history
 * @param message what to send; for a void an empty body under {@code machine_room.void}
 * @param attempt how often this source object handed it out, from 1
 */
public record Delivery(Position position, Stamp stamp, Message message, int attempt) {
    /** Subject of the empty message that stands for a void. */
    public static final Subject VOID_SUBJECT = Subject.of("machine_room.void");
}
