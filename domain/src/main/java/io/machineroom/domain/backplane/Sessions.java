package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Open sessions, in memory: {@value #SECONDS} seconds each, at most {@value #MAX}, then the oldest go. A
 * session names the node as it was enrolled when it was opened. Belongs to the desk.
 */
final class Sessions {
    static final int SECONDS = 900;
    private static final int MAX = 100_000;

    private final Entropy entropy;
    private final TimeSource time;
    private final Map<String, Session> open = new LinkedHashMap<>();

    Sessions(Entropy entropy, TimeSource time) {
        this.entropy = entropy;
        this.time = time;
    }

    private record Session(Origin origin, long untilTicks) {}

    String open(Origin origin) {
        String token = entropy.hex(32);
        open.put(token, new Session(origin, time.ticks() + SECONDS * 1_000_000_000L));
        Iterator<Session> oldest = open.values().iterator();
        while (oldest.hasNext()) {
            if (oldest.next().untilTicks() - time.ticks() > 0 && open.size() <= MAX) {
                break;
            }
            oldest.remove();
        }
        return token;
    }

    Optional<Origin> find(String token) {
        Session session = open.get(token);
        if (session == null || session.untilTicks() - time.ticks() <= 0) {
            open.remove(token);
            return Optional.empty();
        }
        return Optional.of(session.origin());
    }

    /** Ends all sessions of a node. */
    void drop(String customer, String identity) {
        open.values()
                .removeIf(s -> s.origin().customer().equals(customer)
                        && s.origin().identity().equals(identity));
    }

    int size() {
        return open.size();
    }
}
