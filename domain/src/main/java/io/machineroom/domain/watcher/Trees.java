package io.machineroom.domain.watcher;

import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;

/** Opens folders anywhere on the host, for watchers whose business they are. Safe from any task. */
public interface Trees {
    /** The tree below an absolute path, which is made with mode 0700 when it is missing. */
    FileTree at(Path root);
}
