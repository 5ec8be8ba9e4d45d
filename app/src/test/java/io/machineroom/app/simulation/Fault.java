package io.machineroom.app.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What can go wrong. */
enum Fault {
    PARTITION,
    ONLY_HTTPS,
    DELAY,
    LOSS,
    ANSWERS_LOST,
    REORDERING,
    REPEATED_DELIVERY,
    WINDOW_EXPIRED,
    BROKER_DIES,
    BROKER_FORGETS,
    NODE_KILLED,
    NODE_POWER_CUT,
    NODE_CUT_AT_A_WRITE,
    NODE_TORN_WRITE,
    NODE_PAUSED,
    SAAS_KILLED,
    SAAS_POWER_CUT,
    SAAS_CUT_AT_A_WRITE,
    BIT_FLIP,
    DISK_FULL,
    DISK_BROKEN,
    DISK_SLOW,
    CLOCK_JUMP,
    CLOCK_DRIFT,
    SNAPSHOT_RESTORED,
    CLONE,
    RESET,
    SPOOL_DELETED,
    ARTIFACT_LIES,
    PROCESS_HANGS,
    LINE_CUT,
    LINE_CUT_LEADER_KILLED,
    LINE_CUT_STORE_LOST,
    LINE_WITHOUT_NATS,
    LEADER_KILLED,
    LEADER_POWER_CUT,
    LEADER_CUT_AT_A_WRITE,
    LEADER_LOST,
    LEADER_REPLACED,
    FOLLOWERS_CUT_OFF,
    SITE_BROKER_DIES,
    SITE_BROKER_FORGETS,
    SITE_STORE_LOST,
    SITE_FULL,
    SITE_REORDERING,
    SITE_REPEATED_DELIVERY,
    SITE_WINDOW_EXPIRED,
    CARRIER_GONE,
    CARRIER_CUT_FROM_SAAS,
    CARRIER_CUT_FROM_PLACES,
    CARRIER_STORE_LOST,
    PLACES_NO_MAJORITY,
    PLACES_POWER_CUT;

    /** Whether it is done to a site. */
    boolean ofSites() {
        return compareTo(LINE_CUT) >= 0;
    }

    /** Whether it is done to the three places of a site. */
    boolean ofStandbys() {
        return compareTo(CARRIER_GONE) >= 0;
    }

    /** What can go wrong in a world, with sites or without. */
    static List<Fault> of(boolean sites) {
        return Stream.of(values())
                .filter(fault -> sites || !fault.ofSites())
                .filter(fault -> !fault.ofStandbys())
                .toList();
    }

    /** What can go wrong in a world whose sites have standbys: every third time at the places of one. */
    static List<Fault> withStandbys() {
        List<Fault> places = Stream.of(values()).filter(Fault::ofStandbys).toList();
        List<Fault> all = new ArrayList<>();
        for (Fault fault : of(true)) {
            all.add(fault);
            if (all.size() % 3 == 2) {
                all.add(places.get(all.size() / 3 % places.size()));
            }
        }
        return all;
    }
}
