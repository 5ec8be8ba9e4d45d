package io.machineroom.ports.event;

import io.machineroom.ports.data.Value;
import java.time.Instant;

/**
 * One CloudEvent 1.0 before encoding.
 *
 * @param id unique per source, a UUID unless the format says otherwise
 * @param source for example {@code io.choria.machine}
 * @param type for example {@code io.choria.machine.v1.transition}
 * @param subject the node identity
 * @param time when it happened, UTC; formats that Choria reads carry whole seconds
 * @param data JSON data
 */
public record Event(String id, String source, String type, String subject, Instant time, Value.Obj data) {}
