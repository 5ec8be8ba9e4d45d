package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * Which keys were given a user that may do all in the account of a site, and when last: {@code site-leaders/<customer>/<site>.json}.
 * Such a user has no end, so who leads no more has it until the operator takes it back. Known of a key, not of a name: a node
 * that was released and enrolled again has another one. For one at a time, as for {@link SiteBook}.
 */
final class LeaderKeys {
    /** A token of the account has 70 bytes for each. */
    static final int MOST = 200;

    private static final String ROOT = "site-leaders";
    private static final int MAX_BYTES = 1 << 16;

    private final FileTree files;
    private final JsonFormat json;

    LeaderKeys(FileTree files, JsonFormat json) {
        this.files = files;
        this.json = json;
    }

    /** A key that was given one, then for the last time. */
    private record Given(String identity, String nkey, long issued) {
        Value document() {
            return Value.obj("identity", Value.text(identity), "nkey", Value.text(nkey))
                    .with("issued", Value.num(issued));
        }
    }

    /** A node is given one. Durable before it gets it; beyond {@value #MOST} the one that was longest without is forgotten. */
    void given(Site site, Origin node, Instant now) {
        List<Given> all = new ArrayList<>(read(site));
        all.removeIf(one -> one.nkey().equals(node.nodeKey()));
        all.add(new Given(node.identity(), node.nodeKey(), now.getEpochSecond()));
        List<Given> kept = all.subList(Math.max(0, all.size() - MOST), all.size());
        files.makeDirectory(ROOT + "/" + site.customer(), 0700);
        Value.Obj document = Value.obj(
                "keys", new Value.Arr(kept.stream().map(Given::document).toList()));
        files.replace(path(site), json.pretty(document), 0600);
    }

    /**
     * The keys that were given one and have no place now, with the moment of their last one. What a node got later, as a follower, is
     * not meant.
     */
    Map<String, Instant> former(Site site) {
        List<Given> all = read(site);
        Map<String, String> newest = new HashMap<>();
        all.forEach(one -> newest.put(one.identity(), one.nkey()));
        Map<String, Instant> former = new TreeMap<>();
        all.forEach(one -> former.put(one.nkey(), Instant.ofEpochSecond(one.issued())));
        site.seats().forEach(seat -> former.remove(newest.getOrDefault(seat.identity(), "")));
        return former;
    }

    void forget(Site site) {
        files.delete(path(site));
    }

    /** The one given last is the last. */
    private List<Given> read(Site site) {
        try {
            List<Given> out = new ArrayList<>();
            Value.Obj saved = files.read(path(site), MAX_BYTES)
                    .map(bytes -> (Value.Obj) json.read(bytes))
                    .orElse(Value.obj());
            for (Value one : saved.list("keys")) {
                Value.Obj given = (Value.Obj) one;
                out.add(new Given(
                        given.text("identity").orElseThrow(),
                        given.text("nkey").orElseThrow(),
                        given.whole("issued").orElseThrow()));
            }
            return out;
        } catch (PortException.Refused | NoSuchElementException | ClassCastException e) {
            throw new PortException.Corrupted(
                    "state.damaged", files.path(path(site)) + " cannot be read; restore it, or move it away", e);
        }
    }

    private static String path(Site site) {
        return ROOT + "/" + site.customer() + "/" + site.name() + ".json";
    }
}
