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

    static void wake() {
        try {
            BackgroundResourceReleaser.releasePendingResources();
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            LOG.log(System.Logger.Level.WARNING, "opened while the process ends: nothing can be written any more");
        }
    }
}
