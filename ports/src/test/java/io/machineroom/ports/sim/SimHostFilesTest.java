package io.machineroom.ports.sim;

import io.machineroom.ports.contract.HostFilesContract;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;

final class SimHostFilesTest extends HostFilesContract {
    private final SimDisk disk = SimFiles.fresh(new SimTasks(1)).disk();
    private final SimHostFiles files = new SimHostFiles(disk);

    @Override
    protected HostFiles files() {
        return files;
    }

    @Override
    protected Path directory() {
        return Path.of("/sim");
    }

    @Override
    protected void link(Path at, String target) {
        disk.link(at, target);
    }
}
