package io.machineroom.app.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Writes the metrics of a running backplane into its state directory, for a text-file collector. */
final class MetricsFile {
    private static final System.Logger LOG = System.getLogger(MetricsFile.class.getName());
    private static final String FILE = "metrics.prom";
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final BackplaneGraph graph;
    private final FileTree files;

    MetricsFile(BackplaneGraph graph) {
        this.graph = graph;
        this.files = graph.trees().apply(graph.state().path());
    }

    /** Until it is interrupted. A disk that refuses is told once and tried again. */
    void keep() throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                files.replace(FILE, graph.metrics().render().getBytes(StandardCharsets.UTF_8), 0644);
                told = false;
            } catch (PortException disk) {
                if (!told) {
                    LOG.log(System.Logger.Level.WARNING, FILE + " not written: " + disk.code());
                }
                told = true;
            }
            graph.tasks().sleep(EVERY);
        }
    }
}
