package io.machineroom.chronicle;

import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.shutdown.PriorityHook;

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
        try {
            // the one hook that all of the library shares: once it is in, a JVM that begins to end stops nobody
            PriorityHook.add(0, () -> {});
            BackgroundResourceReleaser.releasePendingResources();
            return true;
        } catch (IllegalStateException | ExceptionInInitializerError | NoClassDefFoundError e) {
            LOG.log(System.Logger.Level.WARNING, "opened while the process ends: nothing can be written any more");
            return false;
        }
    }
}
