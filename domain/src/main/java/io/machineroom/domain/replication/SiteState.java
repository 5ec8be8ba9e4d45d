package io.machineroom.domain.replication;

import java.util.List;
import java.util.Optional;

/**
 * What the status tells of a site.
 *
 * @param name the site
 * @param broker "running", "starting" or "missing"
 * @param reason why it does not run, with its code; empty when it does
 * @param linked whether the leader is connected to it
 * @param uplink whether the line to the SaaS is up
 * @param waiting messages at the site that the SaaS does not have
 * @param waitingBytes their size
 * @param oldestSeconds age of the oldest
 * @param lastCode why they wait; empty when they do not
 * @param certificateExpires RFC 3339; empty without one
 * @param standing of this place among three; empty at a site with one
 */
public record SiteState(
        String name,
        String broker,
        String reason,
        boolean linked,
        boolean uplink,
        long waiting,
        long waitingBytes,
        long oldestSeconds,
        String lastCode,
        String certificateExpires,
        Optional<Standing> standing) {
    /**
     * Where a place stands.
     *
     * @param place its number, 1 to 3
     * @param carrying whether it does the work of the site; else it stands by
     * @param seen numbers of the places that are there
     * @param lastSeen the same when the brokers agreed last
     * @param copiesCurrent whether the brokers of all three have all of what the site keeps, as far as is known
     */
    public record Standing(
            int place, boolean carrying, List<Integer> seen, List<Integer> lastSeen, boolean copiesCurrent) {
        public Standing {
            seen = List.copyOf(seen);
            lastSeen = List.copyOf(lastSeen);
        }
    }
}
