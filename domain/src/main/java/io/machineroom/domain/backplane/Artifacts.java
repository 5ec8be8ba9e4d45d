package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Archives that the gateway hands out, per customer: {@code artifacts/<customer>/<name>}. Safe from any task. */
final class Artifacts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int MAX_BYTES = 256 << 20;

    private final FileTree files;
    private final HostFiles host;

    Artifacts(FileTree files, HostFiles host) {
        this.files = files;
        this.host = host;
    }

    /** The file, if the customer has one of that name. */
    Optional<Path> path(String customer, String name) {
        String inside = "artifacts/" + customer + "/" + name;
        boolean there =
                files.info(inside).filter(i -> i.kind() == FileTree.Kind.FILE).isPresent();
        return there ? Optional.of(files.path(inside)) : Optional.empty();
    }

    /**
     * Copies a file in, whole and durable.
     *
     * @throws PortException.Refused {@code artifact.name}, {@code artifact.absent}, {@code file.too-large}
     *     beyond 256 MiB
     */
    void add(String customer, Path source) {
        Path last = source.getFileName();
        String name = last == null ? "" : last.toString();
        if (!NAME.matcher(name).matches()) {
            throw new PortException.Refused(
                    "artifact.name", "'" + name + "': use 1 to 128 letters, digits, '.', '_' or '-'");
        }
        byte[] content = host.read(source, MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused("artifact.absent", source + " cannot be read"));
        files.replace("artifacts/" + customer + "/" + name, content, 0600);
    }
}
