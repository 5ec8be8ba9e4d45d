package io.machineroom.domain.replication;

/**
 * What the status tells of a site.
 *
 * @param name the site
 * @param broker {@code running}, {@code starting} or {@code missing}
 * @param reason why it does not run, with its code; empty when it does
 * @param linked whether the leader is connected to it
 * @param uplink whether the line to the SaaS is up
 * @param waiting messages at the site that the SaaS does not have
 * @param waitingBytes their size
 * @param oldestSeconds age of the oldest
 * @param lastCode why they wait; empty when they do not
 * @param certificateExpires RFC 3339; empty without one
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
        String certificateExpires) {}
