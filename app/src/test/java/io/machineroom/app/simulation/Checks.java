package io.machineroom.app.simulation;

import io.machineroom.domain.deployment.ChecksumManifest;
import io.machineroom.domain.deployment.PluginPointer;
import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Invariants that are looked at every so often, and those of the end. */
final class Checks {
    private final SimWorld world;
    private final Vendor vendor;
    private final Reported reported;
    private final SiteWatch sites;
    private long looks;

    Checks(SimWorld world, Vendor vendor, Reported reported) {
        this.world = world;
        this.vendor = vendor;
        this.reported = reported;
        this.sites = new SiteWatch(world);
    }

    SiteWatch sites() {
        return sites;
    }

    long looks() {
        return looks;
    }

    /** At any time. */
    void look() {
        looks++;
        world.censor().round();
        world.nodes().forEach(this::plugins);
        sites.look();
        world.alarm().check();
    }

    private PluginStore store(NodeBox node) {
        return new PluginStore(
                node.box().tree(node.home().resolve("state/machines")),
                world.codecs().json(),
                node.box().signatures());
    }

    private void plugins(NodeBox node) {
        PluginStore store = store(node);
        for (PluginStore.Version version : store.current()) {
            String name = node.box().name() + " " + version.name() + " " + version.digest();
            if (!vendor.published().containsKey(version.digest())) {
                world.alarm().raise(Invariant.PLUGIN_WHOLE, name + " was never published");
            }
            try {
                ChecksumManifest.Difference difference = store.difference(version.name(), version.digest());
                if (!difference.none()) {
                    world.alarm().raise(Invariant.PLUGIN_WHOLE, name + " " + difference);
                }
            } catch (PortException e) {
                world.alarm().raise(Invariant.PLUGIN_WHOLE, name + " " + e.code() + " " + e.getMessage());
            }
        }
    }

    // --- the end ---------------------------------------------------------------------------------

    /** What is not as it should be after quiet; empty when all is well. */
    Optional<Broken> unrest() {
        List<String> missing = world.truth().missing();
        for (NodeBox node : world.nodes()) {
            Optional<Broken> of = unrest(node);
            if (of.isPresent()) {
                return of;
            }
        }
        return missing.isEmpty()
                ? sites.unrest()
                : Optional.of(new Broken(
                        Invariant.NOTHING_LOST,
                        missing.size() + ": " + missing.subList(0, Math.min(5, missing.size()))));
    }

    private Optional<Broken> unrest(NodeBox node) {
        Value.Obj room = node.status().obj("machine_room").orElse(Value.obj());
        Value.Obj ledger = room.obj("ledger").orElse(Value.obj());
        String way = room.obj("link").flatMap(l -> l.text("way")).orElse("");
        boolean enrolled = room.text("mode").orElse("").equals("provisioned");
        long waiting =
                ledger.whole("waiting").orElse(-1L) + ledger.whole("hand_over").orElse(-1L);
        if (!enrolled || !way.equals("nats") || waiting != 0) {
            return Optional.of(new Broken(
                    Invariant.COMES_BACK,
                    node.box().name() + " is " + room.text("mode").orElse("absent") + ", link '" + way + "', waiting "
                            + waiting));
        }
        return deployment(node);
    }

    /** What is not as it should be with what was deployed to a node. */
    Optional<Broken> deployment(NodeBox node) {
        if (vendor.wanted().isEmpty()) {
            return Optional.empty();
        }
        Optional<PluginPointer> pointer = store(node).pointer(Vendor.PLUGIN);
        if (pointer.isPresent() && pointer.get().probation()) {
            return Optional.of(new Broken(Invariant.DEPLOYMENT_ENDS, node.box().name() + " " + pointer.get()));
        }
        boolean runs = pointer.isPresent() && pointer.get().current().equals(vendor.wanted());
        boolean explained = reported.refusedSince(node.identity(), vendor.wantedSince());
        return runs || explained
                ? Optional.empty()
                : Optional.of(new Broken(
                        Invariant.OBSERVED_IS_DESIRED,
                        node.box().name() + " has " + pointer + ", wanted is " + vendor.wanted()));
    }

    /** The SaaS's own account against what really happened. */
    void ledger() {
        Map<String, Long> before = new TreeMap<>();
        world.nodes().forEach(node -> before.put(node.identity(), world.truth().storedAs(node.identity())));
        Saas.Told told = world.saas().ask(Value.obj("command", Value.text("ledger")));
        if (!told.done()) {
            world.alarm().raise(Invariant.LEDGER_BALANCES, "no ledger: " + told.code());
        }
        Map<String, Long> stored = new TreeMap<>();
        for (Value.Obj row : told.answers()) {
            String identity = row.text("identity").orElse("");
            long voids = 0;
            Value.Obj causes = row.obj("void").orElse(Value.obj());
            for (String cause : causes.fields().keySet()) {
                voids += causes.whole(cause).orElse(0L);
            }
            long events = row.whole("stored").orElse(-1L);
            long waiting = row.whole("waiting").orElse(-1L);
            long sum = events + waiting + voids + row.whole("unknown").orElse(-1L);
            if (waiting < 0 || sum != row.whole("created").orElse(0L)) {
                world.alarm().raise(Invariant.LEDGER_BALANCES, row.toString());
            }
            stored.merge(identity, events + row.whole("forks").orElse(0L), Long::sum);
        }
        for (NodeBox node : world.nodes()) {
            long really = world.truth().storedAs(node.identity());
            long told1 = stored.getOrDefault(node.identity(), 0L);
            // the world goes on while the question is answered
            if (told1 < before.getOrDefault(node.identity(), 0L) || told1 > really) {
                world.alarm()
                        .raise(
                                Invariant.LEDGER_BALANCES,
                                node.identity() + " has " + really + " events in the log, the ledger says " + told1);
            }
        }
        world.alarm().check();
    }
}
