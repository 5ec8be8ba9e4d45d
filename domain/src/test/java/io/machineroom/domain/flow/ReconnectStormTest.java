package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimTransport;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All nodes of one server lose it at the same moment. */
final class ReconnectStormTest {
    private static final int NODES = 200;

    private final SimTasks tasks = new SimTasks(7);
    private final SimNetwork network = new SimNetwork(tasks);
    private final List<Long> connects = new ArrayList<>();
    private final List<LinkKeeper> keepers = new ArrayList<>();
    private final List<Tasks.Task> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Tasks.Task::cancel);
        tasks.settle();
    }

    /** A way that notes when it was tried. */
    private final class Noting implements Transport {
        private final Transport way = SimTransport.nats(network, "node");

        @Override
        public Set<String> schemes() {
            return way.schemes();
        }

        @Override
        public Link connect(Endpoint endpoint) throws InterruptedException {
            connects.add(tasks.time().ticks());
            return way.connect(endpoint);
        }
    }

    private void start(Duration spread) {
        network.serve("site");
        for (int i = 0; i < NODES; i++) {
            Endpoint endpoint = new Endpoint(
                    List.of(URI.create("tls://site:9222")),
                    TrustPolicy.system(),
                    new Endpoint.Credentials.Anonymous(),
                    "n" + i,
                    Duration.ofSeconds(5));
            LinkKeeper keeper = new LinkKeeper(
                    List.of(new Way("nats", new Noting(), endpoint)),
                    new LinkSettings(Duration.ofSeconds(5), Duration.ofSeconds(15), spread),
                    tasks,
                    tasks.time(),
                    tasks.entropy(),
                    new SimMeter());
            keepers.add(keeper);
            running.add(tasks.fork("n" + i, keeper::run));
        }
        assertTrue(tasks.runUntil(this::allUp, Duration.ofSeconds(10)));
        connects.clear();
    }

    private boolean allUp() {
        return keepers.stream().allMatch(keeper -> keeper.current().isPresent());
    }

    /** Most connections that were begun in one and the same tenth of a second. */
    private long steepest() {
        Map<Long, Long> each = connects.stream()
                .collect(Collectors.groupingBy(t -> t / 100_000_000L, TreeMap::new, Collectors.counting()));
        return each.values().stream().mapToLong(n -> n).max().orElseThrow();
    }

    @Test
    void comesBackOverTheWholeSpread() {
        start(Duration.ofSeconds(10));
        network.restart("site");
        tasks.advance(Duration.ofSeconds(15));
        assertTrue(allUp());
        assertEquals(NODES, connects.size(), "one try each");
        assertTrue(steepest() <= 10, "in a tenth of a second: " + steepest());
    }

    @Test
    void withoutASpreadAllComeAtOnce() {
        start(Duration.ZERO);
        network.restart("site");
        tasks.advance(Duration.ofSeconds(15));
        assertTrue(allUp());
        assertTrue(steepest() > NODES / 20, "in a tenth of a second: " + steepest());
    }

    @Test
    void triesMoreAndMoreRarelyWhileNobodyIsThere() {
        start(LinkSettings.DEFAULT_RECONNECT_SPREAD);
        network.remove("site");
        tasks.advance(Duration.ofMinutes(10));
        Function<Duration, Long> since = span -> connects.stream()
                .filter(t -> t > tasks.time().ticks() - span.toNanos())
                .count();
        assertTrue(since.apply(Duration.ofMinutes(5)) <= NODES * 5L * 60 / 14, "about one in twenty seconds");
        assertTrue(since.apply(Duration.ofMinutes(5)) >= NODES * 5L * 60 / 31);
        assertTrue(connects.size() < NODES * 50L, "tries: " + connects.size());
    }
}
