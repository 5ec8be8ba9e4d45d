package io.machineroom.chronicle;

import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * One record of a lane as a cursor found it, or the lack of one.
 *
 * @param position where it starts
 * @param head its numbers
 * @param message null where the record is lost
 * @param after the place behind it
 */
record Item(
        Position position, SpoolFrame.Head head, @Nullable Message message, Place after) {
    /** What has to be remembered until it is done: the message would hold on to its whole excerpt. */
    Item withoutMessage() {
        return message == null ? this : new Item(position, head, null, after);
    }

    /** The same, with everything that is published before it. */
    Item endingAt(LaneTail end) {
        Place behind = new Place(
                end.index(), Integer.MAX_VALUE, head.ordinal(), head.through() + 1, end.records(), end.bytes());
        return new Item(position, head, message, behind);
    }
}
