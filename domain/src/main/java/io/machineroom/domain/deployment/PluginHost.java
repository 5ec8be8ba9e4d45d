package io.machineroom.domain.deployment;

/** Whoever runs what is deployed. Safe from any task; never blocks. */
public interface PluginHost {
    /** Pointers moved: look at once. */
    void changed();

    /** How the plugin's machine does. */
    Health health(String plugin);

    /** Whether a machine of the plugin still runs, be it that it is leaving: its files are needed. */
    boolean occupies(String plugin);

    /** What is known of a plugin's machine. */
    sealed interface Health {
        /** Digest of the version that this is about; empty when nothing is known. */
        String digest();
    }

    /** Not looked at yet, or about to start. */
    record Starting(String digest) implements Health {}

    /** Loaded, and its watchers run. */
    record Running(String digest) implements Health {}

    /** It cannot run. */
    record Broken(String digest, String reason) implements Health {}
}
