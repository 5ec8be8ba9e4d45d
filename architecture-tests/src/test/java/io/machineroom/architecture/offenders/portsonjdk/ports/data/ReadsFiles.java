package io.machineroom.architecture.offenders.portsonjdk.ports.data;

import java.nio.file.Files;
import java.nio.file.Path;

interface ReadsFiles {
    default boolean there(Path path) {
        return Files.exists(path);
    }
}
