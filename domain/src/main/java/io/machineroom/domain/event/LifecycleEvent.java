package io.machineroom.domain.event;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.stream.Subject;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An event of the life of a node or a service, as spec streams 6.2 has it. Written as CloudEvent with the plain form as its
 * data; read in both forms, because Choria's tools write both under the same subjects.
 *
 * @param id unique; may be empty in what others wrote
 * @param identity of the node; may be empty in what others wrote
 * @param component who speaks
 * @param timestamp Unix seconds
 * @param own fields of its kind, such as {@code version}
 */
public record LifecycleEvent(
        Kind kind, String id, String identity, String component, long timestamp, Map<String, Value> own) {
    private static final String SOURCE = "io.choria.lifecycle";
    private static final String PROTOCOL = SOURCE + ".v1.";
    private static final String OLD_PROTOCOL = "choria:lifecycle:";

    /** What happened, in the order in which they are listed. */
    public enum Kind {
        ALIVE,
        GOVERNOR,
        PROVISIONED,
        SHUTDOWN,
        STARTUP,
        UPGRADED;

        /** The word in subjects and protocols. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a document is written. */
    public enum Encoding {
        UNKNOWN,
        PLAIN,
        CLOUDEVENTS
    }

    public LifecycleEvent {
        own = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(own));
    }

    /** How a document is written, by what it says of itself. */
    public static Encoding encoding(Value document) {
        if (!(document instanceof Value.Obj fields)) {
            return Encoding.UNKNOWN;
        }
        String protocol = fields.text("protocol").orElse("");
        if (protocol.startsWith(SOURCE) || protocol.startsWith(OLD_PROTOCOL)) {
            return Encoding.PLAIN;
        }
        boolean event = fields.text("specversion").filter("1.0"::equals).isPresent()
                && fields.text("source").filter(SOURCE::equals).isPresent();
        return event ? Encoding.CLOUDEVENTS : Encoding.UNKNOWN;
    }

    /**
     * Reads a document in either form.
     *
     * @throws PortException.Refused {@code event.undecodable}
     */
    public static LifecycleEvent parse(Value document) {
        return switch (encoding(document)) {
            case UNKNOWN -> throw undecodable("unsupported event format");
            case PLAIN -> plain((Value.Obj) document);
            case CLOUDEVENTS ->
                plain(((Value.Obj) document)
                        .obj("data")
                        .orElseThrow(() -> undecodable("a lifecycle event has an object as its data")));
        };
    }

    private static LifecycleEvent plain(Value.Obj from) {
        String protocol = from.text("protocol").orElse("");
        Kind kind = kind(protocol).orElseThrow(() -> undecodable("unknown protocol '" + protocol + "' received"));
        if (kind == Kind.GOVERNOR && from.text("governor").orElse("").isEmpty()) {
            throw undecodable("governor name is not set");
        }
        Map<String, Value> own = new LinkedHashMap<>(from.fields());
        for (String common : new String[] {"protocol", "id", "identity", "component", "timestamp"}) {
            own.remove(common);
        }
        return new LifecycleEvent(
                kind,
                from.text("id").orElse(""),
                from.text("identity").orElse(""),
                from.text("component").orElse(""),
                from.whole("timestamp").orElse(0L),
                own);
    }

    private static Optional<Kind> kind(String protocol) {
        return Arrays.stream(Kind.values())
                .filter(kind ->
                        protocol.equals(PROTOCOL + kind.word()) || protocol.equals(OLD_PROTOCOL + kind.word() + ":1"))
                .findFirst();
    }

    /**
     * Where it is published.
     *
     * @throws PortException.Refused {@code event.unencodable} without a component
     */
    public Subject target() {
        if (component.isEmpty()) {
            throw new PortException.Refused("event.unencodable", "event is not complete, component has not been set");
        }
        return Subject.of("choria.lifecycle.event." + kind.word() + "." + component);
    }

    /** A text of its kind; empty when it has none. */
    public String text(String field) {
        return own.get(field) instanceof Value.Text(String text) ? text : "";
    }

    /** One line for people, in the words of Choria's tools. */
    public String line() {
        String what = switch (kind) {
            case ALIVE, STARTUP -> component + " version " + text("version");
            case UPGRADED -> component + " version " + text("version") + " to " + text("new_version");
            case GOVERNOR -> turn();
            case PROVISIONED, SHUTDOWN -> component;
        };
        return "[" + kind.word() + "] " + identity + ": " + what;
    }

    private String turn() {
        String name = text("governor");
        String slot = own.get("sequence") instanceof Value.Num number
                        && number.value().signum() > 0
                ? number.value().toPlainString()
                : "";
        String place = slot.isEmpty() ? name : "slot " + slot + " on " + name;
        return switch (text("event_type")) {
            case "enter" -> "obtained " + (slot.isEmpty() ? "slot on " + name : place);
            case "exit" -> "vacated " + place;
            case "timeouts" -> "failed to obtain a slot on " + name;
            case "eviction" -> "evicted from " + place;
            default -> component + " at " + name;
        };
    }

    /** The plain form. */
    public Value.Obj plain() {
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("protocol", Value.text(PROTOCOL + kind.word()));
        data.put("id", Value.text(id));
        data.put("identity", Value.text(identity));
        data.put("component", Value.text(component));
        data.put("timestamp", Value.num(timestamp));
        data.putAll(own);
        return Value.obj(data);
    }

    /** The CloudEvent. */
    public Event event() {
        return new Event(id, SOURCE, PROTOCOL + kind.word(), identity, Instant.ofEpochSecond(timestamp), plain());
    }

    private static PortException.Refused undecodable(String what) {
        return new PortException.Refused("event.undecodable", what);
    }
}
