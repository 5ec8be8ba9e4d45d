package io.machineroom.ports.sim;

import io.machineroom.ports.contract.MetricFilesContract;
import io.machineroom.ports.host.MetricFiles;
import java.util.List;

final class SimMetricFilesTest extends MetricFilesContract {
    private final SimMetricFiles files = new SimMetricFiles();

    @Override
    protected MetricFiles files() {
        return files;
    }

    @Override
    protected List<String> lines(String file) {
        return files.lines(file);
    }
}
