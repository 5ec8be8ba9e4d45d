package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.stream.Message;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Opens stored events for people and tools; on the way in nobody does. Safe from any task. */
final class EventDecoder {
    private final List<EventFormat> formats;
    private final JsonFormat json;

    EventDecoder(List<EventFormat> formats, JsonFormat json) {
        this.formats = List.copyOf(formats);
        this.json = json;
    }

    /** A body of any kind for people: a JSON object as it is, a text as {@code text}, anything else as {@code base64}. */
    private Value.Obj submitted(byte[] body) {
        try {
            return json.read(body) instanceof Value.Obj document ? document : text(body);
        } catch (PortException.Refused noJson) {
            return text(body);
        }
    }

    private static Value.Obj text(byte[] body) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return Value.obj("text", Value.text(text.toString()));
        } catch (CharacterCodingException noText) {
            return Value.obj("base64", Value.text(Base64.getEncoder().encodeToString(body)));
        }
    }

    /**
     * The event of a message; a submission becomes the data of an event of type {@code submission}; a plain JSON document becomes the data of an event of type {@code document}.
     *
     * @throws PortException.Refused {@code event.undecodable}
     */
    Event decode(Message message) {
        if (message.isRaw()) {
            return new Event(message.id(), "", "submission", "", message.created(), submitted(message.bytes()));
        }
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
