package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.stream.Message;
import java.util.List;

/** Opens stored events for people and tools; on the way in nobody does. Safe from any task. */
final class EventDecoder {
    private final List<EventFormat> formats;
    private final JsonFormat json;

    EventDecoder(List<EventFormat> formats, JsonFormat json) {
        this.formats = List.copyOf(formats);
        this.json = json;
    }

    /**
     * The event of a message; a plain JSON document becomes the data of an event of type {@code document}.
     *
     * @throws PortException.Refused {@code event.undecodable}
     */
    Event decode(Message message) {
        String type = message.contentType().split(";", 2)[0].strip();
        for (EventFormat format : formats) {
            if (format.contentType().equals(type)) {
                return format.decode(message.bytes());
            }
        }
        if (type.equals("application/json") && json.read(message.bytes()) instanceof Value.Obj data) {
            return new Event(message.id(), "", "document", "", message.created(), data);
        }
        throw new PortException.Refused("event.undecodable", "nothing here reads '" + type + "'");
    }
}
