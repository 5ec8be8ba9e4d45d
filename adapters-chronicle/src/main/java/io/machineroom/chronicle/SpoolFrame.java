package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Payload of a frame in a spool: version · flags · lane · epoch · from · through · cause · message. The length and the
 * checksum around it are {@link Frames}.
 *
 * @param head whose numbers
 * @param message what to send; without a body for a void
 */
record SpoolFrame(Head head, Message message) {
    private static final byte VERSION = 1;
    private static final byte[] NO_CAUSE = {};
    private static final int FIXED = 4 + 3 * 8 + 4;

    /**
     * The numbers of a frame.
     *
     * @param lane the lane
     * @param ordinal the epoch, by its ordinal
     * @param from first number
     * @param through last number
     * @param voidCause why they will never be sent; null for a message
     */
    record Head(
            Lane lane,
            long ordinal,
            long from,
            long through,
            @Nullable String voidCause) {
        Head {
            if (ordinal < 1 || from < 1 || through < from || voidCause == null && through > from) {
                throw new IllegalArgumentException("numbers " + from + " to " + through + " of epoch " + ordinal);
            }
        }

        /** The same numbers, never to be sent. */
        Head voided(String cause) {
            return new Head(lane, ordinal, from, through, cause);
        }

        private byte[] cause() {
            return voidCause == null ? NO_CAUSE : MessageCodec.utf8(voidCause);
        }
    }

    /** How files name a lane: from 0, without gaps, for ever. */
    static int code(Lane lane) {
        return switch (lane) {
            case URGENT -> 0;
            case NORMAL -> 1;
            case BULK -> 2;
            case NEWEST -> 3;
        };
    }

    private static Lane lane(int code) {
        for (Lane lane : Lane.values()) {
            if (code(lane) == code) {
                return lane;
            }
        }
        throw new IllegalArgumentException("lane " + code);
    }

    static int bytes(Head head, MessageCodec.Prepared message) {
        return FIXED + head.cause().length + message.bytes();
    }

    static void put(ByteBuffer to, Head head, MessageCodec.Prepared message) {
        byte[] cause = head.cause();
        to.put(VERSION).put((byte) (head.voidCause == null ? 0 : 1));
        to.put((byte) code(head.lane)).put((byte) 0);
        to.putLong(head.ordinal).putLong(head.from).putLong(head.through);
        to.putInt(cause.length).put(cause);
        message.put(to);
    }

    /**
     * Reads a payload; the body of its message is a slice of the buffer.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static SpoolFrame read(ByteBuffer from) {
        try {
            byte version = from.get();
            boolean empty = from.get() == 1;
            int lane = from.get();
            from.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("frame of version " + version);
            }
            long ordinal = from.getLong();
            long first = from.getLong();
            long last = from.getLong();
            String cause = MessageCodec.text(from);
            return new SpoolFrame(
                    new Head(lane(lane), ordinal, first, last, empty ? cause : null), MessageCodec.read(from));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a frame that ends early", e);
        }
    }
}
