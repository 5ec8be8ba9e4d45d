package io.machineroom.app.simulation;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.store.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The whole product on virtual time: one SaaS and its nodes, the network between, and an agenda of what happens to
 * them. The same seed makes the same history.
 */
final class SimWorld {
    private final long seed;
    private final SimTasks sim;
    private final SimNetwork network;
    private final SimulatedWeb web;
    private final Accounts accounts;
    private final Codecs codecs = Codecs.real();
    private final Alarm alarm = new Alarm();
    private final Truth truth = new Truth(alarm);
    private final Censor censor = new Censor(alarm, this::nodes);
    private final LimitWatch limit = new LimitWatch(this);
    private final Saas saas;
    private final List<NodeBox> nodes = new ArrayList<>();
    private final SiteMap map = new SiteMap(this);
    /** Where a node belongs, by its identity. */
    private final Map<String, String> belongs = new TreeMap<>();

    private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, Long> exits = new TreeMap<>();
    private Consumer<EventLog.Entry> onStored = entry -> {};
    private Predicate<EventLog.Entry> forgotten = entry -> false;
    private boolean boundless;
    private long entries;
    private long hung;

    private record Entry(long at, long order, String what, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    SimWorld(long seed) {
        this.seed = seed;
        this.sim = new SimTasks(seed).afterEachStep(alarm::check);
        this.network = new SimNetwork(sim);
        this.web = new SimulatedWeb(sim, network);
        this.accounts = new Accounts(network, codecs.json());
        this.saas = new Saas(this);
    }

    /** Makes a node on its own with these machines and starts it. */
    NodeBox node(String identity, Map<String, String> machines) {
        NodeBox node = node(identity, machines, saas.token(), Saas.PLANT);
        node.start();
        return node;
    }

    /** One that enrols with that token; it is to be started. */
    NodeBox node(String identity, Map<String, String> machines, Secret token, String site) {
        NodeBox node = new NodeBox(this, identity, identity);
        token.useText(text -> {
            censor.forbid(text, "the provisioning token");
            return text;
        });
        node.furnish(token, machines);
        belongs.put(identity, site);
        nodes.add(node);
        return node;
    }

    List<SiteHost> sites() {
        return map.sites();
    }

    /** Where the names of sites lead. */
    SiteMap map() {
        return map;
    }

    boolean belongs(NodeBox node, String site) {
        return site.equals(belongs.get(node.identity()));
    }

    /** Tells also that one of every entry that the log stores. */
    void onStored(Consumer<EventLog.Entry> other) {
        onStored = other;
    }

    void stored(EventLog.Entry entry) {
        censor.look(entry);
        String site = belongs.get(entry.identity());
        // the backplane speaks of nodes under its own name
        if (site != null && !entry.site().equals(site)) {
            alarm.raise(
                    Invariant.RIGHT_SITE,
                    entry.identity() + " of " + site + " is stored as of " + entry.site() + ": " + entry.stamp());
        }
        onStored.accept(entry);
    }

    /** Plants a bug: a log that acknowledges these entries and does not store them. */
    void logForgets(Predicate<EventLog.Entry> which) {
        forgotten = which;
    }

    Predicate<EventLog.Entry> forgotten() {
        return forgotten;
    }

    /** Plants a bug: spools opened from now on know no bounds. */
    void spoolsIgnoreBounds() {
        boundless = true;
    }

    boolean boundless() {
        return boundless;
    }

    // --- what the parts use ----------------------------------------------------------------------

    long seed() {
        return seed;
    }

    SimTasks sim() {
        return sim;
    }

    SimNetwork network() {
        return network;
    }

    SimulatedWeb web() {
        return web;
    }

    Accounts accounts() {
        return accounts;
    }

    Codecs codecs() {
        return codecs;
    }

    Alarm alarm() {
        return alarm;
    }

    Truth truth() {
        return truth;
    }

    Censor censor() {
        return censor;
    }

    LimitWatch limit() {
        return limit;
    }

    Saas saas() {
        return saas;
    }

    List<NodeBox> nodes() {
        return nodes;
    }

    long now() {
        return sim.time().ticks();
    }

    /** A request was answered with a fault of the product. */
    void broken(RuntimeException fault) {
        log("a request ended with " + fault);
        alarm.raise(Invariant.NO_FAULT, "a request ended with " + fault + " at " + fault.getStackTrace()[0]);
    }

    void exits(String code) {
        exits.merge(code, 1L, Long::sum);
    }

    Map<String, Long> exits() {
        return exits;
    }

    void hung() {
        hung++;
    }

    long hangs() {
        return hung;
    }

    // --- what happens ----------------------------------------------------------------------------

    /** A line of the story of this world. */
    void log(String line) {
        log.add(now() / 1_000_000_000L + " s: " + line);
    }

    List<String> story() {
        return log;
    }

    /** Does it between two steps, that much later. */
    void later(Duration when, String what, Runnable action) {
        agenda.add(new Entry(now() + when.toNanos(), entries++, what, action));
    }

    private boolean due() {
        Entry next = agenda.peek();
        return next != null && next.at() <= now();
    }

    /** Lets the world live that long. */
    void live(Duration time) {
        long end = now() + time.toNanos();
        while (now() < end) {
            boolean due = sim.runUntil(this::due, Duration.ofNanos(end - now()));
            alarm.check();
            if (due) {
                agenda.poll().action().run();
                alarm.check();
            }
        }
    }
}
