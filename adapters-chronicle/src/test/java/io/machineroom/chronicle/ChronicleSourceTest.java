package io.machineroom.chronicle;

import io.machineroom.ports.contract.SourceContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleSourceTest extends SourceContract {
    @TempDir
    private Path directory;

    @Override
    protected SpoolUnderTest spool() {
        return new ChronicleUnderTest(directory);
    }
}
