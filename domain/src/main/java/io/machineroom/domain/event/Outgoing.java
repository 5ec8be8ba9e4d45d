package io.machineroom.domain.event;

import io.machineroom.ports.event.Event;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Subject;

/**
 * An event on its way to the outbox.
 *
 * @param subject where it goes
 * @param lane how urgent it is
 * @param event the event
 * @param whenDurable run by the outbox's task once the spool has it for good; never when it was dropped
 */
public record Outgoing(Subject subject, Lane lane, Event event, Runnable whenDurable) {
    public Outgoing(Subject subject, Lane lane, Event event) {
        this(subject, lane, event, () -> {});
    }

    /** The same with somebody who wants to know. */
    public Outgoing whenDurable(Runnable listener) {
        return new Outgoing(subject, lane, event, listener);
    }
}
