package io.machineroom.domain.backplane;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a customer's bucket {@code CONFIG} holds, whichever way it is read: the signed list, and word of sites that were changed.
 * Safe from any task.
 */
final class DesiredKeys {
    private final DesiredState desired;
    private final SiteBook sites;

    DesiredKeys(DesiredState desired, SiteBook sites) {
        this.desired = desired;
        this.sites = sites;
    }

    /**
     * The value of a key.
     *
     * @param revision counts its changes from 1
     */
    record Held(long revision, byte[] value) {}

    /** All keys of a customer. */
    SortedMap<String, Held> of(String customer) {
        SortedMap<String, Held> out = new TreeMap<>();
        desired.of(customer).ifPresent(list -> out.put(DesiredState.KEY, new Held(list.revision(), list.document())));
        sites.changes()
                .told(customer)
                .ifPresent(told -> out.put(SiteChanges.KEY, new Held(told.revision(), told.document())));
        return out;
    }

    /** One of them. */
    Optional<Held> of(String customer, String key) {
        return Optional.ofNullable(of(customer).get(key));
    }

    static boolean isKey(String name) {
        return name.equals(DesiredState.KEY) || name.equals(SiteChanges.KEY);
    }
}
