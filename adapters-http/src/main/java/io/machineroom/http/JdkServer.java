package io.machineroom.http;

import java.util.Map;

/** Sets the limits that the JDK's server reads once, from system properties, when its classes are loaded. */
final class JdkServer {
    private JdkServer() {}

    /**
     * Prepares the first server of this process; whatever the operator has set stays. These are the outer
     * walls: within them the gateway has its own limits, which can answer.
     */
    static void prepare(int headerBytes) {
        HeapShare share = HeapShare.ofThisProcess();
        Map.of(
                        "sun.net.httpserver.maxReqHeaderSize",
                        2L * headerBytes,
                        "sun.net.httpserver.maxReqHeaders",
                        100L,
                        // longer than a client keeps a connection, so that it is the client who closes it
                        "sun.net.httpserver.idleInterval",
                        60L,
                        // who sent too much is still listened to for a while, else he never reads why
                        "sun.net.httpserver.drainAmount",
                        2L << 20,
                        "sun.net.httpserver.maxIdleConnections",
                        (long) share.connections(),
                        "jdk.httpserver.maxConnections",
                        (long) share.connections())
                .forEach(JdkServer::setIfAbsent);
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private static void setIfAbsent(String name, long value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, Long.toString(value));
        }
    }
}
