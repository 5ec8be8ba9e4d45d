package io.machineroom.chronicle;

import io.machineroom.ports.contract.SpoolDamageContract;
import io.machineroom.ports.contract.SpoolUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleDamageSweepTest extends SpoolDamageContract {
    @TempDir
    private Path directory;

    @Override
    protected Path directory() {
        return directory;
    }

    @Override
    protected SpoolUnderTest spool(Path at) {
        return ChronicleUnderTest.at(at);
    }
}
