package io.machineroom.ports.kv;

import io.machineroom.ports.Port;
import io.machineroom.ports.PortException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The governors of a broker: each has a number of slots, and who holds one may work. Laid out as Choria lays them out, so that its
 * clients hold slots beside ours. A slot ends by itself when it is as old as its governor lets slots become, and there is no
 * way to make it younger. Safe from any task; every call waits for the broker, {@link #enter} at most a second.
 *
 * <p>Every call may throw
 * <ul>
 *   <li>{@code Unavailable("governor.unreachable")}: no answer, or one that says neither yes nor no. After {@link #enter}
 *       nobody knows then whether a slot was taken.
 *   <li>{@code Refused("governor.unknown")}: there is no such governor.
 *   <li>{@code Refused("governor.denied")}: this user may not do that. Nodes may enter, leave, look and list.
 *   <li>{@code Refused("governor.name")}: a name is one subject token of letters, digits, {@code -} and {@code _}, at most
 *       200 characters.
 * </ul>
 */
@Port
public interface Slots {
    /** How long {@link #ensure} keeps a governor closed at most; what takes longer is given up. */
    Duration LONGEST_CHANGE = Duration.ofSeconds(15);

    /**
     * Takes a slot and returns its number; empty when all are taken.
     *
     * @param governor whose slot
     * @param holder who wants it, for people; at most 1,024 bytes
     * @param attempt unique text of this wish, at most 128 characters. Asked again with the same one within half of the
     *     governor's lifetime of a slot and one minute, a broker that took the first answers with the same slot and takes no second one
     */
    Optional<Long> enter(String governor, String holder, String attempt) throws InterruptedException;

    /** Gives a slot back; false when nobody held it any more. */
    boolean leave(String governor, long slot) throws InterruptedException;

    /** What is known of a governor; empty when there is none of that name. */
    Optional<Standing> look(String governor) throws InterruptedException;

    /** The names of all governors, sorted; at most 1,000. */
    List<String> names() throws InterruptedException;

    /** Who holds slots now, oldest first; at most 10,000. */
    List<Slot> view(String governor) throws InterruptedException;

    /**
     * Makes a governor, or changes the one of that name.
     *
     * @throws PortException.Refused {@code governor.rules} when the broker cannot have it so; {@code governor.held} for fewer
     *     slots than are held, because some servers would end the oldest of them then
     */
    void ensure(Rules rules) throws InterruptedException;

    /**
     * Takes a slot away from whoever holds it, and returns who that was. The work is not stopped by that.
     *
     * @throws PortException.Refused {@code governor.no-slot} when nobody holds that one
     */
    String evict(String governor, long slot) throws InterruptedException;

    /** Takes all slots away. */
    void reset(String governor) throws InterruptedException;

    /** Removes a governor with its slots; false when there was none. */
    boolean delete(String governor) throws InterruptedException;

    /**
     * The governors that nobody can enter now, because somebody makes them smaller, or did and ended early; at most 1,000. A
     * change that goes on keeps one closed for {@link #LONGEST_CHANGE} at most.
     */
    List<Closed> closed() throws InterruptedException;

    /**
     * Opens a governor that was left closed, with the rules that it had before; false when it is not closed by that change any
     * more. Only for a change that cannot go on: one that does would be disturbed, and give up.
     */
    boolean open(Closed left) throws InterruptedException;

    /**
     * What a governor is to be.
     *
     * @param name one subject token
     * @param slots how many may work at once, 1 to 1,000,000
     * @param lifetime after which a slot ends by itself, in whole milliseconds; zero for never
     * @param replicas of the stream, 1 to 5
     */
    record Rules(String name, int slots, Duration lifetime, int replicas) {
        /** Longest name. */
        public static final int LONGEST_NAME = 200;

        /** Most slots. */
        public static final int MOST_SLOTS = 1_000_000;

        public Rules {
            if (slots < 1 || slots > MOST_SLOTS || replicas < 1 || replicas > 5 || lifetime.isNegative()) {
                throw new IllegalArgumentException("not the rules of a governor: " + slots + " slots, " + replicas
                        + " replicas, slots live " + lifetime);
            }
        }

        /** Whether a governor can have that name. */
        public static boolean isName(String text) {
            return text.length() <= LONGEST_NAME && text.matches("[A-Za-z0-9_-]+");
        }
    }

    /**
     * A governor as it stands.
     *
     * @param taken slots held now
     * @param lastActive when a slot was taken last; null when never
     */
    record Standing(Rules rules, long taken, @Nullable Instant lastActive) {}

    /**
     * A slot that is held.
     *
     * @param number as {@link #enter} returned it
     * @param holder who
     * @param since wall time of the broker
     */
    record Slot(long number, String holder, Instant since) {}

    /**
     * A governor that is closed.
     *
     * @param change unique text of the change that closed it; empty for one that gave none
     */
    record Closed(String governor, String change) {}
}
