package com.example.segment;

import io.machineroom.ports.contract.SpoolDamageContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SegmentDamageTest extends SpoolDamageContract {
    @TempDir
    private Path directory;

    @Override
    protected Path directory() {
        return directory;
    }

    @Override
    protected SpoolUnderTest spool(Path at) {
        return SegmentUnderTest.at(at);
    }
}
