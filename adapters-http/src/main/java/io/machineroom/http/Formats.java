package io.machineroom.http;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import java.util.List;

/**
 * How documents and events are written.
 *
 * @param events encodings, the preferred first
 */
record Formats(JsonFormat json, List<EventFormat> events) {
    Formats {
        events = List.copyOf(events);
    }
}
