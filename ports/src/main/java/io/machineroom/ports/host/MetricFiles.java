package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files that the node exporter of Prometheus collects, shared by everybody who has something to show. Without a folder
 * for them nothing happens. Safe from any task; may block for a write of some kilobytes.
 */
@Port
public interface MetricFiles {
    /**
     * Replaces what one owner shows in a file, and the file as a whole. What others show stays.
     *
     * @param file name without a path, ending in {@code .prom}
     * @param owner whose samples these are
     * @throws io.machineroom.ports.PortException.Unavailable {@code file.disk} when it cannot be written
     */
    void show(String file, String owner, List<Sample> samples);

    /** Takes back what an owner shows; nothing when it shows nothing. Errors as {@link #show}. */
    void forget(String file, String owner);

    /**
     * One value. Samples of one name share help and kind; of two with the same name and labels the first is shown.
     *
     * @param name letters, digits, {@code _} and {@code :}
     * @param help sentence for people
     * @param counter whether it only grows; else it is a gauge
     * @param labels by name, sorted
     * @param value as it is written
     */
    record Sample(String name, String help, boolean counter, Map<String, String> labels, String value) {
        public Sample {
            labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }
}
