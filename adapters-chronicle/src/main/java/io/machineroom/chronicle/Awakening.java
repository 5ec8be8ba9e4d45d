package io.machineroom.chronicle;

import net.openhft.chronicle.core.io.BackgroundResourceReleaser;

/**
 * Loads what Chronicle can load only while the JVM is not ending: its shutdown hook. Otherwise a first append during a
 * stop would fail, and with it every later one. Takes some tens of milliseconds, so it is the writer's first work and
 * nobody's start waits for it.
 */
final class Awakening {
    private static final System.Logger LOG = System.getLogger(Awakening.class.getName());

    private Awakening() {}

    /** False when the JVM ends already: then Chronicle cannot be used, and is not touched, else its thread would complain. */
    static boolean wake() {
        Thread probe = new Thread(() -> {}, "probe");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            BackgroundResourceReleaser.releasePendingResources();
            return true;
        } catch (IllegalStateException | ExceptionInInitializerError | NoClassDefFoundError e) {
            LOG.log(System.Logger.Level.WARNING, "opened while the process ends: nothing can be written any more");
            return false;
        }
    }
}
