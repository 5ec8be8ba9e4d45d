package io.machineroom.app.config;

import java.util.List;
import java.util.Set;

/** Settings of Choria that files of agents hold and that mean nothing here. */
final class ForeignKeys {
    private static final List<String> PREFIXES = List.of("plugin.", "ruby.", "rpc");
    private static final Set<String> NAMES = Set.of(
            "collectives",
            "main_collective",
            "ttl",
            "loglevel",
            "logfile",
            "registerinterval",
            "registration",
            "registration_splay",
            "registration_collective",
            "classesfile",
            "factsource",
            "connector",
            "securityprovider",
            "daemonize",
            "libdir",
            "machine_room.source.nats_jwt");

    private ForeignKeys() {}

    /** Whether it is one: read, never refused. */
    static boolean has(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
