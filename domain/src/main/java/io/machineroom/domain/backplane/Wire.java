package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what nodes publish into {@code MR_INTAKE} ({@code docs/protocol.md} section 2). */
final class Wire {
    static final String PREFIX = "mr";
    /** Before what is in lane urgent, so that a site can keep it in a stream of its own. */
    static final String URGENT_PREFIX = "mu";
    /** Before the name of a site, in what its leader passes on. */
    static final String SITE_PREFIX = "ms";

    private static final int MAX_ID = 128;

    private static final int MAX_HEADERS = 8 * 1024;

    private Wire() {}

    /**
     * Whose record a subject says it is.
     *
     * @param site the site whose leader passed it on; empty when the node itself sent it
     */
    record Address(String site, String nodeKey) {}

    /** The address in the subject {@code mr.<U…>.…}, {@code mu.<U…>.…} or {@code ms.<site>.<U…>.…}; empty when there is none. */
    static Optional<Address> address(Intake.Arrival arrival) {
        var tokens = arrival.message().subject().tokens();
        if (tokens.size() > 2
                && (tokens.getFirst().equals(PREFIX) || tokens.getFirst().equals(URGENT_PREFIX))) {
            return Optional.of(new Address("", tokens.get(1)));
        }
        return tokens.size() > 3 && tokens.getFirst().equals(SITE_PREFIX)
                ? Optional.of(new Address(tokens.get(1), tokens.get(2)))
                : Optional.empty();
    }

    /**
     * The record of an arrival, without the node's prefix and without the headers of the wire.
     *
     * @throws PortException.Refused {@code arrival.malformed} naming what is wrong
     */
    static Arrived read(Intake.Arrival arrival, Origin origin) {
        Message raw = arrival.message();
        try {
            Stamp stamp = Stamp.ofHeaders(raw.headers());
            Subject subject = raw.subject().without(prefix(arrival, origin));
            String id = stamp.isVoid()
                    ? "void-" + stamp.from()
                    : Optional.ofNullable(raw.headers().get("Mr-Id")).orElse("");
            check(stamp);
            Instant created = Optional.ofNullable(raw.headers().get("Mr-Created"))
                    .map(Instant::parse)
                    .orElse(raw.created());
            if (!isId(id) || (stamp.isVoid() ? !subject.equals(Delivery.VOID_SUBJECT) : !isEventSubject(subject))) {
                throw new PortException.Refused("arrival.malformed", "id or subject is not allowed");
            }
            return new Arrived(origin, stamp, new Message(subject, id, travelling(raw.headers()), raw.body(), created));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new PortException.Refused("arrival.malformed", String.valueOf(e.getMessage()), e);
        }
    }

    private static String prefix(Intake.Arrival arrival, Origin origin) {
        String site = address(arrival).map(Address::site).orElse("");
        String first = arrival.message().subject().tokens().getFirst();
        return first + "." + (site.isEmpty() ? "" : site + ".") + origin.nodeKey();
    }

    /**
     * The headers that a record keeps.
     *
     * @throws IllegalArgumentException when they cannot travel
     */
    static Map<String, String> travelling(Map<String, String> headers) {
        Map<String, String> out = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            size += header.getKey().length() + header.getValue().length();
            if (size > MAX_HEADERS || !isHeader(header.getValue()) || !isName(header.getKey())) {
                throw new IllegalArgumentException("headers are printable and at most " + MAX_HEADERS + " characters");
            }
        }
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!lower.startsWith("mr-") && !lower.startsWith("nats-")) {
                out.put(name, value);
            }
        });
        return out;
    }

    /**
     * Whether a history can be like that: a void gives one of the causes of the protocol, and the epoch before is an
     * earlier one of the same spool that was not empty.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    static void check(Stamp stamp) {
        if (!stamp.cause().map(Stamp.CAUSES::contains).orElse(true)) {
            throw new IllegalArgumentException("the cause of number " + stamp.from() + " is none of " + Stamp.CAUSES);
        }
        Stamp.EpochEnd previous = stamp.previous();
        if (previous != null
                && (!previous.epoch().lineage().equals(stamp.epoch().lineage())
                        || previous.epoch().ordinal() >= stamp.epoch().ordinal()
                        || previous.last() < 1)) {
            throw new IllegalArgumentException("the epoch before is none: " + previous.wire());
        }
    }

    private static boolean isName(String name) {
        return isId(name) && name.indexOf(':') < 0;
    }

    /** Whether a text can stand in a header of either transport. */
    static boolean isHeader(String value) {
        return value.length() <= MAX_HEADERS && value.chars().allMatch(c -> c >= ' ' && c != 127);
    }

    static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= MAX_ID && id.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** Whether a node may send under this subject: literal, and none of the subjects of the wire itself. */
    static boolean isEventSubject(Subject subject) {
        String text = subject.text();
        return subject.isLiteral()
                && !text.startsWith("$")
                && !text.startsWith("_")
                && !subject.isUnder(PREFIX)
                && !subject.isUnder(URGENT_PREFIX)
                && !subject.equals(Delivery.VOID_SUBJECT);
    }
}
