package com.example.segment;

import io.machineroom.ports.contract.SourceContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SegmentSourceTest extends SourceContract {
    @TempDir
    private Path directory;

    @Override
    protected SpoolUnderTest spool() {
        return new SegmentUnderTest(directory);
    }
}
