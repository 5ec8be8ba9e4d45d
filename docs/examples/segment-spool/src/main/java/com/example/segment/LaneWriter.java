package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects the records of one group commit of a lane. Writer thread only. */
final class LaneWriter {
    private static final int KEEP = 1 << 20;

    private final LaneState state;
    private final long epoch;
    private final long segmentBytes;
    private final List<Writer.Task<?>> tasks = new ArrayList<>();
    private ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private Place open;

    LaneWriter(LaneState state, long epoch, long segmentBytes) {
        this.state = state;
        this.epoch = epoch;
        this.segmentBytes = segmentBytes;
        this.open = state.log().end();
    }

    LaneState state() {
        return state;
    }

    /** The end with what is collected. */
    Place open() {
        return open;
    }

    long next() {
        return open.epoch() == epoch ? open.next() : 1;
    }

    boolean isCollecting() {
        return buffer.position() > 0;
    }

    /** Adds the records of one append: messages, and at the end a void of so many numbers. */
    void add(List<Message> messages, Message empty, long voids, String cause, long clock) throws IOException {
        int size = voids > 0 ? Frame.size(empty, cause) : 0;
        for (Message message : messages) {
            size = Math.addExact(size, Frame.size(message, ""));
        }
        if (isCollecting() && open.offset() + size > segmentBytes) {
            flush(clock);
        }
        if (!isCollecting()) {
            open = state.log().target(size);
        }
        room(size);
        int left = messages.size() + (voids > 0 ? 1 : 0);
        for (Message message : messages) {
            frame(message, 1, "", --left > 0, clock);
        }
        if (voids > 0) {
            frame(empty, voids, cause, false, clock);
        }
    }

    private void room(int size) {
        if (buffer.remaining() < size) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.position() + size, 2 * buffer.capacity()));
            buffer = larger.put(buffer.flip());
        }
    }

    private void frame(Message message, long numbers, String cause, boolean more, long clock) {
        int size = Frame.size(message, cause);
        long from = next();
        Frame.Totals totals = new Frame.Totals(open.records() + 1, open.bytes() + size);
        Frame frame = new Frame(
                more, state.lane(), new Frame.Numbers(epoch, from, from + numbers - 1), totals, clock, cause, message);
        frame.write(buffer);
        open = LaneLog.behind(frame, open.segment(), open.offset() + size);
    }

    /** The task is answered with the next flush. */
    void owe(Writer.Task<?> task) {
        tasks.add(task);
    }

    /** Makes what is collected durable and answers who waits for it. */
    void flush(long clock) {
        List<Writer.Task<?>> owed = List.copyOf(tasks);
        tasks.clear();
        try {
            if (isCollecting()) {
                state.log().append(buffer.flip(), open, clock);
            }
            owed.forEach(Writer.Task::done);
        } catch (IOException e) {
            PortException.Unavailable told =
                    Store.disk("cannot write lane " + state.lane().wireName(), e);
            owed.forEach(task -> task.failed(told));
        } finally {
            buffer = buffer.capacity() > KEEP ? ByteBuffer.allocate(KEEP) : buffer.clear();
            open = state.log().end();
        }
    }
}
