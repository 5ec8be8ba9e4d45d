package com.example.segment;

import io.machineroom.ports.stream.Subject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The last numbers of each subject in lane {@code NEWEST}; empty in the others. Any task. */
final class Newest {
    private final Map<String, Frame.Numbers> last = new ConcurrentHashMap<>();

    void put(Subject subject, Frame.Numbers numbers) {
        last.merge(subject.text(), numbers, (a, b) -> isBefore(a, b) ? b : a);
    }

    boolean isSuperseded(Subject subject, Frame.Numbers numbers) {
        Frame.Numbers newest = last.get(subject.text());
        return newest != null && isBefore(numbers, newest);
    }

    void forgetBefore(Place place) {
        last.values().removeIf(n -> isBefore(n, new Frame.Numbers(place.epoch(), place.next(), place.next())));
    }

    private static boolean isBefore(Frame.Numbers a, Frame.Numbers b) {
        return a.epoch() < b.epoch() || a.epoch() == b.epoch() && a.from() < b.from();
    }
}
