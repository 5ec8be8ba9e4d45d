package io.machineroom.ports.sim;

import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.transport.Endpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Who reaches whom in a simulated world. A host is a name: of a node, or the host of a URL. Servers
 * stand at hosts; a node names itself when it makes its {@link SimTransport}.
 */
public final class SimNetwork {
    private record Way(String from, String to) {}

    private final SimTasks sim;
    private final SimEntropy chance;
    private final Map<String, SimStreams> servers = new HashMap<>();
    private final Map<String, String> pins = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Predicate<Endpoint.Credentials>> guards = new HashMap<>();
    private final Map<String, SimCluster> clusters = new TreeMap<>();
    private final Map<String, SimCluster> members = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private final Set<String> strangers = new HashSet<>();
    private final Set<String> silenced = new HashSet<>();
    private Duration delay = Duration.ZERO;
    private long jitterNanos;
    private double requestLoss;
    private double answerLoss;

    /** Nobody answered in time. */
    public static final class UnansweredException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean cut;

        public UnansweredException(boolean cut) {
            super(cut ? "the way is cut" : "no answer came", null, false, false);
            this.cut = cut;
        }

        /** Whether there is no way at all, which ends a link; else one answer was lost. */
        public boolean cut() {
            return cut;
        }
    }

    public SimNetwork(SimTasks sim) {
        this.sim = sim;
        this.chance = new SimEntropy(sim.entropy().below(Long.MAX_VALUE));
    }

    SimTasks sim() {
        return sim;
    }

    // --- who is there --------------------------------------------------------------------------

    /** A server at that host with streams of its own; returned to be looked into. */
    public SimStreams serve(String host) {
        return serve(host, new SimStreams(sim.time()));
    }

    /** Another door, or the same after a move, to those streams. */
    public SimStreams serve(String host, SimStreams streams) {
        servers.put(host, streams);
        restart(host);
        return streams;
    }

    /** Nobody listens there any more. */
    public void remove(String host) {
        servers.remove(host);
        restart(host);
        SimCluster left = members.remove(host);
        if (left != null) {
            left.leave(host);
        }
    }

    /** A server at that host that keeps one store with the others of its cluster. */
    void serve(String host, BrokerCluster told) {
        SimCluster cluster = cluster(told.name());
        serve(host, cluster.store());
        members.put(host, cluster);
        cluster.join(told, host);
    }

    /** The cluster of that name, which is there as soon as somebody asks. */
    SimCluster cluster(String name) {
        return clusters.computeIfAbsent(name, _ -> new SimCluster(this));
    }

    /** Whether the store of the server there answers: always when it is on its own. */
    boolean answers(String host) {
        SimCluster cluster = members.get(host);
        return cluster == null || cluster.answers(host);
    }

    /** Whether all who keep one store with the server there have all of it. */
    boolean copiesCurrent(String host) {
        SimCluster cluster = members.get(host);
        return cluster == null || cluster.isWhole();
    }

    boolean serves(String host) {
        return servers.containsKey(host);
    }

    /** Those who keep a store together see who reaches whom now. */
    private void changed() {
        clusters.values().forEach(SimCluster::look);
    }

    /** All links to that host are lost; it takes new ones at once. */
    public void restart(String host) {
        starts.merge(host, 1, Integer::sum);
    }

    /** The pin that the certificate shown under that name fits. Without one, any trust will do. */
    public void pin(String name, String pin) {
        pins.put(name, pin);
    }

    /** From now on that name in a URL leads to the host of that name, as an entry of the DNS does. */
    public void name(String alias, String box) {
        names.put(alias, box);
        changed();
    }

    /** The host that a name in a URL leads to, seen from a host. */
    public String resolve(String from, String name) {
        return name.equals("localhost") ? from : names.getOrDefault(name, name);
    }

    /** The server at that host lets in only those; without a guard it lets in everybody. */
    public void guard(String host, Predicate<Endpoint.Credentials> admitted) {
        guards.put(host, admitted);
    }

    /** No server lets this user in: a node's nkey, or the name of the key of another user. */
    public void shutOut(String user) {
        strangers.add(user);
    }

    public void letIn(String user) {
        strangers.remove(user);
    }

    /** What comes from that host is connected and may not publish. */
    public void silence(String host) {
        silenced.add(host);
    }

    public void unsilence(String host) {
        silenced.remove(host);
    }

    boolean isSilenced(String host) {
        return silenced.contains(host);
    }

    // --- the weather ---------------------------------------------------------------------------

    /** Nothing passes between the two, in either direction. */
    public void cut(String one, String other) {
        cuts.add(new Way(one, other));
        cuts.add(new Way(other, one));
        changed();
    }

    public void heal(String one, String other) {
        cuts.remove(new Way(one, other));
        cuts.remove(new Way(other, one));
        changed();
    }

    /** All ways are open, nothing is late or lost. */
    public void heal() {
        cuts.clear();
        delay = Duration.ZERO;
        jitterNanos = 0;
        requestLoss = 0;
        answerLoss = 0;
        changed();
    }

    /** Every message takes that long in each direction. */
    public void delay(Duration oneWay) {
        delay = oneWay;
    }

    /** And up to that much more, drawn for each. */
    public void jitter(Duration most) {
        jitterNanos = most.toNanos();
    }

    /** That part of requests never arrives, 0 to 1. */
    public void loseRequests(double part) {
        requestLoss = part;
    }

    /** That part of answers is lost although the request was carried out, 0 to 1. */
    public void loseAnswers(double part) {
        answerLoss = part;
    }

    public boolean reaches(String from, String to) {
        return !cuts.contains(new Way(from, to));
    }

    // --- for links -----------------------------------------------------------------------------

    Optional<SimStreams> server(String host) {
        return Optional.ofNullable(servers.get(host));
    }

    int starts(String host) {
        return starts.getOrDefault(host, 0);
    }

    boolean admits(String host, Endpoint.Credentials who) {
        Predicate<Endpoint.Credentials> guard = guards.get(host);
        return guard == null || guard.test(who);
    }

    /** Whether the certificate shown under that name is one that the endpoint trusts. */
    boolean fits(String name, Endpoint endpoint) {
        String pin = pins.get(name);
        return pin == null || endpoint.trust().pins().contains(pin);
    }

    boolean knows(String user) {
        return !strangers.contains(user);
    }

    /** Plays one request and its answer; the caller's task waits. */
    <T> T exchange(String from, String to, Duration timeout, Supplier<T> effect)
            throws InterruptedException, UnansweredException {
        return relay(from, to, timeout, () -> serves(to), left -> effect.get());
    }

    /** What the other end does; it may take its time. */
    public interface Effect<T> {
        T run(Duration left) throws InterruptedException, UnansweredException;
    }

    /** Plays one request to whoever is at a host, and its answer; the caller's task waits. */
    public <T> T relay(String from, String to, Duration timeout, BooleanSupplier there, Effect<T> effect)
            throws InterruptedException, UnansweredException {
        long start = sim.time().ticks();
        pass();
        boolean cut = !reaches(from, to) || !there.getAsBoolean();
        if (cut || happens(requestLoss)) {
            throw unanswered(start, timeout, cut);
        }
        T answer = effect.run(timeout.minusNanos(sim.time().ticks() - start));
        pass();
        cut = !reaches(from, to);
        if (cut || happens(answerLoss)) {
            throw unanswered(start, timeout, cut);
        }
        return answer;
    }

    private void pass() throws InterruptedException {
        long late = jitterNanos == 0 ? 0 : chance.below(jitterNanos);
        if (!delay.isZero() || late > 0) {
            sim.sleep(delay.plusNanos(late));
        }
    }

    private UnansweredException unanswered(long start, Duration timeout, boolean cut) throws InterruptedException {
        sim.sleep(timeout.minusNanos(sim.time().ticks() - start));
        return new UnansweredException(cut);
    }

    private boolean happens(double part) {
        return part > 0 && chance.below(1_000_000) < part * 1_000_000;
    }

    /** Whether a message that nobody answers arrives. */
    boolean passes(String from, String to, Message message) {
        return reaches(from, to) && !happens(requestLoss) && message.size() <= SimStreams.MAX_PAYLOAD;
    }
}
