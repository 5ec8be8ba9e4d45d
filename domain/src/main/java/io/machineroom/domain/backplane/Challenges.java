package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Nonces that were given out: good once, for {@value #SECONDS} seconds, for one purpose; at most
 * {@value #MAX}, then the oldest go. Belongs to the desk.
 */
final class Challenges {
    static final int SECONDS = 60;
    private static final int MAX = 20_000;

    private final Entropy entropy;
    private final TimeSource time;
    private final Map<String, Long> open = new LinkedHashMap<>();

    Challenges(Entropy entropy, TimeSource time) {
        this.entropy = entropy;
        this.time = time;
    }

    String give(String purpose) {
        String nonce = entropy.hex(32);
        open.put(purpose + " " + nonce, time.ticks() + SECONDS * 1_000_000_000L);
        if (open.size() > MAX) {
            Iterator<String> oldest = open.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return nonce;
    }

    /** Uses a nonce up; false when it was never given, was used, or is too old. */
    boolean take(String purpose, String nonce) {
        Long until = open.remove(purpose + " " + nonce);
        return until != null && until - time.ticks() > 0;
    }
}
