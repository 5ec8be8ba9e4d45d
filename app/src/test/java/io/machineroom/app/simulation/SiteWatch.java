package io.machineroom.app.simulation;

import io.machineroom.ports.data.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at what the leaders of sites say of themselves, and at what their brokers hold. */
final class SiteWatch {
    private static final String INTAKE = "MR_INTAKE";

    private final SimWorld world;
    private final Map<String, Long> seen = new TreeMap<>();

    SiteWatch(SimWorld world) {
        this.world = world;
    }

    /** How often a site was seen in which plight. */
    Map<String, Long> seen() {
        return seen;
    }

    /** At any time. */
    void look() {
        for (SiteHost site : world.sites()) {
            Value.Obj room = room(site.leader());
            Optional<Value.Obj> leads = room.obj("leads");
            see("site without its leader", !site.leader().ready());
            see(
                    "site without its line",
                    leads.isPresent() && !leads.get().bool("uplink").orElse(true));
            see("site over https", leads.isPresent() && way(room).equals("https"));
            see(
                    "site keeps events",
                    !site.leader().doors().store().messages(INTAKE).isEmpty());
        }
    }

    private void see(String what, boolean now) {
        seen.merge(what, now ? 1L : 0L, Long::sum);
    }

    private static Value.Obj room(NodeBox node) {
        return node.status().obj("machine_room").orElse(Value.obj());
    }

    private static String way(Value.Obj room) {
        return room.obj("link").flatMap(link -> link.text("way")).orElse("");
    }

    /** What is not as it should be after quiet. */
    Optional<Broken> unrest() {
        for (SiteHost site : world.sites()) {
            Value.Obj leads = room(site.leader()).obj("leads").orElse(Value.obj());
            int held = site.leader().doors().store().messages(INTAKE).size();
            boolean runs = leads.text("broker").orElse("").equals("running");
            boolean linked =
                    leads.bool("linked").orElse(false) && leads.bool("uplink").orElse(false);
            if (!runs || !linked || held > 0 || leads.whole("waiting").orElse(-1L) != 0) {
                return Optional.of(new Broken(
                        Invariant.COMES_BACK, "site " + site.name() + " holds " + held + " and says " + leads));
            }
        }
        return Optional.empty();
    }
}
