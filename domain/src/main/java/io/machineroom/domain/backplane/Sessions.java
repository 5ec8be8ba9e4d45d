package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Open sessions, in memory: {@value #SECONDS} seconds each, at most {@value #MAX} and {@value #MAX_OF_A_NODE}
 * of a node, then the oldest go: no node can end the sessions of others by opening many. A
 * session names the node as it was enrolled when it was opened. Belongs to the desk.
 */
final class Sessions {
    static final int SECONDS = 900;
    private static final int MAX = 100_000;
    private static final int MAX_OF_A_NODE = 8;

    private final Entropy entropy;
    private final TimeSource time;
    private final Map<String, Session> open = new LinkedHashMap<>();
    private final Map<String, Deque<String>> ofNode = new HashMap<>();

    Sessions(Entropy entropy, TimeSource time) {
        this.entropy = entropy;
        this.time = time;
    }

    private record Session(Origin origin, long untilTicks) {}

    String open(Origin origin) {
        String token = entropy.hex(32);
        open.put(token, new Session(origin, time.ticks() + SECONDS * 1_000_000_000L));
        Deque<String> mine = ofNode.computeIfAbsent(key(origin), k -> new ArrayDeque<>());
        mine.add(token);
        if (mine.size() > MAX_OF_A_NODE) {
            open.remove(mine.remove());
        }
        Iterator<Map.Entry<String, Session>> oldest = open.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Session> one = oldest.next();
            if (one.getValue().untilTicks() - time.ticks() > 0 && open.size() <= MAX) {
                break;
            }
            oldest.remove();
            forget(one.getKey(), one.getValue());
        }
        return token;
    }

    private static String key(Origin origin) {
        return origin.customer() + "/" + origin.identity();
    }

    private void forget(String token, Session session) {
        ofNode.computeIfPresent(key(session.origin()), (k, tokens) -> {
            tokens.remove(token);
            return tokens.isEmpty() ? null : tokens;
        });
    }

    Optional<Origin> find(String token) {
        Session session = open.get(token);
        if (session == null) {
            return Optional.empty();
        }
        if (session.untilTicks() - time.ticks() <= 0) {
            open.remove(token);
            forget(token, session);
            return Optional.empty();
        }
        return Optional.of(session.origin());
    }

    /** Ends all sessions of a node. */
    void drop(String customer, String identity) {
        Deque<String> tokens = ofNode.remove(customer + "/" + identity);
        if (tokens != null) {
            tokens.forEach(open::remove);
        }
    }

    int size() {
        return open.size();
    }
}
