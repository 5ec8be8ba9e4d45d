package io.machineroom.domain.backplane;

import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;

/**
 * One event or void as it came in, whichever way.
 *
 * @param origin who sent it
 * @param stamp its place in the history of that node
 * @param message subject without the node's prefix, headers that travel, body
 */
public record Arrived(Origin origin, Stamp stamp, Message message) {
    private static final int OVERHEAD = 256;

    /** Bytes it costs to keep, about: a node must not get more for its share by putting it into headers. */
    int weight() {
        int weight = OVERHEAD
                + message.size()
                + message.subject().text().length()
                + message.id().length();
        for (var header : message.headers().entrySet()) {
            weight += header.getKey().length() + header.getValue().length();
        }
        return weight;
    }
}
