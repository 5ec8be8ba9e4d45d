package com.example.segment;

import io.machineroom.ports.contract.SpoolContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SegmentSpoolTest extends SpoolContract {
    @TempDir
    private Path directory;

    @Override
    protected SpoolUnderTest spool() {
        return new SegmentUnderTest(directory);
    }
}
