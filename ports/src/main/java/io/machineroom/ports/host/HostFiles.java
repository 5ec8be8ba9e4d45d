package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import java.util.Optional;

/** Files anywhere on the host, for watchers whose business they are. Safe from any task. */
@Port
public interface HostFiles {
    /** What is at a path, links followed; empty when nothing. */
    Optional<FileTree.Info> info(Path path);

    /** SHA-256 of a file in lower-case hex; empty when it is not a readable file. */
    Optional<String> sha256(Path path);

    /** The content; empty when there is no readable file; {@code file.too-large} beyond the bound. */
    Optional<byte[]> read(Path path, int maxBytes);

    /** Owner and group names; empty when there is no such file. */
    Optional<Owner> owner(Path path);

    /**
     * Replaces a file as a whole with mode, owner and group. Empty owner or group are left as they are.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code file.owner} for an unknown or forbidden
     *     owner, {@code file.denied}
     */
    void replace(Path path, byte[] content, int mode, String owner, String group);

    /** Whether a program of this name is in the PATH of this process. */
    boolean onPath(String program);

    /** Names of owner and group. */
    record Owner(String user, String group) {}
}
