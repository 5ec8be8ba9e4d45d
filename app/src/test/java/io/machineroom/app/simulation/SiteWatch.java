package io.machineroom.app.simulation;

import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

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
            NodeBox leader = site.leader();
            Value.Obj room = room(leader);
            Optional<Value.Obj> leads = room.obj("leads");
            see("site without its leader", !leader.ready());
            see(
                    "site without its line",
                    leads.isPresent() && !leads.get().bool("uplink").orElse(true));
            see("site over https", leads.isPresent() && way(room).equals("https"));
            see("site keeps events", !site.store().messages(INTAKE).isEmpty());
            if (site.places().size() > 1) {
                NodeBox first = site.places().getFirst().node();
                see("site carried by a standby", leader != first && SiteHost.carries(leader));
                see("site without a majority", reasons(site).anyMatch(reason -> reason.startsWith("site.quorum")));
            }
        }
    }

    private static Stream<String> reasons(SiteHost site) {
        return site.places().stream()
                .map(SiteHost.Place::node)
                .filter(NodeBox::ready)
                .map(node -> SiteHost.leads(node).text("reason").orElse(""));
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
            int held = site.store().messages(INTAKE).size();
            List<NodeBox> places =
                    site.places().stream().map(SiteHost.Place::node).toList();
            long carrying = places.stream().filter(SiteHost::carries).count();
            boolean decided = carrying == (places.size() > 1 ? 1 : 0);
            if (held > 0 || !decided || !places.stream().allMatch(SiteWatch::stands)) {
                return Optional.of(new Broken(
                        Invariant.COMES_BACK,
                        "site " + site.name() + " holds " + held + " and says "
                                + places.stream().map(SiteHost::leads).toList()));
            }
        }
        return Optional.empty();
    }

    private static boolean stands(NodeBox place) {
        Value.Obj leads = SiteHost.leads(place);
        return leads.text("broker").orElse("").equals("running")
                && leads.bool("linked").orElse(false)
                && leads.bool("uplink").orElse(false)
                && leads.whole("waiting").orElse(-1L) == 0;
    }
}
