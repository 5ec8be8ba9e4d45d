package io.machineroom.ports.sim;

import io.machineroom.ports.contract.ControlSocketContract;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;

final class SimControlSocketTest extends ControlSocketContract {
    private final SimTasks tasks = new SimTasks(1);
    private final SimControlSocket control = new SimControlSocket(tasks);

    @Override
    protected ControlSocket control() {
        return control;
    }

    @Override
    protected Tasks tasks() {
        return tasks;
    }

    @Override
    protected void within(Tasks.Body body) {
        tasks.run(body);
    }

    @Override
    protected Path socket() {
        return Path.of("/sim/control.sock");
    }
}
