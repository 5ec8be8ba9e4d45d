package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.PortException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --offline}: the directory of the seeds that sign. */
final class OfflineOption {
    @Option(
            names = "--offline",
            paramLabel = "DIR",
            required = true,
            description = "Directory with the seeds that sign, as init made it.")
    private Path offline = Path.of("offline");

    OfflineOption() {}

    Path path() {
        return offline.toAbsolutePath().normalize();
    }

    /**
     * The directory; none is made where there is none.
     *
     * @throws PortException.Refused {@code offline.absent}
     */
    Founding.Place place(BackplaneGraph graph) {
        Path apart = path();
        if (graph.hostFiles().info(apart.resolve("ca.pem")).isEmpty()) {
            throw new PortException.Refused(
                    "offline.absent",
                    apart + " is no offline directory of a backplane: it holds no ca.pem; name the one that init made");
        }
        return new Founding.Place(graph.trees().apply(apart), graph.keyrings().apply(apart));
    }
}
