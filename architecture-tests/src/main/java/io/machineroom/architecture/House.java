package io.machineroom.architecture;

/**
 * Where a house stands: every rule is written for a root package, so that another build can run it on its own.
 *
 * @param root package above {@code ports}, {@code domain}, {@code app} and the adapters
 */
public record House(String root) {
    /** The house of the build that runs: system property {@code house.root}, else this project's own. */
    public static House ours() {
        return new House(System.getProperty("house.root", "io.machineroom"));
    }

    String ports() {
        return root + ".ports";
    }

    String ports(String room) {
        return ports() + "." + room;
    }

    String domain() {
        return root + ".domain";
    }

    String domain(String room) {
        return domain() + "." + room;
    }

    String app() {
        return root + ".app";
    }

    String app(String room) {
        return app() + "." + room;
    }

    String nats() {
        return root + ".nats";
    }

    String chronicle() {
        return root + ".chronicle";
    }

    String http() {
        return root + ".http";
    }

    String[] adapters() {
        return new String[] {nats(), chronicle(), http()};
    }
}
