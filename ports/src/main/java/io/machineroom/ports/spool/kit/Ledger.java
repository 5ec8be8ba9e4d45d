package io.machineroom.ports.spool.kit;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp.EpochEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/**
 * What a spool knows of its lanes besides their records: openings, the last numbers they gave, how far each reader is, and
 * what was dropped in front. A store saves it as {@link #text}. Not safe for two tasks at once.
 */
public final class Ledger {
    private static final String GIVEN = "-"; // no reader has this name
    private static final int MOST_RUNS = 64;

    private final String lineage;
    private final NavigableMap<Long, Epoch> epochs = new TreeMap<>();
    private final Set<String> readers = new TreeSet<>();
    private final Map<Cell, Long> numbers = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private long clock;

    private record Cell(String who, Lane lane, long epoch) {}

    /** All that waits in a lane up to that place is void; the runs of a lane are in order. */
    record Run(Lane lane, Place through, String cause) {}

    /** That of a new spool; the lineage is 32 random lower-case hex digits. */
    public Ledger(String lineage) {
        this.lineage = lineage;
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Ledger of(String text) {
        String[] lines = text.split("\n", -1);
        Ledger ledger = new Ledger(lines[0]);
        for (String line : List.of(lines).subList(1, lines.length)) {
            String[] parts = line.split(" ", -1);
            switch (parts[0] + parts.length) {
                case "clock2" -> ledger.clock = Long.parseLong(parts[1]);
                case "reader2" -> ledger.readers.add(parts[1]);
                case "epoch3" -> {
                    long ordinal = Long.parseLong(parts[1]);
                    ledger.epochs.put(ordinal, new Epoch(ledger.lineage, ordinal, parts[2]));
                }
                case "number5" -> ledger.put(parts[1], place(parts), Lane.ofWire(parts[2]));
                case "void5" -> ledger.runs.add(new Run(Lane.ofWire(parts[2]), place(parts), parts[1]));
                default -> throw new IllegalArgumentException("not a line of a ledger: " + line);
            }
        }
        return ledger;
    }

    private static Place place(String[] parts) {
        return new Place(Long.parseLong(parts[3]), Long.parseLong(parts[4]));
    }

    private void put(String who, Place place, Lane lane) {
        numbers.put(new Cell(who, lane, place.epoch()), place.number());
    }

    /** The text form: lines, the lineage first; as long as there are epochs with something that waits. */
    public String text() {
        StringBuilder text = new StringBuilder(lineage + "\nclock " + clock);
        readers.forEach(reader -> text.append("\nreader " + reader));
        epochs.forEach((ordinal, epoch) -> text.append("\nepoch " + ordinal + " " + epoch.nonce()));
        numbers.forEach((cell, number) ->
                text.append("\nnumber " + cell.who + " " + cell.lane.wireName() + " " + cell.epoch + " " + number));
        runs.forEach(run -> text.append("\nvoid " + run.cause + " " + run.lane.wireName() + " " + run.through.epoch()
                + " " + run.through.number()));
        return text.toString();
    }

    /** A random name that the spool keeps for life. */
    public String lineage() {
        return lineage;
    }

    /** The same for another owner. */
    public Ledger copy() {
        Ledger copy = new Ledger(lineage);
        copy.become(this);
        return copy;
    }

    void become(Ledger other) {
        epochs.clear();
        epochs.putAll(other.epochs);
        readers.clear();
        readers.addAll(other.readers);
        numbers.clear();
        numbers.putAll(other.numbers);
        runs.clear();
        runs.addAll(other.runs);
        clock = other.clock;
    }

    /** The spool's own clock, in milliseconds, as far as it is known. */
    long clock() {
        return clock;
    }

    /** It is that late at least. */
    void at(long now) {
        clock = Math.max(clock, now);
    }

    /** Begins an epoch and forgets those that nobody can ask for: neither they nor those that name them are needed. */
    Epoch begin(String nonce, LongPredicate held) {
        Set<Long> kept = new TreeSet<>();
        for (Lane lane : Lane.values()) {
            boolean named = true; // the new one names the last that gave numbers
            for (long each : epochs.descendingKeySet()) {
                boolean needed =
                        held.test(each) || Stream.of(Lane.values()).anyMatch(l -> done(l, each) < last(l, each));
                if (needed || named && last(lane, each) > 0) {
                    kept.add(each);
                }
                named = last(lane, each) > 0 ? needed : named;
            }
        }
        long ordinal = epochs.isEmpty() ? 1 : epochs.lastKey() + 1;
        epochs.keySet().retainAll(kept);
        numbers.keySet().removeIf(cell -> !epochs.containsKey(cell.epoch));
        Epoch epoch = new Epoch(lineage, ordinal, nonce);
        epochs.put(ordinal, epoch);
        return epoch;
    }

    /** The epochs from that one on. */
    Iterable<Long> since(long ordinal) {
        return epochs.tailMap(ordinal, true).keySet();
    }

    /** An epoch that is known. */
    public Epoch epoch(long ordinal) {
        return Optional.ofNullable(epochs.get(ordinal)).orElseThrow();
    }

    /** The last epoch before that gave numbers in the lane. */
    Optional<EpochEnd> previous(Lane lane, long ordinal) {
        return epochs.headMap(ordinal, false).descendingMap().values().stream()
                .filter(e -> last(lane, e.ordinal()) > 0)
                .findFirst()
                .map(e -> new EpochEnd(e, last(lane, e.ordinal())));
    }

    /** Numbers up to that one were given, in an epoch that is known. */
    void given(Lane lane, Place through) {
        if (epochs.containsKey(through.epoch())) {
            numbers.merge(new Cell(GIVEN, lane, through.epoch()), through.number(), Math::max);
        }
    }

    /** Last number given; 0 for none or an epoch that is not known. */
    long last(Lane lane, long epoch) {
        return through(GIVEN, lane, epoch);
    }

    /** A reader is done with all numbers of the epoch through this one. */
    long through(String reader, Lane lane, long epoch) {
        return numbers.getOrDefault(new Cell(reader, lane, epoch), 0L);
    }

    /** The number of an epoch through which all readers are done; 0 when there is no reader. */
    public long done(Lane lane, long epoch) {
        return readers.stream().mapToLong(r -> through(r, lane, epoch)).min().orElse(0);
    }

    /** Numbers that a reader is not done with. */
    long waiting(String reader) {
        return numbers.entrySet().stream()
                .filter(e -> e.getKey().who.equals(GIVEN))
                .mapToLong(e -> e.getValue() - through(reader, e.getKey().lane, e.getKey().epoch))
                .sum();
    }

    boolean knows(String reader) {
        return readers.contains(reader);
    }

    /** A new reader, which is done with what is gone already; before the first reader nothing is. */
    void add(String reader, ToLongBiFunction<Lane, Long> gone) {
        if (!readers.isEmpty()) {
            for (Lane lane : Lane.values()) {
                epochs.keySet().forEach(o -> put(reader, new Place(o, gone.applyAsLong(lane, o)), lane));
            }
        }
        readers.add(reader);
    }

    /** Whether a mark is progress for a reader; of an epoch that was forgotten all was done. */
    boolean isProgress(String reader, DoneMark mark) {
        Epoch epoch = mark.epoch();
        boolean known = epoch.equals(epochs.get(epoch.ordinal()));
        boolean forgotten = !epochs.containsKey(epoch.ordinal())
                && epoch.lineage().equals(lineage)
                && epoch.ordinal() < epochs.lastKey();
        if (!forgotten && (!known || mark.through() > last(mark.lane(), epoch.ordinal()))) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        return known && mark.through() > through(reader, mark.lane(), epoch.ordinal());
    }

    void commit(String reader, DoneMark mark) {
        put(reader, new Place(mark.epoch().ordinal(), mark.through()), mark.lane());
    }

    /** The run that a place lies in. */
    Optional<Run> dropped(Lane lane, Place place) {
        return runs.stream()
                .filter(run -> run.lane == lane && run.through.compareTo(place) >= 0)
                .findFirst();
    }

    /** All that waits up to a place is void. Of too many runs, or of one cause, two become one. */
    void drop(Lane lane, Place through, String cause) {
        if (dropped(lane, through).isEmpty()) {
            List<Run> mine = runs.stream().filter(run -> run.lane == lane).toList();
            if (!mine.isEmpty() && mine.getLast().cause.equals(cause)) {
                runs.remove(mine.getLast());
            } else if (mine.size() >= MOST_RUNS) {
                runs.remove(mine.getFirst());
            }
            runs.add(new Run(lane, through, cause));
        }
    }
}
