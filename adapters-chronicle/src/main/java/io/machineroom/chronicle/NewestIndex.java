package io.machineroom.chronicle;

import io.machineroom.ports.stream.Subject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last record of each subject in lane {@code NEWEST}: what stands before it is superseded. Grows with the subjects
 * that wait, which the limits of the lane bound. Any task.
 */
final class NewestIndex {
    private final Map<String, Number> last = new ConcurrentHashMap<>();

    private record Number(long ordinal, long number) {
        boolean isBefore(Number other) {
            return ordinal < other.ordinal || ordinal == other.ordinal && number < other.number;
        }
    }

    /** Notes a record that is durable. */
    void put(Subject subject, long ordinal, long number) {
        last.merge(subject.text(), new Number(ordinal, number), (a, b) -> a.isBefore(b) ? b : a);
    }

    boolean isSuperseded(Subject subject, long ordinal, long number) {
        Number newest = last.get(subject.text());
        return newest != null && new Number(ordinal, number).isBefore(newest);
    }

    /** Forgets subjects of which nothing waits any more. */
    void forgetBefore(Place place) {
        Number first = new Number(place.ordinal(), place.next());
        last.values().removeIf(number -> number.isBefore(first));
    }
}
