package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;

/**
 * The register of sites, one file each: {@code sites/<customer>/<site>.json}. One at a time changes it, the desk of a running
 * backplane or the command on a stopped one; everybody reads the newest published state.
 */
public final class SiteBook {
    /** More sites are for another backplane. */
    static final int MAX = 5_000;

    private static final String ROOT = "sites";
    private static final int MAX_BYTES = 1 << 16;

    private final FileTree files;
    private final JsonFormat json;
    private final SiteChanges changes;
    private final LeaderKeys leaders;
    private volatile Map<String, Site> sites = Map.of();

    SiteBook(FileTree files, JsonFormat json, TimeSource time) {
        this.files = files;
        this.json = json;
        this.changes = new SiteChanges(files, json, time);
        this.leaders = new LeaderKeys(files, json);
    }

    /**
     * Reads all files.
     *
     * @throws PortException.Corrupted {@code state.damaged} naming the file
     */
    void load() {
        Map<String, Site> all = new TreeMap<>();
        for (String name : files.walk(ROOT)) {
            if (name.endsWith(".json")) {
                Site site = read(ROOT + "/" + name);
                all.put(site.key(), site);
            }
        }
        sites = Map.copyOf(all);
        changes.load(all.values());
    }

    /**
     * Writes down what was changed without this process.
     *
     * @param nodes how many a site has, by customer and site
     * @return true
     */
    boolean settle(ToLongBiFunction<String, String> nodes) {
        changes.count(nodes);
        changes.compare(sites.values());
        return true;
    }

    /** When what changed, for the nodes of the sites. */
    SiteChanges changes() {
        return changes;
    }

    /** Who was given a site. */
    LeaderKeys leaders() {
        return leaders;
    }

    private Site read(String path) {
        try {
            byte[] bytes = files.read(path, MAX_BYTES).orElseThrow();
            Site site = Site.of((Value.Obj) json.read(bytes));
            if (!path(site.customer(), site.name()).equals(path)) {
                throw new NoSuchElementException("another site's file");
            }
            return site;
        } catch (PortException.Refused | NoSuchElementException | ClassCastException | ArithmeticException e) {
            throw new PortException.Corrupted(
                    "state.damaged", files.path(path) + " cannot be read; restore it, or move it away", e);
        }
    }

    /** A site of a customer. */
    public Optional<Site> find(String customer, String site) {
        return Optional.ofNullable(sites.get(Site.key(customer, site)));
    }

    /** The site that a node belongs to, when that is registered. */
    Optional<Site> of(Origin node) {
        return find(node.customer(), node.site());
    }

    /** Whether a node leads its site now. */
    boolean leads(Origin node) {
        return of(node).filter(site -> site.isLedBy(node)).isPresent();
    }

    /** All, by customer and name. */
    public List<Site> all() {
        return List.copyOf(new TreeMap<>(sites).values());
    }

    /** Saves durably, then publishes. */
    void put(Site site) {
        files.makeDirectory(ROOT + "/" + site.customer(), 0700);
        files.replace(path(site.customer(), site.name()), json.pretty(site.document()), 0600);
        Map<String, Site> next = new TreeMap<>(sites);
        next.put(site.key(), site);
        sites = Map.copyOf(next);
        changes.compare(next.values());
    }

    /** Forgets a site durably. */
    void remove(Site site) {
        files.delete(path(site.customer(), site.name()));
        leaders.forget(site);
        Map<String, Site> next = new TreeMap<>(sites);
        next.remove(site.key());
        sites = Map.copyOf(next);
        changes.compare(next.values());
    }

    private static String path(String customer, String site) {
        return ROOT + "/" + customer + "/" + site + ".json";
    }
}
