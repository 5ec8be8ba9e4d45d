package io.machineroom.domain.spooling;

/**
 * An outbox in numbers, since it started.
 *
 * @param stored events that the spool has for good
 * @param voided events that will never be sent, each a number of a durable void
 * @param waiting events between publisher and spool
 * @param lastCode code of the last failure; empty once something was stored after it
 */
public record OutboxState(long stored, long voided, long waiting, String lastCode) {
    public static OutboxState none() {
        return new OutboxState(0, 0, 0, "");
    }
}
