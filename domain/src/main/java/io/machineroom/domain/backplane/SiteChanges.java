package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;

/**
 * When which site of a customer was changed, in {@code site-changes/<customer>.json}, and what the customer's nodes are told of it
 * (key {@code sites} of bucket {@code CONFIG}, {@code docs/protocol.md} section 8): a node whose enrolment is older asks for a new
 * one. Found by comparing the register with what it was when it was compared last, so that no crash and no command on a stopped
 * backplane hides a change. Whoever changes the register calls it; everybody reads the newest published state.
 */
final class SiteChanges {
    /** Key of what nodes are told. */
    static final String KEY = "sites";

    private static final String ROOT = "site-changes";
    private static final int MAX_BYTES = 16 << 20;
    /** Nodes renew daily in any case. */
    private static final Duration TOLD = Duration.ofDays(2);
    /** So many enrolments are renewed in a second, on average, when the nodes of a site hear of a change. */
    private static final long PER_SECOND = 20;

    private static final long LEAST_SECONDS = 300;
    private static final long MOST_SECONDS = 3_600;

    private final FileTree files;
    private final JsonFormat json;
    private final TimeSource time;
    private volatile ToLongBiFunction<String, String> nodes = (customer, site) -> 0;
    private volatile Map<String, State> states = Map.of();

    SiteChanges(FileTree files, JsonFormat json, TimeSource time) {
        this.files = files;
        this.json = json;
        this.time = time;
    }

    /**
     * What is remembered of a site.
     *
     * @param changed Unix seconds; 0 when it never was since changes are remembered
     * @param within seconds in which its nodes shall renew; 0 while nobody knows how many they are
     * @param was what it was; empty when it is registered no more
     */
    private record Entry(long changed, long within, Optional<Value> was) {}

    /** The sites of a customer by name; {@code revision} counts changes, 0 when it was never written. */
    private record State(long revision, Map<String, Entry> sites, Optional<Told> told) {
        static final State NONE = new State(0, Map.of(), Optional.empty());
    }

    /** What nodes are told. */
    record Told(long revision, byte[] document) {}

    /** How many nodes a site has, by customer and site; for a running backplane, which knows. */
    void count(ToLongBiFunction<String, String> counting) {
        nodes = counting;
    }

    /**
     * Reads the files. A customer without one begins with the sites that he has, as if they had been so for ever.
     *
     * @throws PortException.Corrupted {@code state.damaged} naming the file
     */
    void load(Collection<Site> all) {
        Map<String, State> read = new HashMap<>();
        for (String name : files.walk(ROOT)) {
            if (name.endsWith(".json")) {
                read.put(name.substring(0, name.length() - ".json".length()), read(ROOT + "/" + name));
            }
        }
        byCustomer(all)
                .forEach((customer, sites) -> read.computeIfAbsent(customer, c -> {
                    Map<String, Entry> known = new TreeMap<>();
                    sites.forEach((site, now) -> known.put(site, new Entry(0, 0, Optional.of(now))));
                    return state(0, known);
                }));
        states = Map.copyOf(read);
    }

    private State read(String path) {
        try {
            Value.Obj saved = (Value.Obj) json.read(files.read(path, MAX_BYTES).orElseThrow(), MAX_BYTES);
            Map<String, Entry> sites = new TreeMap<>();
            saved.obj("sites").orElseThrow().fields().forEach((site, value) -> {
                Value.Obj entry = (Value.Obj) value;
                sites.put(
                        site,
                        new Entry(
                                entry.whole("changed").orElseThrow(),
                                entry.whole("within").orElse(0L),
                                entry.get("was")));
            });
            return state(saved.whole("revision").orElseThrow(), sites);
        } catch (PortException.Refused | NoSuchElementException | ClassCastException e) {
            throw new PortException.Corrupted(
                    "state.damaged", files.path(path) + " cannot be read; restore it, or move it away", e);
        }
    }

