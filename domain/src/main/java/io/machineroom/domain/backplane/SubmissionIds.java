package io.machineroom.domain.backplane;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of the newest submissions, each with the entry that brought it first. Whether a broker drops a repeat depends on
 * when it came; whether it is one of a stream's messages must not, or the numbers of the stream tell nothing. One task.
 */
final class SubmissionIds {
    /** Ids that are remembered, the newest ones. */
    static final int MAX = 10_000;

    private final Map<String, Long> first = new LinkedHashMap<>();

    /** Whether an entry before this one brought the id; the entries come in the order of the log, again and again. */
    boolean isRepeat(String id, long entry) {
        Long known = first.get(id);
        if (known != null) {
            return known < entry;
        }
        first.put(id, entry);
        if (first.size() > MAX) {
            first.remove(first.keySet().iterator().next());
        }
        return false;
    }
}
