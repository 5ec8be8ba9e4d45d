package io.machineroom.ports.sim;

import io.machineroom.ports.contract.ArchiveReaderContract;
import io.machineroom.ports.host.ArchiveReader;
import java.nio.file.Path;

final class SimArchivesTest extends ArchiveReaderContract {
    private final SimDisk disk = SimFiles.fresh(new SimTasks(1)).disk();

    @Override
    protected ArchiveReader reader() {
        return new SimArchives(disk);
    }

    @Override
    protected Path store(byte[] archive) {
        Path path = Path.of("/sim/a.tar.gz");
        disk.put(path, archive);
        return path;
    }
}
