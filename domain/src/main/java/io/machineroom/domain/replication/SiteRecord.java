package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.util.List;
import java.util.Set;

/**
 * What a node of the site handed over, as it stands in the site's intake.
 *
 * @param arrival how it is settled
 * @param stamp its place in the node's history
 * @param forwarded as it goes on
 */
record SiteRecord(Intake.Arrival arrival, Stamp stamp, SiteSink.Forwarded forwarded) {
    private static final Set<String> PREFIXES = Set.of("mr", "mu");

    /**
     * Reads an arrival.
     *
     * @throws PortException.Refused {@code site.malformed} for what no node of this protocol sends
     */
    static SiteRecord of(Intake.Arrival arrival) {
        Message message = arrival.message();
        List<String> tokens = message.subject().tokens();
        if (tokens.size() < 3 || !PREFIXES.contains(tokens.getFirst())) {
            throw new PortException.Refused("site.malformed", "the subject names no node: " + message.subject());
        }
        String node = tokens.get(1);
        try {
            Subject original = message.subject().without(tokens.getFirst() + "." + node);
            return new SiteRecord(
                    arrival,
                    Stamp.ofHeaders(message.headers()),
                    new SiteSink.Forwarded(node, arrival.messageId(), message.at(original)));
        } catch (IllegalArgumentException fault) {
            throw new PortException.Refused("site.malformed", String.valueOf(fault.getMessage()), fault);
        }
    }

    Run run() {
        return new Run(forwarded.nodeKey(), stamp.epoch(), stamp.lane());
    }

    Key key() {
        return new Key(run(), stamp.from(), stamp.through(), forwarded.message().id());
    }

    /** What is numbered together. */
    record Run(String nodeKey, Epoch epoch, Lane lane) {}

    /** The same numbers under another id are another record: the node has a clone. */
    record Key(Run run, long from, long through, String id) {}
}