    private static Map<String, Map<String, Value>> byCustomer(Collection<Site> all) {
        return all.stream()
                .collect(Collectors.groupingBy(
                        Site::customer,
                        Collectors.toMap(
                                Site::name,
                                site -> site.document().without("account_jwt"),
                                (a, b) -> b,
                                TreeMap::new)));
    }

    /** Compares the register with what it was, and keeps durably what is another. */
    void compare(Collection<Site> all) {
        Map<String, Map<String, Value>> now = byCustomer(all);
        Map<String, State> next = new HashMap<>(states);
        now.keySet().forEach(customer -> next.putIfAbsent(customer, State.NONE));
        next.replaceAll((customer, before) -> compare(customer, before, now.getOrDefault(customer, Map.of())));
        states = Map.copyOf(next);
    }

    private State compare(String customer, State before, Map<String, Value> now) {
        Map<String, Entry> sites = new TreeMap<>();
        long clock = time.wall().getEpochSecond();
        before.sites().forEach((site, entry) -> {
            boolean gone = entry.was().isEmpty() && !now.containsKey(site);
            if (!gone || entry.changed() >= clock - TOLD.toSeconds()) {
                sites.put(site, judged(customer, site, entry, Optional.ofNullable(now.get(site))));
            }
        });
        Entry none = new Entry(0, 0, Optional.empty());
        now.forEach((site, is) -> sites.computeIfAbsent(site, s -> judged(customer, s, none, Optional.of(is))));
        if (before.revision() > 0 && sites.equals(before.sites())) {
            return before;
        }
        State next = state(before.revision() + 1, sites);
        files.makeDirectory(ROOT, 0700);
        files.replace(ROOT + "/" + customer + ".json", json.pretty(document(next)), 0600);
        return next;
    }

    /** Later than the change before, whatever the clock did. */
    private Entry judged(String customer, String site, Entry before, Optional<Value> is) {
        if (before.was().equals(is)) {
            boolean open = before.changed() > 0 && before.within() == 0;
            return open ? new Entry(before.changed(), within(customer, site), is) : before;
        }
        long now = Math.max(time.wall().getEpochSecond(), before.changed() + 1);
        return new Entry(now, within(customer, site), is);
    }

    private long within(String customer, String site) {
        long many = nodes.applyAsLong(customer, site);
        return many == 0 ? 0 : Math.clamp(many / PER_SECOND, LEAST_SECONDS, MOST_SECONDS);
    }

    private static Value.Obj document(State state) {
        Map<String, Value> sites = new TreeMap<>();
        state.sites().forEach((site, entry) -> {
            Value.Obj out = Value.obj("changed", Value.num(entry.changed()));
            Value.Obj timed = entry.within() == 0 ? out : out.with("within", Value.num(entry.within()));
            sites.put(site, entry.was().map(was -> timed.with("was", was)).orElse(timed));
        });
        return Value.obj("revision", Value.num(state.revision()), "sites", Value.obj(sites));
    }

    /**
     * What the nodes of a customer are told: the changes of the two days before the newest, or before now, when the clock was ahead
     * at the newest; empty when there never was one.
     */
    Optional<Told> told(String customer) {
        return states.getOrDefault(customer, State.NONE).told();
    }

    private State state(long revision, Map<String, Entry> sites) {
        long newest = sites.values().stream().mapToLong(Entry::changed).max().orElse(0);
        long end = Math.min(newest, time.wall().getEpochSecond());
        Map<String, Value> out = new TreeMap<>();
        sites.forEach((site, entry) -> {
            if (entry.changed() > 0 && entry.changed() >= end - TOLD.toSeconds()) {
                Value.Obj change = Value.obj("changed", Value.num(entry.changed()));
                out.put(site, entry.within() == 0 ? change : change.with("within", Value.num(entry.within())));
            }
        });
        Optional<Told> told =
                out.isEmpty() ? Optional.empty() : Optional.of(new Told(revision, json.write(Value.obj(out))));
        return new State(revision, sites, told);
    }
}
