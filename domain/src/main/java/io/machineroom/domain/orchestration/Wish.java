package io.machineroom.domain.orchestration;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.ports.runtime.Entropy;
import java.time.Duration;

/**
 * What is asked of a governor.
 *
 * @param governor its name
 * @param holder who asks, for people
 * @param patience how long to go on asking
 * @param pace how long to wait between two tries
 * @param ending what becomes of the slot when the work is done
 */
public record Wish(String governor, String holder, Duration patience, Pace pace, Ending ending) {
    /** How long people wait who said nothing else. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    /** How long to wait between two tries. */
    public interface Pace {
        /**
         * The wait after a try.
         *
         * @param tries made so far, from 1
         */
        Duration after(int tries, Entropy entropy);
    }

    /** What becomes of the slot. */
    public enum Ending {
        /** It is given back, and while the work goes on it is renewed. */
        LEAVE,
        /** It stays until it is too old: so many runs a period, however short they are. */
        EXPIRE
    }

    /** As a watcher of a machine asks: 250 ms, then the steps of <em>FiveSec</em>. */
    public static Wish ofWatcher(String governor, String machine, String watcher, String identity, Duration patience) {
        Backoff steps = Backoff.fiveSec();
        Pace pace = (tries, entropy) -> tries == 1 ? Duration.ofMillis(250) : steps.delay(tries - 1, entropy);
        // two spaces, as Choria has it
        String holder = "Auto Agent  " + machine + "#" + watcher + " @ " + identity;
        return new Wish(governor, holder, patience, pace, Ending.LEAVE);
    }
}
