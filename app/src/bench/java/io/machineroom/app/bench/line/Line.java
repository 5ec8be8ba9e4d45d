package io.machineroom.app.bench.line;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two network namespaces, {@value #SITE} and {@value #SAAS}, and the line between them. Its packets pass through this process,
 * because many kernels have no {@code netem}. Both ends use the congestion control given.
 */
final class Line implements AutoCloseable {
    static final String SITE = "mr-site";
    static final String SAAS = "mr-saas";
    static final String SITE_ADDRESS = "10.177.0.1";
    static final String SAAS_ADDRESS = "10.177.0.2";

    private final Tun site;
    private final Tun saas;
    private final Direction up;
    private final Direction down;

    Line(Shape shape, String congestionControl) throws IOException, InterruptedException {
        remove();
        ip("netns", "add", SITE);
        ip("netns", "add", SAAS);
        site = new Tun("mrsite");
        saas = new Tun("mrsaas");
        connect(SITE, "mrsite", SITE_ADDRESS, SAAS_ADDRESS, congestionControl);
        connect(SAAS, "mrsaas", SAAS_ADDRESS, SITE_ADDRESS, congestionControl);
        up = new Direction(site, saas, shape, "up");
        down = new Direction(saas, site, shape, "down");
    }

    private static void connect(String space, String device, String own, String other, String control)
            throws IOException, InterruptedException {
        ip("link", "set", device, "netns", space);
        ip("-n", space, "link", "set", "lo", "up");
        ip("-n", space, "link", "set", device, "txqueuelen", "1000");
        ip("-n", space, "addr", "add", own + "/32", "dev", device);
        ip("-n", space, "link", "set", device, "up");
        ip("-n", space, "route", "add", other + "/32", "dev", device, "congctl", control);
    }

    /** From now on. */
    void shape(Shape other) {
        up.shape(other);
        down.shape(other);
    }

    void cut(boolean now) {
        up.cut(now);
        down.cut(now);
    }

    /** Bytes that arrived at the SaaS. */
    long carriedUp() {
        return up.carried();
    }

    long carriedDown() {
        return down.carried();
    }

    /** Packets lost in both directions. */
    long lost() {
        return up.lost() + down.lost();
    }

    /** A command as it is run in a namespace. */
    static List<String> in(String space, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", space));
        all.addAll(command);
        return all;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        if (tryIp(arguments) != 0) {
            throw new IOException("ip " + String.join(" ", arguments) + " failed; this rig needs root and iproute2");
        }
    }

    private static int tryIp(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** What an earlier run may have left. */
    private static void remove() throws IOException, InterruptedException {
        tryIp("netns", "del", SITE);
        tryIp("netns", "del", SAAS);
    }

    @Override
    public void close() throws IOException {
        try {
            site.close();
            saas.close();
            remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
