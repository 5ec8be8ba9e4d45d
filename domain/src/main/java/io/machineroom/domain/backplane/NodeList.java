package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The enrolled nodes with what they are to their site and how long they have been silent. As a task it counts those that have
 * been silent for too long. May be asked by any task.
 */
final class NodeList implements Tasks.Body {
    /**
     * A node that was silent for longer is called stale: three times the default time between its inventories. A node that is
     * asked to send them more rarely is looked for with another bound.
     */
    static final Duration STALE_AFTER = Duration.ofMinutes(15);

    private static final Duration LOOK = Duration.ofSeconds(30);

    private final NodeRegister register;
    private final NodeDirectory directory;
    private final SiteBook sites;
    private final IngestPorts ports;

    NodeList(NodeRegister register, NodeDirectory directory, SiteBook sites, IngestPorts ports) {
        this.register = register;
        this.directory = directory;
        this.sites = sites;
        this.ports = ports;
    }

    /**
     * Tells all of them, by customer and identity.
     *
     * @param staleAfter how long one may be silent
     * @param staleOnly leaves the others out
     */
    void tell(Duration staleAfter, boolean staleOnly, Consumer<Value.Obj> rows) {
        List<EnrolledNode> all = register.all().stream()
                .sorted(Comparator.comparing(EnrolledNode::key))
                .toList();
        for (EnrolledNode node : all) {
            long silent = silent(node);
            boolean stale = silent > staleAfter.toSeconds();
            if (stale || !staleOnly) {
                rows.accept(row(node, silent, stale));
            }
        }
    }

    private Value.Obj row(EnrolledNode node, long silent, boolean stale) {
        Value.Obj row = node.document()
                .without("reply")
                .without("node_nonce")
                .with("role", Value.text(role(node.origin())))
                .with("silent_seconds", Value.num(silent))
                .with("stale", Value.bool(stale));
        return directory
                .of(node.origin())
                .map(sign -> row.with("last", sign.document()))
                .orElse(row);
    }

    /** What the register says now; the node knows it after its next renewal. */
    private String role(Origin node) {
        return sites.of(node).map(site -> site.role(node)).orElse("lone");
    }

    /** Seconds since it was last heard of, or since it enrolled; never less than 0, whatever the clock did. */
    private long silent(EnrolledNode node) {
        long heard = directory.of(node.origin()).map(NodeDirectory.Sign::seen).orElse(0L);
        return Math.max(0, ports.time().wall().getEpochSecond() - Math.max(heard, node.enrolled()));
    }

    /** How many have been silent for longer than {@link #STALE_AFTER}. */
    long stale() {
        return register.all().stream()
                .filter(node -> silent(node) > STALE_AFTER.toSeconds())
                .count();
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            ports.meter().gauge("mr_backplane_nodes_stale", (double) stale());
            ports.tasks().sleep(LOOK);
        }
    }
}
