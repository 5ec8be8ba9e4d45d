package io.machineroom.architecture.offenders.hands.domain.flow;

import java.nio.file.Files;
import java.nio.file.Path;

final class OpensFile {
    boolean reach() {
        return Files.exists(Path.of("x"));
    }
}
