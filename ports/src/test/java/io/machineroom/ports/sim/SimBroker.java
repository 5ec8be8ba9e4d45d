package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brokers of a simulated world. What one stored in a directory is there again when one starts on it;
 * a host of the network has one broker at a time.
 */
public final class SimBroker implements Broker {
    private static final int FIRST_PORT = 20_000;

    /** Addresses that stand for all of a machine. */
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    private final SimNetwork network;
    private final String machine;
    private final Map<Path, SimStreams> stores = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();
    private final Map<Path, SimRunning> running = new HashMap<>();
    private final Set<Path> orphans = new HashSet<>();
    private final Map<Path, Seat> seats = new HashMap<>();
    private String missing = "";
    private int started;

    /** What a directory is part of. */
    private record Seat(SimCluster cluster, String host) {}

    /** Brokers that stand at the hosts that they are told to listen on. */
    public SimBroker(SimNetwork network) {
        this(network, "everywhere");
    }

    /** Brokers of a host; one that listens on all addresses stands there. */
    public SimBroker(SimNetwork network, String host) {
        this.network = network;
        this.machine = host;
    }

    /** The program is not installed. */
    public void uninstall(String remedy) {
        missing = remedy;
    }

    public boolean listens(int port) {
        return taken.contains(port);
    }

    /** What the broker of that directory holds: the store of all when it is one of a cluster. */
    public SimStreams store(Path directory) {
        Seat seat = seats.get(directory);
        return seat == null ? alone(directory) : seat.cluster().store();
    }

    private SimStreams alone(Path directory) {
        seats.remove(directory);
        return stores.computeIfAbsent(
                directory, _ -> new SimStreams(network.sim().time()));
    }

    @Override
    public String missing() {
        return missing;
    }

    @Override
    public Running start(Spec spec, Duration patience) {
        if (!missing.isEmpty()) {
            throw new PortException.Unavailable("broker.missing", missing);
        }
        started++;
        if (orphans.remove(spec.directory())) {
            kill(spec.directory());
        }
        int port = spec.port() == 0 ? FIRST_PORT + started : spec.port();
        if (!taken.add(port)) {
            throw new PortException.Unavailable("broker.start", "port " + port + " is taken");
        }
        String host = EVERYWHERE.contains(spec.host()) ? machine : spec.host();
        begin(spec);
        spec.membership()
                .ifPresentOrElse(
                        membership -> join(spec.directory(), host, membership.cluster()),
                        () -> network.serve(host, alone(spec.directory())));
        SimRunning fresh = new SimRunning(host, port, started);
        running.put(spec.directory(), fresh);
        return fresh;
    }

    /** What was stored with another membership is not used again. */
    private void begin(Spec spec) {
        if (spec.membership().isPresent()) {
            stores.remove(spec.directory());
        } else {
            leave(spec.directory());
        }
    }

    private void leave(Path directory) {
        Seat seat = seats.remove(directory);
        if (seat != null) {
            seat.cluster().forget(seat.host(), Optional.empty());
        }
    }

    @Override
    public void retire(Path directory) {
        leave(directory);
        stores.remove(directory);
    }

    /** Whoever started the one on that directory was killed: it runs on, and the next start there takes over. */
    public void orphan(Path directory) {
        orphans.add(directory);
    }

    /** Whether one runs on that directory. */
    public boolean runs(Path directory) {
        SimRunning there = running.get(directory);
        return there != null && there.alive();
    }

    /** The directory is gone with all that was stored in it; who runs on it dies. */
    public void lose(Path directory) {
        kill(directory);
        stores.remove(directory);
        Seat seat = seats.get(directory);
        if (seat != null) {
            seat.cluster().forget(seat.host(), Optional.empty());
        }
    }

    /** Who runs on the directory dies, and its disk has what it had that long ago. */
    public void forget(Path directory, Duration last) {
        kill(directory);
        Seat seat = seats.get(directory);
        if (seat == null) {
            alone(directory).forget(last);
        } else {
            seat.cluster().forget(seat.host(), Optional.of(last));
        }
    }

    /** The clock of the machine is that much ahead from now on; the directory is one of a cluster. */
    public void clockAhead(Path directory, Duration by) {
        seat(directory).cluster().clockAhead(seat(directory).host(), by);
    }

    /** Whether the one on that directory is at the head of its cluster, so that its clock counts. */
    public boolean heads(Path directory) {
        return seat(directory).cluster().head().equals(seat(directory).host());
    }

    private Seat seat(Path directory) {
        return Optional.ofNullable(seats.get(directory)).orElseThrow();
    }

    private void join(Path directory, String host, BrokerCluster told) {
        seats.put(directory, new Seat(network.cluster(told.name()), host));
        network.serve(host, told);
    }

    /** Whatever runs on that directory dies. */
    public void kill(Path directory) {
        SimRunning before = running.remove(directory);
        if (before != null) {
            before.stop(Duration.ZERO);
        }
    }

    private final class SimRunning implements Running {
        private final String host;
        private final int port;
        private final long pid;
        private boolean stopped;

        SimRunning(String host, int port, long pid) {
            this.host = host;
            this.port = port;
            this.pid = pid;
        }

        @Override
        public URI url() {
            return URI.create("tls://" + host + ":" + port);
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean alive() {
            return !stopped;
        }

        @Override
        public void admit(Account account) {
            if (stopped) {
                throw new PortException.Unavailable("broker.account", "it does not run");
            }
        }

        @Override
        public void reload(Spec spec, Duration patience) {
            if (stopped) {
                throw new PortException.Unavailable("broker.reload", "it does not run");
            }
        }

        @Override
        public void stop(Duration grace) {
            if (!stopped) {
                stopped = true;
                taken.remove(port);
                network.remove(host);
            }
        }
    }
}
