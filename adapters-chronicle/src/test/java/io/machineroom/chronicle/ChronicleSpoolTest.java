package io.machineroom.chronicle;

import io.machineroom.ports.contract.SpoolContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleSpoolTest extends SpoolContract {
    @TempDir
    private Path directory;

    @Override
    protected SpoolUnderTest spool() {
        return new ChronicleUnderTest(directory);
    }
}
