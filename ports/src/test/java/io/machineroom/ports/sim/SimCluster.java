package io.machineroom.ports.sim;

import io.machineroom.ports.broker.BrokerCluster;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Simulated brokers that keep one store together. It answers at those that the one at its head reaches, and only while they are a
 * majority of all; after a change of heads it is silent for a while. Routes lead over one hop, as those of a nats-server do. What a
 * majority took is known by every later majority, unless stores were lost: then it goes on with what the best of them has.
 */
final class SimCluster {
    /** How long an election takes. */
    static final Duration ELECTION = Duration.ofSeconds(4);

    /** A store that has nothing. */
    private static final long NOTHING = Long.MIN_VALUE;

    /** What a host has of the store. */
    private static final class Copy {
        private int member;
        private boolean running;
        /** All that was taken until then, in ticks. */
        private long until = NOTHING;
    }

    private final SimNetwork network;
    private final SimStreams store;
    private final Map<String, Copy> copies = new TreeMap<>();
    private final Map<String, Duration> clocks = new TreeMap<>();
    private Map<Integer, String> names = Map.of();
    private String head = "";
    private Set<String> together = new TreeSet<>();
    private long silentUntil = NOTHING;
    private long until = NOTHING;

    SimCluster(SimNetwork network) {
        this.network = network;
        this.store = new SimStreams(network.sim().time())
                .amongThose(this::routes)
                .clockAhead(() -> clocks.getOrDefault(head, Duration.ZERO));
    }

    SimStreams store() {
        return store;
    }

    /** A broker of it starts at a host. */
    void join(BrokerCluster told, String host) {
        names = told.routes().stream()
                .collect(Collectors.toUnmodifiableMap(BrokerCluster.Route::member, BrokerCluster.Route::host));
        Copy copy = copies.computeIfAbsent(host, _ -> new Copy());
        copy.member = told.member();
        copy.running = true;
        look();
    }

    void leave(String host) {
        copy(host).ifPresent(copy -> copy.running = false);
        look();
    }

    /** The clock of a host is that much ahead from now on. The store is stamped and judged by that of its head. */
    void clockAhead(String host, Duration by) {
        clocks.put(host, by);
    }

    /** Who stamps what is stored now; empty while there is no majority. */
    String head() {
        return head;
    }

    /** What a host has is that old again; empty: nothing is left of it. It does not run. */
    void forget(String host, Optional<Duration> last) {
        look();
        copy(host)
                .ifPresent(copy -> copy.until = copy.until == NOTHING
                        ? NOTHING
                        : last.map(time -> copy.until - time.toNanos()).orElse(NOTHING));
    }

    private Optional<Copy> copy(String host) {
        return Optional.ofNullable(copies.get(host));
    }

    /** Whether the store answers at that host now. */
    boolean answers(String host) {
        return together.contains(host) && now() >= silentUntil;
    }

    /** Whether each of its hosts has all: who reaches the head has it at once. */
    boolean isWhole() {
        return together.size() == names.size();
    }

    private long now() {
        return network.sim().time().ticks();
    }

    /** Whether what is published at one of the two reaches who listens at the other. */
    private boolean routes(String one, String other) {
        return one.equals(other)
                || (belongs(one) && belongs(other) && network.reaches(one, other) && network.reaches(other, one));
    }

    /** Whether a broker runs there and the name of its place leads there. */
    private boolean belongs(String host) {
        Copy copy = copies.get(host);
        return copy != null
                && copy.running
                && network.resolve("", names.getOrDefault(copy.member, "")).equals(host);
    }

    /** To be called whenever somebody starts or stops, or a way opens or closes. */
    void look() {
        long now = now();
        for (String host : together) {
            copy(host).ifPresent(copy -> copy.until = now);
        }
        until = together.isEmpty() ? until : now;
        String before = head;
        head = Stream.concat(
                        Stream.of(head),
                        copies.entrySet().stream()
                                .sorted(Comparator.comparingLong(entry -> -rank(entry.getValue())))
                                .map(Map.Entry::getKey))
                .filter(host -> neighbours(host).size() > names.size() / 2)
                .findFirst()
                .orElse("");
        together = neighbours(head);
        if (!head.isEmpty() && !head.equals(before)) {
            silentUntil = now + ELECTION.toNanos();
            goOnWith(copies.get(head).until);
        }
    }

    private static long rank(Copy copy) {
        return copy.until == NOTHING ? NOTHING + 1 : copy.until;
    }

    private Set<String> neighbours(String host) {
        Set<String> out = new TreeSet<>();
        if (belongs(host)) {
            copies.keySet().stream().filter(other -> routes(host, other)).forEach(out::add);
        }
        return out;
    }

    /** What came later was with those only that are not here; whoever has it drops it when it comes back. */
    private void goOnWith(long best) {
        if (best < until) {
            if (best == NOTHING) {
                store.wipe();
                List.copyOf(copies.keySet()).forEach(network::restart);
            } else {
                store.forget(Duration.ofNanos(now() - best - 1));
            }
            until = best;
        }
        copies.values().forEach(copy -> copy.until = Math.min(copy.until, best));
    }
}
