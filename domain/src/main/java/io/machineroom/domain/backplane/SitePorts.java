package io.machineroom.domain.backplane;

/** Ports of a place whose operator names none. Constants for the options of commands as well. */
public final class SitePorts {
    /** The broker. */
    public static final int BROKER = 9222;

    /** The gateway. */
    public static final int GATEWAY = 9223;

    /** Where the brokers of a site with standbys reach each other. */
    public static final int ROUTE = 9224;

    private SitePorts() {}
}
