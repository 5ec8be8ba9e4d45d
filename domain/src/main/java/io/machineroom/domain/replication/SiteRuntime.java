package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/**
 * What those who copy between site and SaaS share.
 *
 * @param name the site
 * @param site links to the site's broker
 * @param saas links to the SaaS
 * @param files the site's directory
 */
public record SiteRuntime(
        String name, LinkSupply site, LinkSupply saas, FileTree files, JsonFormat json, Machine machine) {
    /** The machine underneath. */
    public record Machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {}

    /** Whether both links are still those. */
    boolean holds(LinkSupply.Held siteLink, LinkSupply.Held saasLink) {
        return holds(site, siteLink) && holds(saas, saasLink);
    }

    /** Whether a supply still has that link. */
    static boolean holds(LinkSupply supply, LinkSupply.Held link) {
        return supply.current()
                .map(now -> now.generation() == link.generation())
                .orElse(false);
    }

    Tasks tasks() {
        return machine.tasks();
    }

    Meter meter() {
        return machine.meter();
    }

    long ticks() {
        return machine.time().ticks();
    }
}
