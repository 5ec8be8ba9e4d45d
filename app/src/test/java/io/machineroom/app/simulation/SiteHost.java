package io.machineroom.app.simulation;

import io.machineroom.domain.backplane.Site;
import io.machineroom.ports.data.Secret;
import java.util.List;

/** A site of a simulated world; a leader's box has the leader's identity as its name. */
final class SiteHost {
    private final Site site;
    private final Secret token;
    private final List<NodeBox> followers;
    private NodeBox leader;
    private int leaders = 1;

    /**
     * A site.
     *
     * @param site as it was registered; who leads it now is {@link #leader}
     * @param token that its nodes enrol with
     * @param nodes the leader first
     */
    SiteHost(Site site, Secret token, List<NodeBox> nodes) {
        this.site = site;
        this.token = token;
        this.leader = nodes.getFirst();
        this.followers = List.copyOf(nodes.subList(1, nodes.size()));
    }

    String name() {
        return site.name();
    }

    /** The name under which its nodes look for their leader. */
    String host() {
        return site.place().host();
    }

    String caPin() {
        return site.caPin();
    }

    Secret token() {
        return token;
    }

    NodeBox leader() {
        return leader;
    }

    List<NodeBox> followers() {
        return followers;
    }

    /** Identity for a node that leads it instead of the one before. */
    String nextLeader() {
        leaders++;
        return "lead-" + name() + "-" + leaders;
    }

    void led(NodeBox by) {
        leader = by;
    }
}
