package io.machineroom.domain.event;

import io.machineroom.ports.event.Event;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Subject;

/** An event on its way to the outbox: where it goes and how urgent it is. */
public record Outgoing(Subject subject, Lane lane, Event event) {}
