package io.machineroom.app.codec;

import io.machineroom.ports.PortException;
import io.machineroom.ports.event.Event;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What CloudEvents 1.0 asks of attributes, checked before any encoder sees them. */
final class Attributes {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private Attributes() {}

    /** Refuses with {@code event.unencodable} what is no event. */
    static void checkBeforeEncoding(Event event) {
        String fault = fault(event);
        if (fault != null) {
            throw new PortException.Refused("event.unencodable", fault);
        }
    }

    /** Returns the event, or refuses with {@code event.undecodable}. */
    static Event checkAfterDecoding(Event event) {
        String fault = fault(event);
        if (fault != null) {
            throw new PortException.Refused("event.undecodable", fault);
        }
        return event;
    }

    private static @Nullable String fault(Event event) {
        if (!clean(event.id()) || !clean(event.type()) || !clean(event.subject()) || !clean(event.source())) {
            return "id, source, type and subject of an event are not empty and hold no control characters";
        }
        if (event.time().isBefore(FIRST) || !event.time().isBefore(AFTER_LAST)) {
            return "the time of an event has a year of four digits";
        }
        try {
            new URI(event.source());
            return null;
        } catch (URISyntaxException none) {
            return "the source of an event is a URI reference";
        }
    }

    private static boolean clean(String text) {
        return !text.isEmpty()
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
