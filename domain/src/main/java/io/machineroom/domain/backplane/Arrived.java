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
    /** Bytes it costs to keep. */
    int weight() {
        return message.size() + message.subject().text().length() + 256;
    }
}
