package io.machineroom.domain.flow;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** What was sent and has no receipt yet: counts and bytes, never the messages. One task. */
final class InFlight {
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long count;
    private long bytes;

    /** A prefix of one lane and epoch was acknowledged by the next hop. */
    void add(List<Delivery> prefix) {
        Delivery last = prefix.getLast();
        long size = prefix.stream().mapToLong(d -> d.message().size()).sum();
        Sent run =
                new Sent(last.stamp().epoch(), last.stamp().lane(), last.stamp().through(), prefix.size(), size);
        sent.addLast(run);
        count += run.count();
        bytes += run.bytes();
    }

    void done(DoneMark mark) {
        for (Iterator<Sent> it = sent.iterator(); it.hasNext(); ) {
            Sent run = it.next();
            if (run.lane() == mark.lane()
                    && run.through() <= mark.through()
                    && run.epoch().equals(mark.epoch())) {
                it.remove();
                count -= run.count();
                bytes -= run.bytes();
            }
        }
    }

    void clear() {
        sent.clear();
        count = 0;
        bytes = 0;
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    /** Whether something of the lane was sent and has no receipt. */
    boolean holds(Lane lane) {
        return sent.stream().anyMatch(run -> run.lane() == lane);
    }

    long count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    private record Sent(Epoch epoch, Lane lane, long through, int count, long bytes) {}
}
